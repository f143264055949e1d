"""Set Variable and Add to List."""

from __future__ import annotations

from exekra.engine.nodes.context import NodeContext
from exekra.engine.nodes.leaf import Field, leaf
from exekra.engine.steps import Act
from exekra.engine.tokens import Token
from exekra.flow.expressions.values import describe
from exekra.flow.model import NEXT
from exekra.flow.typed_values import own, quick_classes
from exekra.sdk.errors import InputError


def _set_variable(context: NodeContext, field: Field) -> Act:
    name, evaluate = context.literal("variable"), field("value")
    type = context.flow.variables[name].type
    quick, accept = quick_classes(type), own(type, f"The variable `{name}`")

    def act(token: Token) -> str:
        value = evaluate(token.scope)
        token.scope[name] = value if value.__class__ in quick else accept(value)
        return NEXT

    return act


def _add_to_list(context: NodeContext, field: Field) -> Act:
    name, evaluate = context.literal("variable"), field("value")
    accept = own("any", "The value")

    def act(token: Token) -> str:
        value = evaluate(token.scope)
        items = token.scope[name]
        if items is None:
            items = token.scope[name] = []
        if not isinstance(items, list):
            raise InputError(f"The variable `{name}` must be a list, but is {describe(items)}.")
        # A list that is added must not change later on together with the variable that it came from.
        items.append(accept(value) if isinstance(value, list) else value)
        return NEXT

    return act


SET_VARIABLE = leaf(_set_variable)
ADD_TO_LIST = leaf(_add_to_list)

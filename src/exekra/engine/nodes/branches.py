"""If and Switch."""

from __future__ import annotations

from exekra.engine.nodes.context import NodeContext
from exekra.engine.nodes.leaf import Field, leaf, not_a_condition
from exekra.engine.steps import Act
from exekra.engine.tokens import Token
from exekra.flow.control import CONTROL, ports_of


def _if(context: NodeContext, field: Field) -> Act:
    condition = field("condition")

    def act(token: Token) -> str:
        value = condition(token.scope)
        if value is True:
            return "then"
        if value is False:
            return "else"
        raise not_a_condition(value)

    return act


def _switch(context: NodeContext, field: Field) -> Act:
    value_of = field("value")
    cases = field("cases", {})
    *_, default = ports_of(context.node, CONTROL.entries["switch"])

    def act(token: Token) -> str:
        value = value_of(token.scope)
        for port, case in cases(token.scope).items():
            # In Python true equals 1; here a boolean is not a number.
            if case == value and isinstance(case, bool) == isinstance(value, bool):
                return str(port)
        return default

    return act


IF = leaf(_if)
SWITCH = leaf(_switch)

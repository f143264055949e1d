"""If and Switch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exekra.engine.nodes.context import NodeContext
from exekra.engine.nodes.leaf import Field, leaf, not_a_condition
from exekra.engine.steps import Act
from exekra.engine.tokens import Token
from exekra.flow.control import CONTROL, ports_of
from exekra.flow.expressions.conversion import to_text
from exekra.flow.expressions.values import describe
from exekra.flow.expressions.work import Work


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

    def warn_of_kinds(value: str | float, cases: Mapping[str, Any]) -> None:
        for port, case in cases.items():
            if isinstance(case, bool) or not isinstance(case, str | int | float):
                continue
            if isinstance(value, str) != isinstance(case, str) and to_text(Work(), case) == to_text(Work(), value):
                context.warn(
                    f"The value is {describe(value)} and the case `{port}` {describe(case)}, so they are not the same. "
                    "Convert the value by number(...) or text(...)."
                )
                return

    def act(token: Token) -> str:
        value = value_of(token.scope)
        for port, case in cases(token.scope).items():
            # In Python true equals 1; here a boolean is not a number.
            if case == value and isinstance(case, bool) == isinstance(value, bool):
                return str(port)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            warn_of_kinds(value, cases(token.scope))
        return default

    return act


IF = leaf(_if)
SWITCH = leaf(_switch)

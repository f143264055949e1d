"""The control nodes that never wait: If, Switch, Set Variable, Add to List, Break, Continue, Return and Fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from exekra.engine.place import Evaluate
from exekra.engine.site import Builder, Site
from exekra.engine.steps import BREAK, CONTINUE, RETURN, Act, Port, Token
from exekra.engine.values import own, quick_classes
from exekra.flow.control import CONTROL, ports_of
from exekra.flow.expressions.values import describe
from exekra.flow.model import NEXT
from exekra.sdk.errors import ApplicationError, BusinessError, ExekraError, InputError

Field = Callable[..., Evaluate]
"""From the name of a field, and what it is where the node has none, to the function that gives its value."""


def _if(site: Site, field: Field) -> Act:
    condition = field("condition")

    def act(token: Token) -> str:
        value = condition(token.scope)
        if value is True:
            return "then"
        if value is False:
            return "else"
        raise not_a_condition(value)

    return act


def not_a_condition(value: Any) -> InputError:
    """The error for a condition that is neither true nor false."""
    return InputError(f"`condition` must be true or false, but is {describe(value)}. Compare it with something.")


def _switch(site: Site, field: Field) -> Act:
    value_of = field("value")
    cases = field("cases", {})
    *_, default = ports_of(site.node, CONTROL.entries["switch"])

    def act(token: Token) -> str:
        value = value_of(token.scope)
        for port, case in cases(token.scope).items():
            # In Python true equals 1; here a boolean is no number.
            if case == value and isinstance(case, bool) == isinstance(value, bool):
                return str(port)
        return default

    return act


def _set_variable(site: Site, field: Field) -> Act:
    name, evaluate = site.literal("variable"), field("value")
    type = site.flow.variables[name].type
    quick, accept = quick_classes(type), own(type, f"The variable `{name}`")

    def act(token: Token) -> str:
        value = evaluate(token.scope)
        token.scope[name] = value if value.__class__ in quick else accept(value)
        return NEXT

    return act


def _add_to_list(site: Site, field: Field) -> Act:
    name, evaluate = site.literal("variable"), field("value")
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


def _exit(port: Port) -> Callable[[Site, Field], Act]:
    return lambda site, field: lambda token: port


def _return(site: Site, field: Field) -> Act:
    values = field("values", {})

    def act(token: Token) -> Port:
        token.frame.returned = values(token.scope)
        return RETURN

    return act


class _RaisedError(ExekraError):
    """An error whose type is the workflow author's."""

    def __init__(self, message: str, type: str, *, kind: str, retryable: bool) -> None:
        super().__init__(message)
        self._type = type
        self.kind = kind
        self.retryable = retryable

    @property
    def type(self) -> str:
        return self._type


def _fail(site: Site, field: Field) -> Act:
    message = field("message")
    type = site.literal("type", "Failed")
    business = site.literal("kind", "business") == "business"

    def act(token: Token) -> str:
        text = message(token.scope)
        raise _RaisedError(
            text if isinstance(text, str) else str(text),
            type,
            kind=BusinessError.kind if business else ApplicationError.kind,
            retryable=not business,
        )

    return act


def _leaf(make: Callable[[Site, Field], Act]) -> Builder:
    return lambda site: site.place.instant(make(site, site.field), make(site, site.noted))


LEAF_NODES: Mapping[str, Builder] = {
    "if": _leaf(_if),
    "switch": _leaf(_switch),
    "set_variable": _leaf(_set_variable),
    "add_to_list": _leaf(_add_to_list),
    "break": _leaf(_exit(BREAK)),
    "continue": _leaf(_exit(CONTINUE)),
    "return": _leaf(_return),
    "fail": _leaf(_fail),
}

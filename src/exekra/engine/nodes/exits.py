"""Break, Continue, Return and Fail."""

from __future__ import annotations

from collections.abc import Callable

from exekra.engine.nodes.context import NodeContext
from exekra.engine.nodes.leaf import Field, leaf
from exekra.engine.steps import BREAK as BREAK_EXIT
from exekra.engine.steps import CONTINUE as CONTINUE_EXIT
from exekra.engine.steps import RETURN as RETURN_EXIT
from exekra.engine.steps import Act, Port
from exekra.engine.tokens import Token
from exekra.sdk.errors import ApplicationError, BusinessError, ExekraError


def _exit(port: Port) -> Callable[[NodeContext, Field], Act]:
    return lambda context, field: lambda token: port


def _return(context: NodeContext, field: Field) -> Act:
    values = field("values", {})

    def act(token: Token) -> Port:
        token.frame.returned = values(token.scope)
        return RETURN_EXIT

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


def _fail(context: NodeContext, field: Field) -> Act:
    message = field("message")
    type = context.literal("type", "Failed")
    business = context.literal("kind", "business") == "business"

    def act(token: Token) -> str:
        text = message(token.scope)
        raise _RaisedError(
            text if isinstance(text, str) else str(text),
            type,
            kind=BusinessError.kind if business else ApplicationError.kind,
            retryable=not business,
        )

    return act


BREAK = leaf(_exit(BREAK_EXIT))
CONTINUE = leaf(_exit(CONTINUE_EXIT))
RETURN = leaf(_return)
FAIL = leaf(_fail)

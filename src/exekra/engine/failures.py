"""Every exception that a node can raise, as a `Failure`: data that a Catch reads and a person understands."""

from __future__ import annotations

import traceback
from typing import Any

from exekra.engine.steps import NodeError
from exekra.engine.tokens import NodeLocation
from exekra.flow.events import Failure
from exekra.sdk.errors import ExekraError

LONGEST_MESSAGE = 4_000
"""Characters of a failure's message."""


def describe(error: BaseException, where: NodeLocation | str) -> Failure:
    """The failure that an exception means.

    An error that came from a node inside stays what it is. What is no `ExekraError` is an application error: a
    fault of the system may pass (`retryable`), a fault of an activity's code does not.

    Args:
        error: The exception.
        where: The node that raised it, or the name of the flow where it was no node.
    """
    if isinstance(error, NodeError):
        return error.failure
    location = where if isinstance(where, NodeLocation) else None
    node, workflow = (location.id, location.workflow) if location is not None else (None, None)
    if isinstance(error, ExekraError):
        return Failure(
            type=error.type,
            message=_cut(error.message),
            kind="business" if error.kind == "business" else "application",
            retryable=error.retryable and error.kind != "business",
            node=node,
            workflow=workflow,
        )
    return Failure(
        type=type(error).__name__,
        message=_cut(_sentence(error, where.do if isinstance(where, NodeLocation) else where)),
        retryable=isinstance(error, OSError | EOFError),
        node=node,
        workflow=workflow,
    )


def as_data(failure: Failure) -> dict[str, Any]:
    """What a Catch reads as `error`."""
    return {
        "type": failure.type,
        "message": failure.message,
        "kind": failure.kind,
        "retryable": failure.retryable,
        "node": failure.node,
        "workflow": failure.workflow,
    }


def after(failure: Failure, first: Failure) -> Failure:
    """A failure that happened while an earlier one was being dealt with: it replaces the first, and names it."""
    where = f" at `{first.node}`" if first.node else ""
    note = f" (While this was dealt with: {first.type}{where}: {first.message})"
    return Failure(
        type=failure.type,
        message=_cut(failure.message + note),
        kind=failure.kind,
        retryable=failure.retryable,
        node=failure.node,
        workflow=failure.workflow,
    )


def details(error: BaseException) -> str | None:
    """The traceback of an exception that nobody raised on purpose, for the log's debug level; None for others."""
    if isinstance(error, NodeError | ExekraError | MemoryError | RecursionError):
        return None
    return "".join(traceback.format_exception(error, limit=-20))


def _sentence(error: BaseException, do: str) -> str:
    text = str(error).strip()
    match error:
        case MemoryError():
            return f"{do} ran out of memory. Work on smaller parts of the data."
        case RecursionError():
            return f"{do} went too deep: data or calls are nested too far."
        case FileNotFoundError() if error.filename is not None:
            return f"The file or folder {error.filename} was not found."
        case PermissionError() if error.filename is not None:
            return f"The file or folder {error.filename} may not be used: permission denied."
        case OSError() if error.strerror:
            about = f" ({error.filename})" if error.filename is not None else ""
            return f"{do} failed: {error.strerror}{about}."
        case OSError():
            return f"{do} failed: {text or type(error).__name__}."
        case SystemExit():
            return f"{do} tried to end the whole process; an activity must not."
    return (
        f"{do} failed unexpectedly, which is a fault of the activity: {type(error).__name__}{f': {text}' * bool(text)}."
    )


def _cut(message: str) -> str:
    return message if len(message) <= LONGEST_MESSAGE else f"{message[: LONGEST_MESSAGE - 1]}…"

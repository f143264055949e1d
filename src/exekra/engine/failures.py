"""Every exception that a node can raise, as a `Failure`: data that a Catch reads and a person understands."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from exekra.engine.steps import NodeError
from exekra.engine.tokens import NodeLocation
from exekra.flow.events import Failure
from exekra.kit.text import well_formed
from exekra.kit.tracebacks import portable_traceback
from exekra.sdk.errors import ApplicationError, ExekraError, InputError

LONGEST_MESSAGE = 4_000
"""Characters of a failure's message."""


def describe(error: BaseException, where: NodeLocation | str) -> Failure:
    """The failure that an exception means.

    An error that came from a node inside stays what it is. What is not an `ExekraError` is an application error: a
    fault of the system may pass (`retryable`), a fault of an activity's code does not. Of a group of exceptions, such
    as a `TaskGroup` raises, it is the first that an activity raised on purpose, or else the first of all.

    Args:
        error: The exception.
        where: The node that raised it, or the name of the flow where it was not a node.
    """
    try:
        error = _out_of_group(error)
        if isinstance(error, NodeError):
            return error.failure
        return _described(error, where)
    except Exception:  # Its class fails to give what each error has.
        return _described(ApplicationError(f"It failed with an error that cannot be read ({_name_of(error)})."), where)


def _out_of_group(error: BaseException) -> BaseException:
    if not isinstance(error, BaseExceptionGroup):
        return error
    single = list[BaseException]()
    waiting: list[BaseException] = [error]
    while waiting:
        part = waiting.pop()
        if isinstance(part, BaseExceptionGroup):
            waiting += reversed(part.exceptions)
        else:
            single.append(part)
    return next((part for part in single if isinstance(part, NodeError | ExekraError)), single[0])


def _described(error: BaseException, where: NodeLocation | str) -> Failure:
    location = where if isinstance(where, NodeLocation) else None
    node, workflow = (location.id, location.workflow) if location is not None else (None, None)
    if isinstance(error, ExekraError):
        business = error.kind == "business"
        return Failure(
            type=_text(lambda: error.type) or _name_of(error),
            message=_cut(_text(lambda: error.message) or _name_of(error)),
            kind="business" if business else "application",
            retryable=bool(error.retryable) and not business,
            node=node,
            workflow=workflow,
        )
    # A text that the activity cannot use is a wrong input, not a fault of its code.
    is_input = isinstance(error, UnicodeEncodeError) and _is_half_character(error)
    return Failure(
        type=InputError.__name__ if is_input else _name_of(error),
        message=_cut(_sentence(error, where.do if isinstance(where, NodeLocation) else where)),
        retryable=isinstance(error, OSError | EOFError) or _is_thread_refused(error),
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
    note = f" (While handling this: {first.type}{where}: {first.message})"
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
    try:
        return portable_traceback(error)
    except Exception:  # Of a class whose methods fail.
        return None


def _sentence(error: BaseException, do: str) -> str:
    text = _text(lambda: error).strip()
    match error:
        case MemoryError():
            return f"{do} ran out of memory. Work on smaller parts of the data."
        case RuntimeError() if _is_thread_refused(error):
            return (
                f"{do} failed: the machine refuses another thread or process. End other programs there, or raise its "
                "limit."
            )
        case RecursionError():
            return f"{do} went too deep: data or calls are nested too deeply."
        case FileNotFoundError() if error.filename is not None:
            return f"The file or folder {_name(error)} was not found."
        case PermissionError() if error.filename is not None:
            return f"The file or folder {_name(error)} may not be used: permission denied."
        case OSError() if error.strerror:
            about = f" ({_name(error)})" if error.filename is not None else ""
            return f"{do} failed: {error.strerror}{about}."
        case OSError():
            return f"{do} failed: {text or _name_of(error)}."
        case UnicodeEncodeError() if _is_half_character(error):
            return (
                f"{do} was given a text with half a character in it (U+{ord(error.object[error.start]):04X}, at "
                f"position {error.start}), which {error.encoding} cannot hold. Replace it in the text first."
            )
        case SystemExit():
            return f"{do} tried to end the whole process; an activity must not."
    return f"{do} failed unexpectedly, which is a bug in the activity: {_name_of(error)}{f': {text}' * bool(text)}."


def _name(error: OSError) -> str:
    return _text(lambda: os.fsdecode(error.filename) if isinstance(error.filename, bytes) else error.filename)


def _name_of(error: BaseException) -> str:
    return well_formed(type(error).__name__)


def _is_thread_refused(error: BaseException) -> bool:
    """Python has no class of its own for this."""
    return type(error) is RuntimeError and _text(lambda: error).startswith("can't start new thread")


def _is_half_character(error: UnicodeEncodeError) -> bool:
    return "\ud800" <= error.object[error.start] <= "\udfff"


def _text(read: Callable[[], object]) -> str:
    """A text of an exception that UTF-8 can hold; empty where its class fails to give one."""
    try:
        return well_formed(str(read()))
    except Exception:
        return ""


def _cut(message: str) -> str:
    return message if len(message) <= LONGEST_MESSAGE else f"{message[: LONGEST_MESSAGE - 1]}…"

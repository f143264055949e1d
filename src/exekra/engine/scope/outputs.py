"""The outputs of an execution as they are kept with it: JSON-like, whole, without secrets.

They are never shortened. What cannot be kept whole makes the execution fail, so that nobody takes a part for the
result.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from exekra.engine.observe.observer import Observer
from exekra.flow.expressions.values import describe
from exekra.flow.typed_values import plain
from exekra.sdk.errors import ApplicationError, InputError
from exekra.sdk.table import Table

LARGEST_BYTES = 4_000_000
"""Bytes of all outputs of an execution together, as JSON."""


class OutputsTooLarge(ApplicationError):
    """The outputs weigh too much to be kept with an execution."""

    retryable = False


class OutputNotData(ApplicationError):
    """An output is something that no file and no message can hold, such as an open resource."""

    retryable = False


def kept_outputs(outputs: Mapping[str, Any], observer: Observer) -> dict[str, Any]:
    """What ExecutionFinished carries.

    Raises:
        OutputsTooLarge: They have more than `LARGEST_BYTES` together; names the largest.
        OutputNotData: One is not data.
    """
    kept, sizes = {}, {}
    for name, value in outputs.items():
        if _least_bytes(value) > LARGEST_BYTES:
            raise _too_large(name, "more than")
        try:
            kept[name] = observer.masker.data(plain(value))
        except InputError as error:
            raise OutputNotData(
                f"The output `{name}` is {describe(value)}, which cannot be kept with an execution: {error.message} "
                "Give plain data, such as a text, a number, a list, an object or a table."
            ) from None
        sizes[name] = len(msgspec.json.encode(kept[name]))
        if sum(sizes.values()) > LARGEST_BYTES:
            raise _too_large(max(sizes, key=sizes.__getitem__), f"{sum(sizes.values()) / 1e6:.1f} MB or more, above")
    return kept


def hidden(outputs: dict[str, Any], observer: Observer) -> dict[str, Any]:
    """The outputs as they are; but as plain data with secrets masked, when the execution used secrets."""
    if not observer.masker.knows_secrets:
        return outputs
    masked: dict[str, Any] = observer.masker.data(plain(outputs))
    return masked


def _least_bytes(value: Any) -> int:
    """How many bytes of JSON the value has at least, found without looking into it."""
    if isinstance(value, Table):
        return 6 * len(value) * len(value.columns)
    if isinstance(value, list | tuple):
        return 2 * len(value)
    return len(value) if isinstance(value, str) else 0


def _too_large(name: str, how_much: str) -> OutputsTooLarge:
    return OutputsTooLarge(
        f"The outputs of the workflow have {how_much} the {LARGEST_BYTES / 1e6:g} MB that can be kept with an "
        f"execution. The largest is `{name}`: write it to a file and give the file's path as the output."
    )

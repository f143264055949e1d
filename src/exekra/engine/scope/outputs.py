"""The outputs of an execution as its last event reports them: JSON-like, small enough to be kept, without secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from exekra.engine.observe.observer import Observer
from exekra.engine.scope.values import plain
from exekra.sdk.table import Table

LARGEST_BYTES = 256 * 1024
"""An output that is larger as JSON is reported as a preview."""

_MOST_CELLS = 100_000  # Surely more than fits, so that a large table is not made into objects only to be dropped.


def reported_outputs(outputs: Mapping[str, Any], observer: Observer) -> dict[str, Any]:
    """What ExecutionFinished carries; the log says which outputs were too large for it."""
    reported = {}
    for name, value in outputs.items():
        whole = None if _surely_too_large(value) else observer.masker.data(plain(value))
        if whole is None or len(msgspec.json.encode(whole)) > LARGEST_BYTES:
            observer.log(
                f"The output `{name}` is too large to be kept with the execution, so only its beginning is. Write "
                "such data to a file and give the file's path as the output.",
                "warning",
            )
            reported[name] = observer.preview(value)
        else:
            reported[name] = whole
    return reported


def hidden(outputs: dict[str, Any], observer: Observer) -> dict[str, Any]:
    """The outputs as they are; but as plain data with secrets masked, when the execution used secrets."""
    if not observer.masker.knows_secrets:
        return outputs
    masked: dict[str, Any] = observer.masker.data(plain(outputs))
    return masked


def _surely_too_large(value: Any) -> bool:
    if isinstance(value, Table):
        return len(value) * len(value.columns) > _MOST_CELLS
    return isinstance(value, str | list | tuple) and len(value) > LARGEST_BYTES

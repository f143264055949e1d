"""Documents of earlier formats are brought up to today's when they are loaded, so that nothing else knows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from exekra.flow.errors import FlowError, Lines, Problem
from exekra.flow.model import FORMAT

Step = Callable[[dict[str, Any]], dict[str, Any]]

STEPS: Mapping[int, Step] = {}
"""For each former format number the step to the next one. Format 1 is the first, so there is none yet."""

_FORMAT = re.compile(r"exekra\.flow/([1-9][0-9]{0,5})")


def upgrade(
    document: Mapping[str, Any], lines: Lines | None = None, *, current: str = FORMAT, steps: Mapping[int, Step] = STEPS
) -> dict[str, Any]:
    """The same document in the `current` format.

    Raises:
        FlowError: `format` is missing or wrong, or newer than this version of Exekra.
    """
    line = (lines or {}).get(("format",))
    stated = document.get("format")
    if stated is None:
        raise _wrong(f"The format is missing. Begin the document with `format: {current}`.", line)
    match = _FORMAT.fullmatch(stated) if isinstance(stated, str) else None
    if match is None:
        raise _wrong(f"`{str(stated)[:60]}` is not a valid workflow format. It must be `{current}`.", line)
    number = int(match[1])
    newest = int(current.rpartition("/")[2])
    if number > newest:
        raise _wrong(
            f"The document was made by a newer Exekra (format {number}, this version reads up to {newest}).", line
        )
    upgraded = dict(document)
    for step in range(number, newest):
        upgraded = steps[step](upgraded)
    upgraded["format"] = current
    return upgraded


def _wrong(message: str, line: int | None) -> FlowError:
    return FlowError([Problem(code="format", message=message, field="format", line=line)])

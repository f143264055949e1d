"""What pydantic finds wrong with a value, in words for people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_SHOULD = re.compile("^[A-Z][a-z]+ should ")
"""How pydantic begins most of its messages: `Input should be less than 5`."""


def in_words(found: Mapping[str, Any]) -> str:
    """One of pydantic's `errors()` as a phrase that follows the name of the value."""
    kind, limits = found["type"], found.get("ctx", {})
    if kind == "value_error":
        return str(limits["error"])
    if kind == "string_unicode":
        return "contains half a character, which is not valid text. Replace it first"
    if kind in {"model_attributes_type", "model_type", "dict_type"}:
        return "must be an object"
    if kind.endswith("too_short") and limits.get("min_length") == 1:
        return "must not be empty"
    value = found.get("input")
    if kind.endswith("too_long") and isinstance(value, str):
        return f"must have at most {limits['max_length']:,} characters, not {len(value):,}"
    said: str = found["msg"]
    return _SHOULD.sub("must ", said.replace(" after validation", "").removesuffix(", not more"))

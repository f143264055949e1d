"""The texts that requests may contain."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("a text must not contain the NUL character")
    return text


PlainText = Annotated[str, AfterValidator(_without_nul)]
"""A text that PostgreSQL can hold."""

Label = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,62}$", examples=["finance"])]
"""A label by which Runners are selected."""

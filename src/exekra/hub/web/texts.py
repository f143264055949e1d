"""Texts as requests may hold them."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("a text may not hold the NUL character")
    return text


PlainText = Annotated[str, AfterValidator(_without_nul)]
"""A text that PostgreSQL can hold."""

Label = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,62}$", examples=["finance"])]
"""What Runners are chosen by."""

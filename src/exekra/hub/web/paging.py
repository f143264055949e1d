"""Long lists, a page at a time: a cursor says after which row the next page begins, so every page costs the same."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from fastapi import Query
from pydantic import BaseModel, Field

from exekra.hub.core.errors import Invalid

Item = TypeVar("Item")
Row = TypeVar("Row")
Values = TypeVar("Values", bound=tuple[Any, ...])

Limit = Annotated[int, Query(ge=1, le=200, description="The most items on a page.")]
Cursor = Annotated[
    str | None, Query(max_length=1000, description="`next_cursor` of the previous page; omit it for the first page.")
]


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next_cursor: str | None = Field(
        default=None, description="Send it as `cursor` to get the next page; null on the last page."
    )


def write_cursor(order: str, values: tuple[Any, ...]) -> str:
    """The cursor for the position after a row.

    Args:
        order: The name of the list's order; a cursor of another order is refused.
        values: The row's values of the columns that the list is ordered by; the last one is unique.
    """
    return base64.urlsafe_b64encode(msgspec.json.encode([order, values])).decode().rstrip("=")


def read_cursor(text: str | None, order: str, kind: type[Values]) -> Values | None:
    """The values that `write_cursor` was given, checked to be of the types that `kind` names.

    Raises:
        Invalid: The cursor is damaged or belongs to another order.
    """
    if text is None:
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        found, values = msgspec.json.decode(raw, type=tuple[str, kind])  # type: ignore[valid-type] # a type at run time
    except (binascii.Error, ValueError, RecursionError):
        found, values = "", None
    if found != order:
        raise Invalid(
            "The cursor does not belong to this list.",
            code="cursor-invalid",
            where="query.cursor",
            hint="Start again without a cursor, and keep `sort` the same from page to page.",
        )
    return values


def cut(rows: list[Row], limit: int, cursor: Callable[[Row], str]) -> tuple[list[Row], str | None]:
    """Split the result of a query with `LIMIT limit + 1` into the page's rows and the next cursor."""
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], cursor(rows[limit - 1])

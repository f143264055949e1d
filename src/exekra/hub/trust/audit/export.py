"""The audit log as a file: written piece by piece, however long it is, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Sequence
from typing import Any, Literal
from uuid import UUID

from msgspec.structs import astuple

from exekra.hub.core.database import Database
from exekra.hub.trust.audit import store
from exekra.hub.trust.audit.store import AuditEntry, Filters
from exekra.kit import json

Format = Literal["csv", "jsonl"]

COLUMNS = AuditEntry.__struct_fields__
PIECE = 1_000
"""Entries that are read at a time; between two pieces no connection to the database is held."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def export(database: Database, filters: Filters, format: Format, *, until: UUID) -> AsyncIterator[bytes]:
    """The matching entries before the id `until`, newest first, as lines of CSV (with a heading) or JSON."""
    if format == "csv":
        yield b"\xef\xbb\xbf" + _csv([COLUMNS])  # the mark tells spreadsheets that it is UTF-8
    after: UUID | None = until
    while after is not None:
        async with database.reading() as connection:
            rows = await store.page(connection, after=after, limit=PIECE, filters=filters)
        if rows:
            yield _csv([_cells(row) for row in rows]) if format == "csv" else _json_lines(rows)
        after = rows[-1].id if len(rows) == PIECE else None


def _json_lines(rows: Sequence[AuditEntry]) -> bytes:
    return b"".join(json.encode(row) + b"\n" for row in rows)


def _csv(rows: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cells(row: AuditEntry) -> list[str]:
    return [_cell(value) for value in astuple(row)]


def _cell(value: Any) -> str:
    """A value as text that no spreadsheet reads as a formula: names of users and workflows come from people."""
    if value is None:
        return ""
    text = json.encode(value).decode() if isinstance(value, dict) else getattr(value, "isoformat", value.__str__)()
    return f"'{text}" if text.startswith(_FORMULA) else text

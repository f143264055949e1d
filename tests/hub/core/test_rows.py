"""Rows are compared with their type once, whatever the statement gives."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import asyncpg
import pytest

from exekra.hub.core.rows import Row


class Colour(StrEnum):
    RED = "red"


class Thing(Row, frozen=True):
    name: str
    count: int
    colour: Colour | None = None


async def test_rows_of_a_statement_have_a_type(empty_database_url: str) -> None:
    connection = await asyncpg.connect(empty_database_url)
    try:
        rows = await connection.fetch("SELECT 'a' AS name, 1 AS count UNION ALL SELECT 'b', 2 ORDER BY 1")
        row = await connection.fetchrow("SELECT 'red' AS colour, 3 AS count, 'c' AS name")
        nothing = await connection.fetchrow("SELECT 'a' AS name, 1 AS count WHERE false")
    finally:
        await connection.close()
    assert Thing.all(rows) == [Thing("a", 1), Thing("b", 2)]
    assert Thing.one(row) == Thing("c", 3, Colour.RED)
    assert Thing.one(nothing) is None
    assert Thing("a", 1).as_dict() == {"name": "a", "count": 1, "colour": None}


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        ({"name": "a"}, "Thing needs a column count"),
        ({"name": "a", "count": 1, "size": 2}, "Thing has no attribute for the column size"),
    ],
)
def test_another_column_is_refused(record: dict[str, Any], problem: str) -> None:
    with pytest.raises(TypeError, match=problem):
        Thing.all([record])

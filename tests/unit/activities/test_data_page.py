"""The table of conditions in docs/explain/data.md is true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from exekra.activities.data.filtering import filter as filter_rows
from exekra.flow.expressions import compile_expression
from exekra.sdk.table import Table
from exekra.testing.context import FakeContext

PAGE = Path(__file__).resolve().parents[3] / "docs/explain/data.md"
ROW = re.compile(r"^\| `(.+?)` \| `(\w+)` `(.+?)` \| `(.+?)` \| (.*?) ?\|$", re.M)
ROWS = ROW.findall(PAGE.read_text(encoding="utf-8").partition("## Tables and their values\n")[2].partition("\n## ")[0])


@pytest.mark.parametrize(("column", "operator", "wanted", "kept", "note"), ROWS)
def test_a_row(column: str, operator: Any, wanted: str, kept: str, note: str) -> None:
    column_values, value, expected = (compile_expression(source).evaluate({}) for source in (column, wanted, kept))
    rows = Table.from_rows(("v",), [[each] for each in column_values])
    got = filter_rows(FakeContext(), rows=rows, column="v", operator=operator, value=value)
    assert got.rows.column("v") == expected
    assert [each[: len(note)] for each in got.notes] == ([note] if note else [])


def test_the_table_is_found() -> None:
    assert len(ROWS) == 10

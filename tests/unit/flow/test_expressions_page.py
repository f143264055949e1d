"""The tables of expressions and their values in docs/explain/data.md are true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from exekra.flow.expressions import compile_expression
from exekra.flow.expressions.errors import ExpressionError

PAGE = Path(__file__).resolve().parents[3] / "docs/explain/data.md"
HEADING = "## Numbers, dates, text order and patterns\n"
ROW = re.compile(r"^\| `(?P<source>[^|]+)` \| (?:`(?P<value>[^|]+)`|error: (?P<error>[^|]+)) \|$", re.M)
TABLE = re.compile(r"(?<=\| expression \| value \|\n\| --- \| --- \|\n)(?:\|.*\n)+")
ROWS = [
    (found["source"], found["value"], found["error"])
    for table in TABLE.findall(PAGE.read_text(encoding="utf-8").partition(HEADING)[2])
    for found in ROW.finditer(table)
]


@pytest.mark.parametrize(("source", "value", "error"), ROWS)
def test_a_row(source: str, value: str | None, error: str | None) -> None:
    expression = compile_expression(source)
    if value is None:
        assert error is not None
        with pytest.raises(ExpressionError, match=re.escape(error)):
            expression.evaluate({})
        return
    wanted = compile_expression(value).evaluate({})
    got = expression.evaluate({})
    assert got == wanted
    assert type(got) is type(wanted)


def test_the_tables_are_found() -> None:
    assert len(ROWS) > 40

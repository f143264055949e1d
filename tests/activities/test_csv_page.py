"""The table of what a column becomes, in docs/explain/data.md, is true."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from exekra.activities.csv import read

PAGE = Path(__file__).resolve().parents[2] / "docs/explain/data.md"
TYPES: dict[str, set[type]] = {
    "numbers": {int, float},
    "texts": {str},
    "booleans": {bool},
    "dates": {date},
    "datetimes": {datetime},
}


def lines():
    section = PAGE.read_text(encoding="utf-8").partition("### What a column becomes")[2].partition("###")[0]
    for line in re.findall(r"^\| (`.*)\|$", section, re.MULTILINE):
        fields, values, note = (cell.strip() for cell in line.split("|"))
        yield re.findall(r"`([^`]*)`", fields), values, note


@pytest.mark.parametrize(("fields", "values", "note"), list(lines()))
def test_a_column_becomes_what_the_page_says(context, fields, values, note):
    (context.work_folder / "a.csv").write_text("id;v\n" + "".join(f"1;{field}\n" for field in fields))
    got = read(context, path="a.csv")
    assert set(map(type, got.rows.column("v"))) <= TYPES[values]
    assert got.notes == [] if not note else note in got.notes[0]

"""Every activity that reads a file, with files that are damaged in some places: a result, or an error of its own.

`EXEKRA_FUZZ_EXAMPLES` says how many files each activity gets, as in `test_fuzz_activities.py`.
"""

from __future__ import annotations

import asyncio
import builtins
import io
import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.formatting.rule import CellIsRule
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from exekra.testing.flows import FlowRun, run_flow_text

EXAMPLES = int(os.environ.get("EXEKRA_FUZZ_EXAMPLES", "10"))
LONGEST_SECONDS = 60

CSV = 'name;amount;day\r\nMüller;1.234,50;2026-01-31\r\n"a;b";2;2026-02-28\r\n'.encode("cp1252")
TEXT = "Zeile eins\r\nZweite für €\r\n".encode("utf-16")
JSON = b'\xef\xbb\xbf{"a": [1, 2.5e3, "\\ud83d\\ude00", null, true], "b": {"c": "x"}}'
LINES = b'{"a": 1}\n{"b": "x", "a": null}\n'


def workbook() -> bytes:
    """A workbook with what damage may hit: a table, merged cells, a format by conditions, a name, a hidden sheet."""
    book: Any = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["order", "day", "amount"], [1, "2026-01-31", 2.5], ["ä", None, "=A2*2"], [True, "x\ny", 1e16]):
        sheet.append(row)
    sheet.merge_cells("A6:B7")
    sheet.add_table(Table(displayName="Orders", ref="A1:C4"))
    sheet.conditional_formatting.add("C2:C4", CellIsRule("greaterThan", formula=["1"]))
    book.defined_names["Total"] = DefinedName("Total", attr_text="Sheet!$C$2:$C$4")
    book.create_sheet("2026").sheet_state = "hidden"
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


WORKBOOK = workbook()
ROWS = '{[{"order": 7, "day": "x", "amount": 1.5}]}'
READERS = {
    "csv.read": ("f.csv", CSV, {}),
    "csv.append": ("f.csv", CSV, {"rows": '{[{"name": "x", "amount": 1, "day": null}]}'}),
    "file.read_text": ("f.txt", TEXT, {}),
    "file.append_text": ("f.txt", TEXT, {"text": "more"}),
    "json.read_file": ("f.json", JSON, {}),
    "json.read_lines": ("f.jsonl", LINES, {}),
    "excel.list_sheets": ("f.xlsx", WORKBOOK, {}),
    "excel.read_range": ("f.xlsx", WORKBOOK, {}),
    "excel.read_cell": ("f.xlsx", WORKBOOK, {"cell": "C3"}),
    "excel.write_cell": ("f.xlsx", WORKBOOK, {"cell": "C3", "value": "{5}"}),
    "excel.write_range": ("f.xlsx", WORKBOOK, {"rows": ROWS, "start": "A2"}),
    "excel.append_rows": ("f.xlsx", WORKBOOK, {"rows": ROWS}),
    "excel.insert_rows": ("f.xlsx", WORKBOOK, {"row": "{3}"}),
    "excel.delete_rows": ("f.xlsx", WORKBOOK, {"row": "{3}"}),
    "excel.add_sheet": ("f.xlsx", WORKBOOK, {"name": "New", "position": "{1}"}),
    "excel.rename_sheet": ("f.xlsx", WORKBOOK, {"sheet": "{1}", "name": "New"}),
    "excel.copy_sheet": ("f.xlsx", WORKBOOK, {"sheet": "{1}", "name": "New"}),
    "excel.delete_sheet": ("f.xlsx", WORKBOOK, {"sheet": "2026"}),
    "file.unzip": ("f.zip", WORKBOOK, {"to": "out"}),
}
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(
            [b"", b"\0", b"\xff", b"9" * 20, b'"', b"<", b"/>", b";", b"\n", b"\r", b"-1", b"\xed\xa0\x80", b"[[[["]
        )
        | st.binary(max_size=2),
        st.integers(0, 6),
    ),
    min_size=1,
    max_size=4,
)


def edited(raw: bytes, edits: list[tuple[float, bytes, int]]) -> bytes:
    """The bytes with a few of them replaced by others: where (as a share of all), by what, and how many."""
    for place, new, length in edits:
        start = int(place * len(raw))
        raw = raw[:start] + new + raw[start + length :]
    return raw


def edited_inside(raw: bytes, part: float, edits: list[tuple[float, bytes, int]]) -> bytes:
    """The archive with one of its parts edited, so that the damage is not just one of the archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        names = source.namelist()
        for number, name in enumerate(names):
            content = source.read(name)
            made.writestr(name, edited(content, edits) if number == int(part * len(names)) else content)
    return target.getvalue()


@pytest.fixture(scope="module")
def loop_runner():
    with asyncio.Runner() as runner:
        yield runner


@pytest.mark.parametrize("id", READERS)
def test_a_damaged_file_ends_by_a_result_or_by_an_error_of_its_own(id: str, loop_runner: asyncio.Runner) -> None:
    name, content, inputs = READERS[id]

    @settings(
        max_examples=EXAMPLES,
        derandomize="EXEKRA_FUZZ_EXAMPLES" not in os.environ,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(edits=EDITS, part=st.none() | st.floats(0, 1, exclude_max=True))
    def try_it(edits: list[tuple[float, bytes, int]], part: float | None) -> None:
        is_archive = content.startswith(b"PK")
        raw = edited_inside(content, part, edits) if is_archive and part is not None else edited(content, edits)
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / name).write_bytes(raw)
            run = loop_runner.run(_run(id, {"path": name, **inputs}, Path(folder)))
            failure = run.outcome.failure
            if failure is not None:
                assert not hasattr(builtins, failure.type), failure
                assert "bug in the activity" not in failure.message
                assert failure.node == "a", failure
                assert sorted(os.listdir(folder)) == [name]
                assert (Path(folder) / name).read_bytes() == raw

    try_it()


async def _run(id: str, inputs: dict[str, Any], folder: Path) -> FlowRun:
    with_inputs = ", ".join(f"{name}: '{value}'" for name, value in inputs.items())
    text = (
        "format: exekra.flow/1\nname: Damaged\noutputs: {got: {value: '{a}'}}\n"
        f"nodes: {{a: {{do: {id}, with: {{{with_inputs}}}}}}}\nedges: [start -> a]\n"
    )
    async with asyncio.timeout(LONGEST_SECONDS):
        return await run_flow_text(text, work_folder=folder)

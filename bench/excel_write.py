"""Claim: Write Excel writes 100,000 rows of 10 columns in a second, as a node of a flow, with 150 MB at most.

The table is read by the flow before, which does not count. XlsxWriter and openpyxl write the same values beside it.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from excel import ROWS
from fresh import measure_here, medians, row
from measure import report

RUNS = 5
GOAL_SECONDS, GOAL_MB = 1.0, 150
COLUMNS = ("order", "reference", "day", "customer", "region", "sku", "quantity", "price", "paid", "note")


def columns() -> list[list[Any]]:
    """Orders as a shop exports them, by column."""
    day = date(2026, 1, 1)
    numbers = range(ROWS)
    return [
        list(numbers),
        [f"ORD-2026-{number:07}" for number in numbers],
        [day + timedelta(days=number % 365) for number in numbers],
        [f"Customer {number % 5000}" for number in numbers],
        [("North", "East", "South", "West")[number % 4] for number in numbers],
        [f"SKU-{number % 500:04}" for number in numbers],
        [number % 40 + 1 for number in numbers],
        [(number % 9973) / 100 for number in numbers],
        [number % 3 == 0 for number in numbers],
        [f"Line {number} of the export, packed by {number % 60}" for number in numbers],
    ]


def measure_way(way: str, path: str) -> None:
    """Measure one way in this process, which has loaded what it needs and has the values."""
    values = columns()
    if way == "activity":
        from exekra.activities.excel.writing import write_workbook
        from exekra.sdk.table import TableWriter
        from exekra.testing.context import FakeContext

        writer = TableWriter(COLUMNS)
        writer.extend_columns(tuple(values))
        table = writer.finish()
        del values
        measure_here(lambda: write_workbook(FakeContext(Path(path).parent), path=path, rows=table))
    elif way == "xlsxwriter":
        import xlsxwriter

        def write() -> None:
            book = xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, COLUMNS)
            for number, record in enumerate(zip(*values, strict=True), 1):
                sheet.write_row(number, 0, record)
            book.close()

        measure_here(write)
    else:
        import openpyxl

        def write_only() -> None:
            book: Any = openpyxl.Workbook(write_only=True)
            sheet = book.create_sheet()
            sheet.append(COLUMNS)
            for record in zip(*values, strict=True):
                sheet.append(record)
            book.save(path)

        measure_here(write_only)


def main() -> None:
    """Measure all ways and report."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.xlsx"
        ours = medians(__file__, "activity", path, runs=RUNS)
        xlsxwriter = medians(__file__, "xlsxwriter", path, runs=1)
        openpyxl = medians(__file__, "openpyxl", path, runs=1)
    rows = [
        {"writer": "excel.write_workbook", **row(ours, ours)},
        {"writer": "XlsxWriter, constant memory", **row(xlsxwriter, ours)},
        {"writer": "openpyxl, write only", **row(openpyxl, ours)},
    ]
    report(
        f"Write Excel of {ROWS:,} x 10",
        round(ours["seconds"], 3),
        "s",
        GOAL_SECONDS,
        rows,
        notes=[
            f"Peak of the whole process {ours['peak_mb']:.0f} MB, of which {ours['before_mb']:.0f} MB before the write "
            f"(the values themselves); the goal is {GOAL_MB} MB."
        ],
    )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure_way(sys.argv[1], sys.argv[2])
    else:
        main()

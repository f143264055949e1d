"""The example that makes one clean workbook of twelve files of other programs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl

from exekra.testing.flows import run_flow_text

EXAMPLE = Path(__file__).parents[2] / "examples" / "foreign_files"


async def test_twelve_foreign_files_become_one_clean_workbook(tmp_path: Path) -> None:
    text = (EXAMPLE / "clean_payments.flow.yaml").read_text("utf-8")
    done = await run_flow_text(text, work_folder=tmp_path, workflow_folders={"": EXAMPLE})
    assert done.outcome.failure is None
    outputs: dict[str, Any] = done.outcome.outputs
    assert len(list((tmp_path / "payments").glob("*.*"))) == 12
    assert (outputs["count"], outputs["total"], outputs["unread"]) == (20, 15976.64, ["webapp.xls"])
    book: Any = openpyxl.load_workbook(tmp_path / "out" / "payments.xlsx")
    assert book.sheetnames == ["Payments", "Guessed", "Not read"]
    header, *rows = book["Payments"].iter_rows(values_only=True)
    assert header == ("customer", "day", "amount", "file")
    days = [row[1] for row in rows]
    assert days == sorted(days)
    assert all(isinstance(row[2], int | float) for row in rows)
    for expected in (
        ("Müller GmbH", datetime(2026, 1, 31), 1234.5, "bank.csv"),
        ("Smith, Ltd", datetime(2026, 1, 15), 250, "excel.csv"),
        ("Dupré SA", datetime(2026, 1, 20), 80, "erp.txt"),
        ("Alpha", datetime(2026, 1, 5), 12.5, "terminal.txt"),
        ("Mu", datetime(2026, 1, 31), 16.5, "report.xlsx"),
        ("Eta", datetime(2026, 3, 1), 40, "mac.zip"),
        ("Theta", datetime(2026, 1, 31), 60, "mailbox.csv"),
        ("Lambda", datetime(2026, 2, 1), 12000, "american.csv"),
        ("Север", datetime(2026, 1, 31), 700, "cyrillic.csv"),
    ):
        assert expected in rows
    guesses = list(book["Guessed"].iter_rows(min_row=2, values_only=True))
    assert {file for file, _ in guesses} == {"bank.csv", "american.csv", "cyrillic.csv"}
    ((file, problem),) = book["Not read"].iter_rows(min_row=2, values_only=True)
    assert file == "webapp.xls"
    assert "is a web page under the name of a workbook" in problem

"""The examples in a real browser, as a workflow runs them."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from exekra.cli.kept_files import FolderFileKeeper
from exekra.testing.flows import run_flow_text

EXAMPLE = Path(__file__).parents[2] / "examples" / "web_pages"


async def test_a_list_over_pages_becomes_a_workbook(tmp_path: Path) -> None:
    text = (EXAMPLE / "collect_articles.flow.yaml").read_text("utf-8")
    done = await run_flow_text(text, work_folder=tmp_path, workflow_folders={"": EXAMPLE})
    assert done.outcome.failure is None
    assert (done.outcome.outputs["count"], done.outcome.outputs["pages"]) == (23, 3)
    header, *rows = openpyxl.load_workbook(tmp_path / "out" / "articles.xlsx").active.iter_rows(values_only=True)
    assert header == ("sku", "name", "price")
    assert [row[0] for row in rows] == [f"G-{number:03}" for number in range(1, 24)]
    assert rows[1] == ("G-002", "Spade 1", 46.5)


async def test_a_form_that_reshuffles_its_fields_is_filled(tmp_path: Path) -> None:
    text = (EXAMPLE / "enter_customers.flow.yaml").read_text("utf-8")
    kept = FolderFileKeeper(tmp_path / "kept")
    done = await run_flow_text(text, work_folder=tmp_path, workflow_folders={"": EXAMPLE}, files=kept)
    assert done.outcome.failure is None
    assert done.outcome.outputs["lines"] == [
        "Anna | Berg | Berg & Söhne | Köln | anna@berg.example",
        "José | Núñez | Núñez S.A. | Sevilla | jose@nunez.example",
        "Li | Wei | Wei, Chen & Co | Shanghai | li@wei.example",
        "Zoë | O'Hara | O'Hara \"Tools\" Ltd | Cork | zoe@ohara.example",
    ]
    assert (tmp_path / "kept" / "customers.png").read_bytes() == (tmp_path / "out" / "customers.png").read_bytes()

"""The example that does real work: by `exekra run`, and through a Hub and a Runner."""

from __future__ import annotations

import asyncio
import csv
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from exekra.testing.patience import PATIENCE_SECONDS

from .platform import Platform

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")

EXAMPLE = Path(__file__).parents[2] / "examples" / "orders"
TOTAL = 66621.85


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "orders", ignore=shutil.ignore_patterns("out")))


async def exekra_run(*words: object) -> tuple[int, dict[str, object], str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "exekra.cli.main", "run", "--json", *map(str, words)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
    return process.returncode or 0, json.loads(output), errors.decode()


def check_files(folder: Path) -> None:
    with (folder / "out" / "rejects.csv").open(newline="") as file:
        rejects = list(csv.DictReader(file))
    assert [(row["order"], row["problem"]) for row in rejects] == [
        ("1009", "MissingSku"),
        ("1017", "BadQuantity"),
        ("1023", "HttpStatusError"),
        ("1031", "BadQuantity"),
        ("1038", "BadQuantity"),
        ("1052", "HttpStatusError"),
    ]
    report: Any = openpyxl.load_workbook(folder / "out" / "priced_orders.xlsx")
    assert report.sheetnames == ["By region", "By customer", "Orders"]
    regions = list(report["By region"].iter_rows(values_only=True))
    assert regions[0] == ("region", "orders", "pieces", "amount")
    amounts = [row[3] for row in regions[1:]]
    assert amounts == sorted(amounts, reverse=True)
    assert sum(amounts) == pytest.approx(TOTAL)
    assert sum(row[1] for row in regions[1:]) == 54


async def test_by_exekra_run(folder: Path) -> None:
    status, outcome, errors = await exekra_run(folder / "orders.flow.yaml")
    assert status == 0, errors
    assert outcome["state"] == "COMPLETED"
    assert outcome["outputs"] == {
        "total": TOTAL,
        "priced": 54,
        "rejected": 6,
        "report": str(folder / "out" / "priced_orders.xlsx"),
    }
    check_files(folder)


async def test_with_a_service_of_its_own_terminal(folder: Path) -> None:
    service = await asyncio.create_subprocess_exec(
        *(sys.executable, folder / "price_service.py", "--port", "0"), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert service.stdout is not None
        line = (await asyncio.wait_for(service.stdout.readline(), PATIENCE_SECONDS)).decode()
        url = line.split()[-1]
        for flow in ("price_orders", "orders"):
            shutil.rmtree(folder / "out", ignore_errors=True)
            status, outcome, errors = await exekra_run(folder / f"{flow}.flow.yaml", "--input", f"prices_url={url}")
            assert status == 0, errors
            assert outcome["outputs"]["total"] == TOTAL  # type: ignore[index]  # An object, as the line above says.
            check_files(folder)
        async with httpx.AsyncClient() as client:
            answered = (await client.get(f"{url}/health")).json()["answered"]
        assert answered == 2 * 56 + answered // 7  # Of 56 orders a price was asked, and each 7th question twice.
    finally:
        service.terminate()
        await service.wait()


async def test_without_its_workbook_it_says_so(folder: Path) -> None:
    (folder / "orders.xlsx").rename(folder / "order.xlsx")
    status, outcome, _ = await exekra_run(folder / "orders.flow.yaml")
    assert status == 1
    assert "Did you mean `order.xlsx`" in json.dumps(outcome)


async def test_through_a_hub_and_a_runner(platform: Platform) -> None:
    await platform.start()
    async with platform.client() as client:
        answer = await client.post("/api/executions", json={"workflow": "Orders"})
        assert answer.status_code in {201, 202}, answer.text
        execution = answer.json()["id"]
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (detail := (await client.get(f"/api/executions/{execution}")).json())["state"] != "COMPLETED":
                assert detail["state"] not in {"FAILED", "STOPPED"}, detail["failure"]
                await asyncio.sleep(0.05)
        assert detail["outputs"]["total"] == TOTAL
        logs = (await client.get(f"/api/executions/{execution}/logs", params={"limit": 200})).json()
        assert any("54 orders for" in line["message"] for line in logs["items"])
    check_files(platform.home / "runner" / "files")

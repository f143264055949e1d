"""Finding entries again, and taking the log away as a file."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from exekra.hub.core.actor import SYSTEM
from exekra.hub.trust.audit import export as exporting
from exekra.hub.trust.audit.service import Entry, record_all


async def add(app: FastAPI, count: int, action: str = "test.did", **more: Any) -> None:
    async with app.state.hub.database.transaction() as connection:
        await record_all(
            connection, [Entry(SYSTEM, action, "test", str(number), {"n": number} | more) for number in range(count)]
        )


async def test_text_finds_actors_actions_things_and_details(app: FastAPI, admin: httpx.AsyncClient) -> None:
    await add(app, 3, note="Straße nach Rom")

    async def count(**params: str) -> int:
        answer = await admin.get("/api/audit", params=params)
        assert answer.status_code == 200, answer.text
        return len(answer.json()["items"])

    assert await count(text="TEST.DID") == 3
    assert await count(text="nach rom") == 3
    assert await count(text='"n": 2') == 1
    assert await count(text="admin@example") == 2
    assert await count(text="test", action="test.did", resource_id="1") == 1
    assert await count(text="%") == 0
    soon = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    assert await count(text="test", until=soon) == 3
    assert await count(text="test", since=soon) == 0
    assert await count(since="0001-01-01T00:00:00Z", until="9999-12-31T23:59:59Z") == 5


async def test_actions_are_told_once(app: FastAPI, admin: httpx.AsyncClient) -> None:
    await add(app, 2, "b.did")
    await add(app, 2, "a.did")
    assert (await admin.get("/api/audit/actions")).json() == ["a.did", "b.did", "session.sign-in", "user.bootstrap"]


@pytest.mark.parametrize("format", ["csv", "jsonl"])
async def test_an_export_has_every_entry_once(
    app: FastAPI, admin: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    monkeypatch.setattr(exporting, "PIECE", 10)
    await add(app, 35)
    answer = await admin.get("/api/audit/export", params={"format": format, "resource": "test"})
    assert answer.status_code == 200
    assert f".{format}" in answer.headers["content-disposition"]
    if format == "csv":
        rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        numbers = [json.loads(row["details"])["n"] for row in rows]
    else:
        rows = [json.loads(line) for line in answer.text.splitlines()]
        numbers = [row["details"]["n"] for row in rows]
    assert numbers == list(range(35))[::-1]
    assert {row["action"] for row in rows} == {"test.did"}
    [entry] = (await admin.get("/api/audit", params={"action": "audit.export"})).json()["items"]
    assert entry["details"] == {"format": format, "resource": "test"}


async def test_an_export_of_nothing_is_a_heading(admin: httpx.AsyncClient) -> None:
    answer = await admin.get("/api/audit/export", params={"action": "no.such"})
    assert answer.content.decode("utf-8-sig").splitlines() == [",".join(exporting.COLUMNS)]
    assert (await admin.get("/api/audit/export", params={"action": "no.such", "format": "jsonl"})).content == b""


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
async def test_nothing_becomes_a_formula(app: FastAPI, admin: httpx.AsyncClient, text: str) -> None:
    async with app.state.hub.database.transaction() as connection:
        await record_all(connection, [Entry(SYSTEM, "test.did", "test", text)])
    answer = await admin.get("/api/audit/export", params={"resource": "test"})
    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert row["resource_id"] == f"'{text}"


async def test_another_format_is_refused(admin: httpx.AsyncClient) -> None:
    assert (await admin.get("/api/audit/export", params={"format": "xlsx"})).status_code == 422

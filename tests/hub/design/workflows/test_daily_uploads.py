"""How much one person may upload and import for workflows within a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx
from at_work import serve
from fastapi import FastAPI
from signed_in import PASSWORD, TestClock, make_client, sign_in
from stored import create

from exekra.hub.core.settings import Settings

from .test_packages import FLOW, packed

HALF = bytes(512 * 1024)


async def upload(client: httpx.AsyncClient, id: str, data: bytes = HALF) -> httpx.Response:
    return await client.post(f"/api/workflows/{id}/files/contents", content=data)


async def test_uploads_and_imports_count_together_until_a_day_later(settings: Settings, clock: TestClock) -> None:
    clock.stand_still()
    small = replace(settings, largest_workflow_file_mb=1, largest_workflow_files_mb=1, daily_workflow_uploads_mb=2)
    async with serve(small, clock) as work:
        id = await create(work.admin)
        assert [(await upload(work.admin, id)).status_code for _ in range(2)] == [201, 201]
        package = packed(("p.flow.yaml", FLOW), ("data.bin", HALF))
        assert (await work.admin.post("/api/workflows/import", content=package)).status_code == 201
        larger = packed(("q.flow.yaml", FLOW.replace(b"Packed", b"Larger")), ("data.bin", HALF + HALF))
        refused = await work.admin.post("/api/workflows/import", content=larger)
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too-much-uploaded")
        assert refused.json()["error"]["message"] == (
            "With this upload, you would have uploaded more than 2 MB for workflows within a day."
        )
        assert refused.json()["error"]["hint"] == (
            "Try again in 360 minutes. An administrator can raise EXEKRA_DAILY_WORKFLOW_UPLOADS_MB."
        )
        assert refused.headers["retry-after"] == "21600"
        names = [workflow["name"] for workflow in (await work.admin.get("/api/workflows")).json()["items"]]
        assert "Larger" not in names
        assert (await upload(work.admin, id)).status_code == 201, "what was refused does not count"
        assert (await upload(work.admin, id, b"x")).status_code == 429
        await _other_people_may(work.admin, work.app, id)
        clock.ahead = timedelta(hours=12)
        assert (await work.admin.post("/api/workflows/import", content=larger)).status_code == 201


async def _other_people_may(admin: httpx.AsyncClient, app: FastAPI, id: str) -> None:
    person = {"email": "dev@example.org", "name": "Dev", "role": "DEVELOPER", "password": PASSWORD}
    assert (await admin.post("/api/users", json=person)).status_code == 201
    async with make_client(app) as nobody, make_client(app, await sign_in(nobody, person["email"])) as developer:
        assert (await upload(developer, id)).status_code == 201

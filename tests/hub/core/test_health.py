"""The Hub says how it is, also when its database is away."""

from __future__ import annotations

import httpx
from fastapi import FastAPI


async def test_says_that_it_is_well(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/health")
    assert response.status_code == 200
    health = response.json()
    assert health["status"] == "ok"
    assert health["database"]["status"] == "ok"
    assert health["uptime_seconds"] >= 0
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_says_that_its_database_is_away(app: FastAPI, client: httpx.AsyncClient) -> None:
    await app.state.hub.database.close()
    response = await client.get("/api/health")
    assert response.status_code == 503
    assert response.json()["database"] == {"status": "unavailable", "latency_ms": None}

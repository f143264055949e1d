"""Whether this Hub is well; for people, load balancers and `exekra up`."""

from __future__ import annotations

import time
from importlib.metadata import version
from typing import Literal

from fastapi import Response
from pydantic import BaseModel, Field

from exekra.hub.core.hub import CurrentHub
from exekra.hub.web.access import slice_router

router = slice_router("Hub")
VERSION = version("exekra")


class DatabaseHealth(BaseModel):
    """The state of PostgreSQL as this Hub sees it."""

    status: Literal["ok", "busy", "unavailable"] = Field(
        description="`busy`: all of the Hub's connections to it were in use for a second."
    )
    latency_ms: float | None = Field(description="How long a question and its answer took.", examples=[0.4])


class Health(BaseModel):
    """The state of this Hub."""

    status: Literal["ok", "degraded"]
    version: str = Field(examples=["0.1.0"])
    uptime_seconds: float = Field(examples=[86400.5])
    database: DatabaseHealth


@router.get(
    "/api/health",
    summary="Ask whether the Hub is well",
    responses={503: {"model": Health, "description": "The Hub runs, but its database does not answer"}},
)
async def get_health(hub: CurrentHub, response: Response) -> Health:
    """Answers 200 when the Hub can work and 503 when its database is away, within about two seconds in any case."""
    begun = time.perf_counter()
    database = await hub.database.responds()
    latency = round((time.perf_counter() - begun) * 1000, 2)
    if database == "unavailable":
        response.status_code = 503
    return Health(
        status="ok" if database == "ok" else "degraded",
        version=VERSION,
        uptime_seconds=round((hub.clock.now() - hub.started_at).total_seconds(), 1),
        database=DatabaseHealth(status=database, latency_ms=latency if database == "ok" else None),
    )

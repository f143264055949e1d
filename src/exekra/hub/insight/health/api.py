"""Whether this Hub is healthy; for people, load balancers and `exekra up`."""

from __future__ import annotations

import time
from datetime import datetime
from importlib.metadata import version
from typing import Literal

from fastapi import Response
from pydantic import BaseModel, Field

from exekra.hub.contents.objects import StorageFull
from exekra.hub.contents.service import Contents
from exekra.hub.core.hub import CurrentHub
from exekra.hub.web.access import slice_router

router = slice_router("Hub")
VERSION = version("exekra")


class DatabaseHealth(BaseModel):
    """The state of PostgreSQL as this Hub sees it."""

    status: Literal["ok", "busy", "unavailable"] = Field(
        description="`busy`: all of the Hub's connections to it were in use for a second."
    )
    latency_ms: float | None = Field(description="How long a round trip took.", examples=[0.4])


class BackgroundWork(BaseModel):
    """A background task of this Hub that has failed since the Hub was started."""

    name: str = Field(examples=["assigning executions"])
    restarts: int = Field(description="How often it was restarted.")
    failing: bool = Field(description="Whether it keeps failing.")
    error: str | None = Field(description="The type of its last error; `/api/system` has the details.")
    failed_at: datetime | None = Field(description="When that was.")


class Health(BaseModel):
    """The state of this Hub."""

    status: Literal["ok", "degraded"]
    reasons: list[str] = Field(description="Why the Hub is degraded.")
    version: str = Field(examples=["0.1.0"])
    uptime_seconds: float = Field(examples=[86400.5])
    database: DatabaseHealth
    background: list[BackgroundWork] = Field(description="Empty unless something failed.")


_REASONS = {
    "busy": "All of its connections to the database are in use.",
    "unavailable": "Its database does not respond.",
}


@router.get(
    "/api/health",
    summary="Check whether the Hub is healthy",
    responses={503: {"model": Health, "description": "The Hub is running, but its database does not respond"}},
)
async def get_health(hub: CurrentHub, response: Response) -> Health:
    """Returns 503 when its database is unavailable and 200 otherwise, within about two seconds in any case.

    The Hub is also degraded when its file storage is full or does not respond, and when one of its background tasks
    keeps failing.
    """
    begun = time.perf_counter()
    database = await hub.database.responds()
    latency = round((time.perf_counter() - begun) * 1000, 2)
    if database == "unavailable":
        response.status_code = 503
    states = [state for state in hub.supervisor.states() if state.failed_at is not None]
    reasons = [_REASONS[database]] if database in _REASONS else []
    storage = hub.get(Contents).objects.problem
    if storage is not None:
        reasons.append(
            "Its file storage is full." if isinstance(storage, StorageFull) else "Its file storage cannot be used."
        )
    reasons += [
        f"A background task keeps failing: {state.name} ({state.error_type})." for state in states if state.failing
    ]
    return Health(
        status="degraded" if reasons else "ok",
        reasons=reasons,
        version=VERSION,
        uptime_seconds=round((hub.clock.now() - hub.started_at).total_seconds(), 1),
        database=DatabaseHealth(status=database, latency_ms=latency if database == "ok" else None),
        background=[
            BackgroundWork(
                name=state.name,
                restarts=state.restarts,
                failing=state.failing,
                error=state.error_type,
                failed_at=state.failed_at,
            )
            for state in states
        ],
    )

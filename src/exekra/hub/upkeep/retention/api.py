"""The routes of storage: what is used, how long it is kept, and what was removed."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from exekra.hub.core.database import Connection
from exekra.hub.core.hub import CurrentHub
from exekra.hub.core.unit_of_work import Look, Unit
from exekra.hub.design.workflows import file_store
from exekra.hub.upkeep.retention import store
from exekra.hub.upkeep.retention.models import Kind, Times
from exekra.hub.upkeep.retention.schemas import (
    RemovedOfKind,
    RetentionRun,
    RetentionTimes,
    Storage,
    StoredKind,
)
from exekra.hub.upkeep.retention.service import Retention
from exekra.hub.upkeep.retention.usage import usage
from exekra.hub.web.access import CurrentActor, slice_router
from exekra.hub.web.answers import error_answers

router = slice_router("Hub")


async def _retention(hub: CurrentHub) -> Retention:
    return hub.get(Retention)


CurrentRetention = Annotated[Retention, Depends(_retention)]


@router.get("/api/storage", summary="Show what is stored, and for how long", responses=error_answers(401, 403))
async def get_storage(connection: Look, hub: CurrentHub) -> Storage:
    """What executions leave behind, by kind, and what the last run removed. The audit log is never removed."""
    return await _storage(connection, hub)


@router.put("/api/storage/retention", summary="Change how long things are kept", responses=error_answers(401, 403, 422))
async def change_retention(
    connection: Unit, hub: CurrentHub, retention: CurrentRetention, actor: CurrentActor, body: RetentionTimes
) -> Storage:
    """Takes effect at the next run. Nothing can be kept longer than the execution that it belongs to."""
    times = Times({kind: getattr(body, kind) for kind in Kind})
    await retention.change(connection, actor, times)
    return await _storage(connection, hub)


@router.post(
    "/api/storage/retention/run",
    summary="Remove expired data now",
    status_code=202,
    responses=error_answers(401, 403),
)
async def run_retention(hub: CurrentHub, retention: CurrentRetention, actor: CurrentActor) -> Storage:
    """Starts immediately and continues in the background. Otherwise, the next run starts an hour after the last one."""
    await retention.run_soon(actor)
    async with hub.database.reading() as connection:
        return await _storage(connection, hub)


async def _storage(connection: Connection, hub: CurrentHub) -> Storage:
    times = await store.times(connection)
    run = await store.last_run(connection)
    workflow_files = await file_store.used_bytes(connection)
    return Storage(
        times=RetentionTimes(**{str(kind): days for kind, days in times.days.items()}),
        kinds=[
            StoredKind(kind=kind, rows=one.rows, bytes=one.bytes, oldest=one.oldest)
            for kind, one in (await usage(connection, workflow_files=workflow_files)).items()
        ],
        workflow_files_bytes=workflow_files,
        database_bytes=await store.database_bytes(connection),
        run=RetentionRun(
            running=run.claimed_until is not None and run.claimed_until > hub.clock.now(),
            began_at=run.began_at,
            ended_at=run.ended_at,
            next_at=run.next_at,
            removed=[RemovedOfKind(kind=kind, **run.removed[kind]) for kind in Kind if kind in run.removed],
            held_back=run.held_back,
            problem=run.problem,
        ),
    )

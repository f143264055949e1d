"""The routes of Runners: registration, management, and authentication."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from pydantic import AwareDatetime

from exekra.hub.core.database import Connection
from exekra.hub.core.hub import CurrentHub
from exekra.hub.core.periods import Period
from exekra.hub.core.unit_of_work import Look, Unit
from exekra.hub.design.workflows.service import CurrentWorkflows, Workflows
from exekra.hub.fleet.runners import activity_store, store
from exekra.hub.fleet.runners.schemas import (
    CatalogueDifferences,
    MachineSignIn,
    MachineToken,
    MetricPoint,
    NewRunner,
    RegisteredRunner,
    RunnerAnswer,
    RunnerChange,
    RunnerDetail,
    RunnerExecution,
    RunnerMetrics,
    RunnerState,
    RunnerType,
)
from exekra.hub.fleet.runners.service import CurrentRunners, MachineSession, Registered, no_runner
from exekra.hub.web.access import CurrentActor, CurrentClaims, slice_router
from exekra.hub.web.addresses import address_of
from exekra.hub.web.answers import error_answers
from exekra.hub.web.paging import Cursor, Limit, Page, cut, read_cursor, write_cursor
from exekra.hub.web.texts import PlainText

router = slice_router("Runners")
ORDER = "runners"
MOST_POINTS = 300


@router.get("/api/runners", summary="List the Runners", responses=error_answers(401, 403, 422))
async def list_runners(
    connection: Look,
    limit: Limit = 50,
    cursor: Cursor = None,
    state: RunnerState | None = None,
    type: RunnerType | None = None,
    label: Annotated[PlainText | None, Query(max_length=100, description="Only Runners with this label.")] = None,
    text: Annotated[PlainText | None, Query(max_length=100, description="Part of the name.")] = None,
) -> Page[RunnerAnswer]:
    """Ordered by name."""
    after = read_cursor(cursor, ORDER, tuple[str, UUID])
    rows = await store.page(connection, after=after, limit=limit + 1, state=state, type=type, label=label, text=text)
    rows, next_cursor = cut(rows, limit, lambda row: write_cursor(ORDER, (row.name.lower(), row.id)))
    return Page(items=[RunnerAnswer(**row.as_dict()) for row in rows], next_cursor=next_cursor)


@router.post("/api/runners", summary="Register a Runner", status_code=201, responses=error_answers(401, 403, 409, 422))
async def register_runner(
    hub: CurrentHub, runners: CurrentRunners, actor: CurrentActor, body: NewRunner, request: Request
) -> RegisteredRunner:
    """Returns its Machine Key and Machine Secret, and the command that connects it. The secret is never shown again."""
    registered = await runners.register(actor, name=body.name, type=body.type, labels=body.labels)
    return _registered(registered, address_of(request, hub.settings))


@router.get("/api/runners/{runner_id}", summary="Get a Runner", responses=error_answers(401, 403, 404, 422))
async def get_runner(connection: Look, workflows: CurrentWorkflows, runner_id: UUID) -> RunnerDetail:
    """Includes the figures of its last heartbeat, its newest executions, and the activities that it lacks."""
    row = await store.get(connection, runner_id)
    if row is None:
        raise no_runner()
    executions = [
        RunnerExecution(**one.as_dict()) for one in await activity_store.executions(connection, runner_id, most=10)
    ]
    return RunnerDetail(
        **row.as_dict(),
        execution=next((one for one in executions if one.id == row.execution_id), None),
        executions=executions,
        catalogue=await _differences(connection, workflows, runner_id),
    )


async def _differences(connection: Connection, workflows: Workflows, runner_id: UUID) -> CatalogueDifferences | None:
    names = await activity_store.activities(connection, runner_id)
    if names is None:
        return None
    able = set(names)
    installed = (await workflows.activities.installed()).entries.values()
    known = {name for entry in installed for name in (entry.id, *entry.aliases)}
    lacks = sorted(entry.id for entry in installed if able.isdisjoint((entry.id, *entry.aliases)))
    return CatalogueDifferences(lacks=lacks, more=sorted(able - known))


@router.get(
    "/api/runners/{runner_id}/metrics",
    summary="Get the metrics of a Runner's machine",
    responses=error_answers(401, 403, 404, 422),
)
async def get_metrics(
    hub: CurrentHub,
    connection: Look,
    runner_id: UUID,
    since: Annotated[AwareDatetime | None, Query(description="Default: an hour before `until`.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Default: now.")] = None,
) -> RunnerMetrics:
    """CPU, memory and disk of its heartbeats, which are kept for 24 hours. A Runner that is OFFLINE sends none."""
    if await store.state_of(connection, runner_id) is None:
        raise no_runner()
    period = Period.of(since, until, hub.clock.now(), usual=timedelta(hours=1))
    width = max(hub.settings.heartbeat_seconds, (period.until - period.since).total_seconds() / MOST_POINTS)
    rows = await activity_store.metrics(connection, runner_id, since=period.since, until=period.until, width=width)
    points = [MetricPoint(**row.as_dict()) for row in rows]
    return RunnerMetrics(since=period.since, until=period.until, point_seconds=width, points=points)


@router.patch("/api/runners/{runner_id}", summary="Change a Runner", responses=error_answers(401, 403, 404, 409, 422))
async def change_runner(
    connection: Unit, runners: CurrentRunners, actor: CurrentActor, runner_id: UUID, body: RunnerChange
) -> RunnerAnswer:
    """Its name, its type or its labels."""
    row = await runners.change(connection, actor, runner_id, name=body.name, type=body.type, labels=body.labels)
    return RunnerAnswer(**row.as_dict())


@router.delete(
    "/api/runners/{runner_id}",
    summary="Remove a Runner",
    status_code=204,
    responses=error_answers(401, 403, 404, 409, 422),
)
async def remove_runner(runners: CurrentRunners, actor: CurrentActor, runner_id: UUID) -> None:
    """Its connection is closed and its secret becomes invalid immediately. Refused while it holds an execution."""
    await runners.remove(actor, runner_id)


@router.post(
    "/api/runners/{runner_id}/secret",
    summary="Regenerate a Runner's secret",
    status_code=201,
    responses=error_answers(401, 403, 404, 422),
)
async def regenerate_secret(
    hub: CurrentHub, runners: CurrentRunners, actor: CurrentActor, runner_id: UUID, request: Request
) -> RegisteredRunner:
    """The old secret and all tokens issued with it become invalid immediately."""
    return _registered(await runners.regenerate_secret(actor, runner_id), address_of(request, hub.settings))


@router.post(
    "/api/runner/authenticate",
    summary="Sign in as a Runner",
    status_code=201,
    responses=error_answers(401, 422, 429),
)
async def authenticate(runners: CurrentRunners, actor: CurrentActor, body: MachineSignIn) -> MachineToken:
    """Returns a token that is valid for 24 hours."""
    session = await runners.authenticate(
        actor, machine_key=body.machine_key, machine_secret=body.machine_secret.get_secret_value()
    )
    return _token(session)


@router.post(
    "/api/runner/refresh", summary="Renew a Runner's token", status_code=201, responses=error_answers(401, 403)
)
async def refresh(runners: CurrentRunners, actor: CurrentActor, claims: CurrentClaims) -> MachineToken:
    """For a Runner whose token is still valid; the old token stays valid until it expires."""
    return _token(runners.refresh(actor, claims))


def _registered(registered: Registered, address: str) -> RegisteredRunner:
    key = registered.runner.machine_key
    return RegisteredRunner(
        **registered.runner.as_dict(),
        machine_secret=registered.machine_secret,
        command=f"exekra runner --hub-url {address} --machine-key {key} --remember",
        start_command="exekra runner",
    )


def _token(session: MachineSession) -> MachineToken:
    return MachineToken(
        token=session.token,
        expires_at=session.expires_at,
        runner_id=session.runner_id,
        runner_name=session.runner_name,
    )

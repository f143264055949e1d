"""The routes of Runners: registering them, and how a Runner proves who it is."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query

from exekra.hub.core.access import CurrentActor, CurrentClaims, slice_router
from exekra.hub.core.answers import error_answers
from exekra.hub.core.paging import Cursor, Limit, Page, cut, read_cursor, write_cursor
from exekra.hub.core.texts import PlainText
from exekra.hub.core.unit_of_work import Look, Unit
from exekra.hub.runners import store
from exekra.hub.runners.schemas import (
    MachineSignIn,
    MachineToken,
    NewRunner,
    RegisteredRunner,
    RunnerAnswer,
    RunnerChange,
    RunnerState,
    RunnerType,
)
from exekra.hub.runners.service import CurrentRunners, MachineSession, Registered, no_runner

router = slice_router("Runners")
ORDER = "runners"


@router.get("/api/runners", summary="List the Runners", responses=error_answers(401, 403, 422))
async def list_runners(
    connection: Look,
    limit: Limit = 50,
    cursor: Cursor = None,
    state: RunnerState | None = None,
    type: RunnerType | None = None,
    label: Annotated[PlainText | None, Query(max_length=100, description="Has this label.")] = None,
    text: Annotated[PlainText | None, Query(max_length=100, description="Part of the name.")] = None,
) -> Page[RunnerAnswer]:
    """Ordered by name."""
    after = read_cursor(cursor, ORDER, tuple[str, UUID])
    rows = await store.page(connection, after=after, limit=limit + 1, state=state, type=type, label=label, text=text)
    rows, next_cursor = cut(rows, limit, lambda row: write_cursor(ORDER, (row["name"].lower(), row["id"])))
    return Page(items=[RunnerAnswer(**row) for row in rows], next_cursor=next_cursor)


@router.post("/api/runners", summary="Register a Runner", status_code=201, responses=error_answers(401, 403, 409, 422))
async def register_runner(runners: CurrentRunners, actor: CurrentActor, body: NewRunner) -> RegisteredRunner:
    """Answers its Machine Key and its Machine Secret. The secret is never shown again."""
    return _registered(await runners.register(actor, name=body.name, type=body.type, labels=body.labels))


@router.get("/api/runners/{runner_id}", summary="Get a Runner", responses=error_answers(401, 403, 404, 422))
async def get_runner(connection: Look, runner_id: UUID) -> RunnerAnswer:
    """With the figures of its last heartbeat."""
    row = await store.get(connection, runner_id)
    if row is None:
        raise no_runner()
    return RunnerAnswer(**row)


@router.patch("/api/runners/{runner_id}", summary="Change a Runner", responses=error_answers(401, 403, 404, 409, 422))
async def change_runner(
    connection: Unit, runners: CurrentRunners, actor: CurrentActor, runner_id: UUID, body: RunnerChange
) -> RunnerAnswer:
    """Its name, its type or its labels."""
    row = await runners.change(connection, actor, runner_id, name=body.name, type=body.type, labels=body.labels)
    return RunnerAnswer(**row)


@router.delete(
    "/api/runners/{runner_id}",
    summary="Remove a Runner",
    status_code=204,
    responses=error_answers(401, 403, 404, 409, 422),
)
async def remove_runner(runners: CurrentRunners, actor: CurrentActor, runner_id: UUID) -> None:
    """Its connection is closed and its secret is invalid at once. Refused while it holds an execution."""
    await runners.remove(actor, runner_id)


@router.post(
    "/api/runners/{runner_id}/secret",
    summary="Regenerate a Runner's secret",
    status_code=201,
    responses=error_answers(401, 403, 404, 422),
)
async def regenerate_secret(runners: CurrentRunners, actor: CurrentActor, runner_id: UUID) -> RegisteredRunner:
    """The old secret and every token made with it are invalid at once."""
    return _registered(await runners.regenerate_secret(actor, runner_id))


@router.post(
    "/api/runner/authenticate",
    summary="Prove to be a Runner",
    status_code=201,
    responses=error_answers(401, 422, 429),
)
async def authenticate(runners: CurrentRunners, actor: CurrentActor, body: MachineSignIn) -> MachineToken:
    """Answers a token that is valid for 24 hours."""
    session = await runners.authenticate(
        actor, machine_key=body.machine_key, machine_secret=body.machine_secret.get_secret_value()
    )
    return _token(session)


@router.post(
    "/api/runner/refresh", summary="Renew a Runner's token", status_code=201, responses=error_answers(401, 403)
)
async def refresh(runners: CurrentRunners, actor: CurrentActor, claims: CurrentClaims) -> MachineToken:
    """For a Runner whose token is still valid; the old one stays so until its time is over."""
    return _token(runners.refresh(actor, claims))


def _registered(registered: Registered) -> RegisteredRunner:
    return RegisteredRunner(**registered.runner, machine_secret=registered.machine_secret)


def _token(session: MachineSession) -> MachineToken:
    return MachineToken(
        token=session.token,
        expires_at=session.expires_at,
        runner_id=session.runner_id,
        runner_name=session.runner_name,
    )

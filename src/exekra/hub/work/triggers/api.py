"""The routes of triggers."""

from __future__ import annotations

from itertools import islice
from typing import Annotated
from uuid import UUID

from fastapi import Header, Query, Request

from exekra.hub.core.actor import Actor
from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Disabled, HubError, Invalid, NotFound
from exekra.hub.core.hub import CurrentHub
from exekra.hub.core.unit_of_work import Look, Unit
from exekra.hub.web.access import CurrentActor, slice_router
from exekra.hub.web.answers import error_answers
from exekra.hub.web.paging import Cursor, Limit, Page, cut, read_cursor, write_cursor
from exekra.hub.work.ledger import summary_store
from exekra.hub.work.ledger.states import Source
from exekra.hub.work.triggers import store
from exekra.hub.work.triggers.firing import CurrentFirings
from exekra.hub.work.triggers.schedule import Schedule
from exekra.hub.work.triggers.schemas import (
    Called,
    Firing,
    Preview,
    ScheduleSettings,
    Timing,
    Trigger,
    TriggerDraft,
    WebhookSecret,
    WebhookSettings,
)
from exekra.hub.work.triggers.service import CurrentTriggers, workflows_of
from exekra.hub.work.triggers.store import FiringRow, TriggerKind, TriggerRow
from exekra.hub.work.triggers.webhook import check_signature, inputs_of, secret_of

router = slice_router("Triggers")
ORDER = "firings"
SHOWN_TIMES = 5


@router.get("/api/triggers", summary="List triggers", responses=error_answers(401, 403, 422))
async def list_triggers(
    connection: Look, workflow: Annotated[UUID | None, Query(description="Only those of this workflow.")] = None
) -> list[Trigger]:
    """All of them, by name, each with its next time and what came of it last."""
    return await _answers(connection, await store.all_triggers(connection, workflow))


@router.post(
    "/api/triggers",
    summary="Make a trigger",
    status_code=201,
    responses=error_answers(401, 403, 404, 409, 422),
)
async def create_trigger(
    connection: Unit, triggers: CurrentTriggers, actor: CurrentActor, body: TriggerDraft
) -> Trigger:
    """Executions of the workflow's published version are started when its schedule is due, or its webhook is called."""
    return await _answer(connection, await triggers.create(connection, actor, body))


@router.post("/api/triggers/preview", summary="Show when a schedule fires", responses=error_answers(401, 403, 422))
async def preview_schedule(hub: CurrentHub, body: Timing) -> Preview:
    """The schedule in words, and its next times: what to look at before it is saved."""
    now = hub.clock.now()
    schedule = Schedule(body.cron, body.time_zone, body.starts_at, body.ends_at)
    schedule.check(now)
    return Preview(words=schedule.words, next=list(islice(schedule.after(now), SHOWN_TIMES)))


@router.get("/api/triggers/{trigger_id}", summary="Get a trigger", responses=error_answers(401, 403, 404))
async def get_trigger(connection: Look, triggers: CurrentTriggers, trigger_id: UUID) -> Trigger:
    """What it starts, when, and what came of it last."""
    return await _answer(connection, await triggers.get(connection, trigger_id))


@router.put(
    "/api/triggers/{trigger_id}",
    summary="Change a trigger",
    responses=error_answers(401, 403, 404, 409, 422),
)
async def change_trigger(
    connection: Unit, triggers: CurrentTriggers, actor: CurrentActor, trigger_id: UUID, body: TriggerDraft
) -> Trigger:
    """Replaces all that defines it, and takes effect at once. A schedule stays a schedule, a webhook a webhook."""
    return await _answer(connection, await triggers.change(connection, actor, trigger_id, body))


@router.delete(
    "/api/triggers/{trigger_id}",
    summary="Remove a trigger",
    status_code=204,
    responses=error_answers(401, 403, 404),
)
async def remove_trigger(connection: Unit, triggers: CurrentTriggers, actor: CurrentActor, trigger_id: UUID) -> None:
    """Its history goes with it; the executions that it started stay."""
    await triggers.remove(connection, actor, trigger_id)


@router.get(
    "/api/triggers/{trigger_id}/firings",
    summary="List what came of a trigger, newest first",
    responses=error_answers(401, 403, 404, 422),
)
async def list_firings(
    connection: Look, triggers: CurrentTriggers, trigger_id: UUID, limit: Limit = 50, cursor: Cursor = None
) -> Page[Firing]:
    """Each time at which it was due, or was called, in the last 90 days."""
    await triggers.get(connection, trigger_id)
    after = read_cursor(cursor, ORDER, tuple[UUID])
    rows = await store.firings(connection, trigger_id, before=after[0] if after else None, limit=limit + 1)
    rows, next_cursor = cut(rows, limit, lambda row: write_cursor(ORDER, (row.id,)))
    return Page(items=await _firings(connection, rows), next_cursor=next_cursor)


@router.post(
    "/api/triggers/{trigger_id}/run",
    summary="Run a trigger once now",
    status_code=201,
    responses=error_answers(401, 403, 404, 409, 422, 503),
)
async def run_trigger(
    hub: CurrentHub, triggers: CurrentTriggers, firings: CurrentFirings, actor: CurrentActor, trigger_id: UUID
) -> Called:
    """Starts what it would start, whether it is enabled or not; its schedule stays as it is."""
    async with hub.database.reading() as connection:
        row = await triggers.get(connection, trigger_id)
    done = await firings.fire(row, actor, {}, source=Source.MANUAL)
    return Called(execution_id=done.execution_id, state=done.state, message=done.message)


@router.get(
    "/api/triggers/{trigger_id}/secret",
    summary="Get the secret of a webhook",
    responses=error_answers(401, 403, 404),
)
async def get_secret(connection: Look, hub: CurrentHub, triggers: CurrentTriggers, trigger_id: UUID) -> WebhookSecret:
    """Callers sign with it: `X-Exekra-Signature: sha256=HMAC`, the HMAC-SHA256 in hexadecimal digits of the value of
    `X-Exekra-Timestamp` (seconds since 1970), a dot, and the body.
    """
    row = await triggers.get(connection, trigger_id)
    if row.kind is not TriggerKind.WEBHOOK:
        raise NotFound("A schedule has no secret.")
    return WebhookSecret(secret=_secret(hub, row))


@router.post(
    "/api/triggers/{trigger_id}/secret",
    summary="Renew the secret of a webhook",
    responses=error_answers(401, 403, 404),
)
async def renew_secret(
    connection: Unit, hub: CurrentHub, triggers: CurrentTriggers, actor: CurrentActor, trigger_id: UUID
) -> WebhookSecret:
    """The old one is not valid any more, at once."""
    return WebhookSecret(secret=_secret(hub, await triggers.renew_secret(connection, actor, trigger_id)))


@router.post(
    "/api/triggers/webhook/{trigger_id}",
    summary="Call a webhook",
    status_code=202,
    openapi_extra={
        "requestBody": {"content": {"application/json": {"schema": {}}, "application/x-www-form-urlencoded": {
            "schema": {"type": "object"}}, "text/plain": {"schema": {"type": "string"}}}}
    },
    responses=error_answers(400, 401, 404, 409, 413, 415, 422, 429, 503),
)  # fmt: skip
async def call_webhook(
    request: Request,
    hub: CurrentHub,
    firings: CurrentFirings,
    actor: CurrentActor,
    trigger_id: UUID,
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=200, description="A call with the same key starts nothing again.")
    ] = None,
) -> Called:
    """Starts an execution and answers at once. Its body, JSON or a form, becomes the inputs of the workflow.

    No sign-in: whoever knows the address may call it, unless its calls must be signed.
    """
    body = await request.body()
    async with hub.database.reading() as connection:
        row = await store.get(connection, trigger_id)
    if row is None or row.kind is not TriggerKind.WEBHOOK:
        raise NotFound("There is no such webhook.")
    if row.signed:
        check_signature(_secret(hub, row), request.headers, body, hub.clock.now())
    if not row.enabled:
        raise Disabled("The webhook is switched off.", code="trigger-disabled")
    if idempotency_key is not None and "\0" in idempotency_key:
        raise Invalid("The key must not contain the NUL character.", where="header.idempotency-key")
    inputs = inputs_of(body, request.headers.get("content-type", ""), row.body_input)
    caller = Actor(kind="anonymous", name=f"Trigger {row.name}", ip=actor.ip)
    done = await firings.fire(row, caller, inputs, source=Source.WEBHOOK, key=idempotency_key)
    return Called(execution_id=done.execution_id, state=done.state, message=done.message)


def _secret(hub: CurrentHub, row: TriggerRow) -> str:
    return secret_of(hub.settings.signing_secret, row.id, row.secret_number)


async def _answer(connection: Connection, row: TriggerRow) -> Trigger:
    return (await _answers(connection, [row]))[0]


async def _answers(connection: Connection, rows: list[TriggerRow]) -> list[Trigger]:
    workflows = await workflows_of(connection, rows)
    last_rows = await store.last_firings(connection, [row.id for row in rows])
    last = dict(zip((row.trigger_id for row in last_rows), await _firings(connection, last_rows), strict=True))
    answers = []
    for row in rows:
        workflow, problem, words = workflows[row.workflow_id], None, None
        if workflow.archived_at is not None:
            problem = f"The workflow {workflow.name} is archived."
        elif workflow.published_number is None:
            problem = f"The workflow {workflow.name} has no published version."
        schedule = None
        if row.cron is not None:
            schedule = ScheduleSettings(
                cron=row.cron,
                time_zone=row.time_zone,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                misfire=row.misfire,
            )
            try:
                words = Schedule(row.cron, row.time_zone).words
            except (HubError, ValueError) as error:
                problem = str(error)
        webhook = (
            WebhookSettings(body_input=row.body_input, signed=row.signed) if row.kind is TriggerKind.WEBHOOK else None
        )
        answers.append(
            Trigger(
                id=row.id,
                name=row.name,
                kind=row.kind,
                enabled=row.enabled,
                workflow_id=row.workflow_id,
                workflow_name=workflow.name,
                problem=problem,
                schedule=schedule,
                words=words,
                webhook=webhook,
                overlap=row.overlap,
                inputs=row.inputs,
                next_fire_at=row.next_fire_at,
                last=last.get(row.id),
                created_at=row.created_at,
                changed_at=row.changed_at,
                **row.options,
            )
        )
    return answers


async def _firings(connection: Connection, rows: list[FiringRow]) -> list[Firing]:
    ids = [row.execution_id for row in rows if row.execution_id is not None]
    states = {one.id: one.state.value for one in await summary_store.summaries(connection, ids)} if ids else {}
    return [
        Firing(
            id=row.id,
            due_at=row.due_at,
            fired_at=row.fired_at,
            state=row.state,
            execution_id=row.execution_id,
            execution_state=None if row.execution_id is None else states.get(row.execution_id),
            message=row.message,
        )
        for row in rows
    ]

"""Triggers as people define them: what starts executions of a workflow by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import Depends

from exekra.hub.core.actor import Actor
from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Conflict, Invalid, NotFound
from exekra.hub.core.hub import CurrentHub, Hub
from exekra.hub.design.workflows import store as workflows
from exekra.hub.design.workflows.models import Workflow
from exekra.hub.trust.audit.service import record
from exekra.hub.work.executions.intake import as_id
from exekra.hub.work.files import given as given_files
from exekra.hub.work.triggers import store
from exekra.hub.work.triggers.schedule import Schedule
from exekra.hub.work.triggers.schemas import TriggerDraft
from exekra.hub.work.triggers.store import Misfire, TriggerKind, TriggerRow
from exekra.kit.ids import new_id


class Triggers:
    """The triggers of this installation."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def create(self, connection: Connection, actor: Actor, draft: TriggerDraft) -> TriggerRow:
        """Make a trigger.

        Raises:
            Invalid: Its schedule cannot be read or never fires.
            NotFound: There is no such workflow.
            Conflict: Its name is taken.
        """
        now = self._hub.clock.now()
        id = new_id()
        values = await self._values(connection, draft, now)
        await self._write(connection, lambda: store.insert(
            connection, id=id, secret_number=1, created_at=now, **values))  # fmt: skip
        await record(connection, actor, "trigger.create", "trigger", id, _details(draft))
        return await self.get(connection, id)

    async def change(self, connection: Connection, actor: Actor, id: UUID, draft: TriggerDraft) -> TriggerRow:
        """Replace what defines a trigger; it takes effect at once.

        Raises:
            HubError: As `create`; NotFound when there is no such trigger.
        """
        now = self._hub.clock.now()
        row = await self.get(connection, id, lock=True)
        values = await self._values(connection, draft, now)
        if values["kind"] != row.kind:
            raise Conflict(f"A {row.kind} cannot become a {values['kind']}.", where="body.schedule",
                           hint="Make another trigger.")  # fmt: skip
        if (row.cron, row.time_zone, row.starts_at, row.ends_at, row.enabled) == tuple(
            values[name] for name in ("cron", "time_zone", "starts_at", "ends_at", "enabled")
        ):
            del values["next_fire_at"]
        await self._write(connection, lambda: store.update(connection, id, **values))
        await record(connection, actor, "trigger.change", "trigger", id, _details(draft))
        return await self.get(connection, id)

    async def remove(self, connection: Connection, actor: Actor, id: UUID) -> None:
        """Remove a trigger with its history; what it started stays.

        Raises:
            NotFound: There is no such trigger.
        """
        row = await self.get(connection, id, lock=True)
        await store.delete(connection, id)
        await record(connection, actor, "trigger.delete", "trigger", id, {"name": row.name})

    async def renew_secret(self, connection: Connection, actor: Actor, id: UUID) -> TriggerRow:
        """Make a new secret for a webhook; calls that are signed with the old one are refused from now on.

        Raises:
            NotFound: There is no such webhook.
        """
        row = await self.get(connection, id, lock=True)
        if row.kind is not TriggerKind.WEBHOOK:
            raise NotFound("A schedule has no secret.")
        await store.update(connection, id, secret_number=row.secret_number + 1)
        await record(connection, actor, "trigger.renew-secret", "trigger", id, {"name": row.name})
        return await self.get(connection, id)

    async def get(self, connection: Connection, id: UUID, *, lock: bool = False) -> TriggerRow:
        """A trigger.

        Raises:
            NotFound: There is no such trigger.
        """
        row = await store.get(connection, id, lock=lock)
        if row is None:
            raise NotFound("There is no such trigger.", hint="GET /api/triggers lists them.")
        return row

    async def _values(self, connection: Connection, draft: TriggerDraft, now: datetime) -> dict[str, Any]:
        """The columns of a draft."""
        if (draft.schedule is None) is (draft.webhook is None):
            raise Invalid("A trigger has either `schedule` or `webhook`.", where="body.schedule")
        workflow = await self._workflow(connection, draft.workflow)
        if given_files.are_in([draft.inputs]):
            raise Invalid(
                "A trigger cannot keep uploaded files.",
                where="body.inputs",
                hint="Give the path of a file on the Runner, or keep the file with the workflow.",
            )
        options = {"priority": draft.priority, "runner": draft.runner, "runner_type": draft.runner_type,
                   "labels": draft.labels, "timeout": draft.timeout}  # fmt: skip
        values: dict[str, Any] = {
            "name": draft.name.strip(),
            "kind": TriggerKind.SCHEDULE if draft.schedule is not None else TriggerKind.WEBHOOK,
            "enabled": draft.enabled,
            "workflow_id": workflow.id,
            "inputs": draft.inputs,
            "options": options,
            "overlap": draft.overlap,
            "cron": None,
            "time_zone": "UTC",
            "starts_at": None,
            "ends_at": None,
            "misfire": Misfire.ONCE,
            "body_input": None,
            "signed": False,
            "next_fire_at": None,
            "changed_at": now,
        }
        if draft.schedule is not None:
            timing = draft.schedule
            schedule = Schedule(timing.cron.strip(), timing.time_zone, timing.starts_at, timing.ends_at)
            schedule.check(now)
            values |= {"cron": schedule.cron, "time_zone": timing.time_zone, "starts_at": timing.starts_at,
                       "ends_at": timing.ends_at, "misfire": timing.misfire,
                       "next_fire_at": schedule.next_after(now) if draft.enabled else None}  # fmt: skip
        if draft.webhook is not None:
            values |= {"body_input": draft.webhook.body_input, "signed": draft.webhook.signed}
        if not values["name"]:
            raise Invalid("The name is empty.", where="body.name")
        return values

    async def _workflow(self, connection: Connection, named: str) -> Workflow:
        id = as_id(named)
        found = await (workflows.find_by_name(connection, named) if id is None else workflows.find(connection, id))
        if found is None:
            raise NotFound(f"There is no workflow {named!r}.", where="body.workflow")
        return found

    async def _write(self, connection: Connection, write: Callable[[], Awaitable[None]]) -> None:
        try:
            async with connection.transaction():
                await write()
        except asyncpg.UniqueViolationError:
            raise Conflict("There is a trigger of that name already.", code="name-taken", where="body.name") from None


def _details(draft: TriggerDraft) -> dict[str, Any]:
    timing = {"cron": draft.schedule.cron, "time_zone": draft.schedule.time_zone} if draft.schedule else {}
    return {"name": draft.name, "workflow": draft.workflow, "enabled": draft.enabled, **timing}


async def _triggers(hub: CurrentHub) -> Triggers:
    return Triggers(hub)


CurrentTriggers = Annotated[Triggers, Depends(_triggers)]


async def workflows_of(connection: Connection, rows: Sequence[TriggerRow]) -> dict[UUID, Workflow]:
    """The workflows of these triggers."""
    found = await workflows.find_all(connection, list({row.workflow_id for row in rows}))
    return {workflow.id: workflow for workflow in found}

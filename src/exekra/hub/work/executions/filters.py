"""The filters of the list of executions, which its counts share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import AwareDatetime

from exekra.hub.core.database import Connection
from exekra.hub.design.workflows import store as workflows
from exekra.hub.web.texts import PlainText
from exekra.hub.work.ledger.states import Source
from exekra.hub.work.ledger.summary_store import Bounds
from exekra.kit.ids import first_id


@dataclass(frozen=True, slots=True)
class Filters:
    """Which executions to select; conditions that are None are left out."""

    workflow_id: UUID | None = None
    workflow_tag: Annotated[
        PlainText | None, Query(min_length=1, max_length=100, description="A tag of the workflow.")
    ] = None
    runner_id: UUID | None = None
    text: Annotated[
        PlainText | None, Query(min_length=1, max_length=200, description="Part of the workflow's name.")
    ] = None
    since: Annotated[AwareDatetime | None, Query(description="Created at or after this moment.")] = None
    until: Annotated[AwareDatetime | None, Query(description="Created before this moment.")] = None
    source: Annotated[list[Source] | None, Query(description="What started it: one or more.")] = None
    interactive: Annotated[
        bool | None, Query(description="Whether it was started immediately, bypassing the queue, as in Studio.")
    ] = None
    debug: Annotated[bool | None, Query(description="Whether it is a debug session.")] = None
    created_by: Annotated[UUID | None, Query(description="The user who started it.")] = None

    async def bounds(self, connection: Connection) -> Bounds:
        """The filters as `summary_store` takes them."""
        workflow_ids = None if self.workflow_id is None else [self.workflow_id]
        if self.text is not None:
            workflow_ids = _both(workflow_ids, await workflows.ids_named_like(connection, self.text))
        if self.workflow_tag is not None:
            workflow_ids = _both(workflow_ids, await workflows.ids_tagged(connection, self.workflow_tag))
        return Bounds(
            before=None if self.until is None else first_id(self.until),
            since=None if self.since is None else first_id(self.since),
            workflow_ids=workflow_ids,
            runner_id=self.runner_id,
            sources=self.source,
            interactive=self.interactive,
            debug=self.debug,
            created_by=self.created_by,
        )


def _both(some: list[UUID] | None, others: list[UUID]) -> list[UUID]:
    return others if some is None else [id for id in others if id in some]


WantedExecutions = Annotated[Filters, Depends()]

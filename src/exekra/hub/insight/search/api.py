"""One field that finds everything: workflows, executions, Runners and users by a few letters."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from exekra.hub.core.actor import Role
from exekra.hub.core.database import Connection
from exekra.hub.core.unit_of_work import Look
from exekra.hub.insight.search import store
from exekra.hub.web.access import CurrentActor, slice_router
from exekra.hub.web.answers import error_answers
from exekra.hub.web.texts import PlainText

router = slice_router("Search")

MOST = 8
SHORTEST_ID = 4
"""With fewer letters of an id, the search would find whatever is newest."""


class FoundWorkflow(BaseModel):
    """A workflow."""

    id: UUID
    name: str = Field(examples=["Price the orders"])
    description: str


class FoundExecution(BaseModel):
    """An execution."""

    id: UUID
    workflow_id: UUID
    workflow_name: str
    state: str = Field(examples=["COMPLETED"])
    unique_key: str | None
    created_at: datetime


class FoundRunner(BaseModel):
    """A Runner."""

    id: UUID
    name: str = Field(examples=["Accounting 1"])
    state: str = Field(examples=["ONLINE"])
    host: str | None


class FoundUser(BaseModel):
    """A user."""

    id: UUID
    email: str = Field(examples=["ada@example.org"])
    name: str


class SearchAnswer(BaseModel):
    """What was found: up to 8 of each kind, best match first."""

    workflows: list[FoundWorkflow]
    executions: list[FoundExecution] = Field(description="Executions whose id or unique key begins with the text.")
    runners: list[FoundRunner]
    users: list[FoundUser] = Field(description="For administrators only.")


@router.get(
    "/api/search", summary="Search for workflows, executions, Runners and users", responses=error_answers(401, 403, 422)
)
async def search(
    connection: Look,
    actor: CurrentActor,
    q: Annotated[PlainText, Query(max_length=200, description="The text to search for.", examples=["ord"])],
) -> SearchAnswer:
    """Ignores case and accents. Names that begin with the text come first, then those with a word that does, then those
    that contain it anywhere. Archived workflows are left out.
    """
    text = " ".join(q.split())
    pattern = await store.folded_pattern(connection, text)
    if not pattern:
        return SearchAnswer(workflows=[], executions=[], runners=[], users=[])
    is_admin = actor.role is Role.ADMIN
    return SearchAnswer(
        workflows=[FoundWorkflow(**row.as_dict()) for row in await store.workflows(connection, pattern, MOST)],
        executions=await _executions(connection, text),
        runners=[FoundRunner(**row.as_dict()) for row in await store.runners(connection, pattern, MOST)],
        users=[FoundUser(**row.as_dict()) for row in await store.users(connection, pattern, MOST)] if is_admin else [],
    )


async def _executions(connection: Connection, text: str) -> list[FoundExecution]:
    rows = []
    bounds = id_bounds(text)
    if bounds is not None:
        rows = await store.executions_by_id(connection, *bounds, MOST)
    rows += await store.executions_by_key(connection, text, MOST)
    unique = {row.id: row for row in rows}
    return [FoundExecution(**row.as_dict()) for row in unique.values()][:MOST]


def id_bounds(text: str) -> tuple[UUID, UUID] | None:
    """The first and the last id that begin with that text; None if no id can begin with it."""
    digits = text.lower().replace("-", "")
    if not SHORTEST_ID <= len(digits) <= 32 or not re.fullmatch(r"[0-9a-f]+", digits):
        return None
    return UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))

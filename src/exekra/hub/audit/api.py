"""The audit log, for administrators to read. Nothing can change it, not even they."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, Field

from exekra.hub.audit import store
from exekra.hub.core.access import slice_router
from exekra.hub.core.answers import error_answers
from exekra.hub.core.paging import Cursor, Limit, Page, cut, read_cursor, write_cursor
from exekra.hub.core.unit_of_work import Look

router = slice_router("Audit log")
ORDER = "audit"


class AuditEntry(BaseModel):
    """One thing that somebody did."""

    id: UUID
    at: datetime
    actor_kind: str = Field(description="`user`, `runner`, `system` or `anonymous`.", examples=["user"])
    actor_id: UUID | None
    actor_name: str = Field(examples=["admin@example.org"])
    ip: str | None = Field(examples=["192.0.2.10"])
    action: str = Field(examples=["workflow.publish"])
    resource: str = Field(examples=["workflow"])
    resource_id: str | None
    details: dict[str, Any] | None = Field(examples=[{"number": 3}])


@router.get("/api/audit", summary="List what was done, the newest first", responses=error_answers(401, 403, 422))
async def list_audit(
    connection: Look,
    limit: Limit = 50,
    cursor: Cursor = None,
    actor_id: UUID | None = None,
    action: Annotated[str | None, Query(max_length=100, examples=["workflow.publish"])] = None,
    resource: Annotated[str | None, Query(max_length=100, examples=["workflow"])] = None,
    resource_id: Annotated[str | None, Query(max_length=200)] = None,
    since: Annotated[AwareDatetime | None, Query(description="Not before this moment.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Before this moment.")] = None,
) -> Page[AuditEntry]:
    """Only administrators may read it. All filters that are given must fit."""
    after = read_cursor(cursor, ORDER, tuple[UUID])
    rows = await store.page(
        connection,
        after=after[0] if after else None,
        limit=limit + 1,
        actor_id=actor_id,
        action=action,
        resource=resource,
        resource_id=resource_id,
        since=since,
        until=until,
    )
    entries, next_cursor = cut(rows, limit, lambda row: write_cursor(ORDER, (row["id"],)))
    return Page(items=[AuditEntry(**row) for row in entries], next_cursor=next_cursor)

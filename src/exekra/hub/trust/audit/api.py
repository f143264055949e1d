"""The audit log, for administrators to read. Entries cannot be changed, not even by administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, Field

from exekra.hub.core.hub import CurrentHub
from exekra.hub.core.unit_of_work import Look
from exekra.hub.trust.audit import store
from exekra.hub.trust.audit.export import Format, export
from exekra.hub.trust.audit.service import record
from exekra.hub.trust.audit.store import Filters
from exekra.hub.web.access import CurrentActor, slice_router
from exekra.hub.web.answers import error_answers
from exekra.hub.web.paging import Cursor, Limit, Page, cut, read_cursor, write_cursor
from exekra.hub.web.texts import PlainText
from exekra.kit.ids import new_id

router = slice_router("Audit log")
ORDER = "audit"
_FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A file",
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/x-ndjson": {"schema": {"type": "string"}},
        },
    }
}


class AuditEntry(BaseModel):
    """One action."""

    id: UUID
    at: datetime
    actor_kind: str = Field(description="`user`, `runner`, `system` or `anonymous`.", examples=["user"])
    actor_id: UUID | None
    actor_name: str = Field(examples=["admin@example.org"])
    ip: str | None = Field(examples=["192.0.2.10"])
    action: str = Field(examples=["workflow.publish"])
    resource: str = Field(examples=["workflow"])
    resource_id: str | None
    resource_name: str | None = Field(
        description="The current name of the resource (for an execution, that of its workflow); null if it no longer "
        "exists.",
        examples=["Price the orders"],
    )
    details: dict[str, Any] | None = Field(examples=[{"number": 3}])


class AuditPage(Page[AuditEntry]):
    """One page of the log."""

    searched_back_to: datetime | None = Field(
        default=None, description="Older entries have not been searched for the text yet."
    )


class _AuditQuery(BaseModel):
    """The filters that the list and the export share."""

    text: PlainText | None = Field(
        default=None,
        max_length=200,
        description="Part of the actor's name, the action, the resource, its id, the IP address or the details.",
    )
    actor_id: UUID | None = None
    action: PlainText | None = Field(default=None, max_length=100, examples=["workflow.publish"])
    resource: PlainText | None = Field(default=None, max_length=100, examples=["workflow"])
    resource_id: PlainText | None = Field(default=None, max_length=200)
    since: AwareDatetime | None = Field(default=None, description="Only entries from this moment on.")
    until: AwareDatetime | None = Field(default=None, description="Only entries before this moment.")

    def filters(self) -> Filters:
        """The filters as the store takes them."""
        return Filters(**{name: getattr(self, name) for name in _AuditQuery.model_fields})


class AuditQuery(_AuditQuery):
    """What the list takes."""

    limit: Limit = 50
    cursor: Cursor = None


class ExportQuery(_AuditQuery):
    """What the export takes."""

    format: Format = Field(default="csv", description="`jsonl`: a JSON object on each line.")


@router.get(
    "/api/audit", summary="List the entries of the audit log, newest first", responses=error_answers(401, 403, 422)
)
async def list_audit(connection: Look, query: Annotated[AuditQuery, Query()]) -> AuditPage:
    """An entry must match all given filters.

    With `text`, 100,000 entries are searched at a time. If older ones are left, `searched_back_to` says how far the
    search has come, and `next_cursor` continues it, even when `items` is empty.
    """
    cursor = read_cursor(query.cursor, ORDER, tuple[UUID])
    after, filters = cursor[0] if cursor else None, query.filters()
    furthest = await store.furthest(connection, after=after, filters=filters) if query.text else None
    rows = await store.page(
        connection,
        after=after,
        limit=query.limit + 1,
        filters=filters,
        down_to=None if furthest is None else furthest.id,
    )
    entries, next_cursor = cut(rows, query.limit, lambda row: write_cursor(ORDER, (row.id,)))
    searched_back_to = None
    if next_cursor is None and furthest is not None:
        next_cursor, searched_back_to = write_cursor(ORDER, (furthest.id,)), furthest.at
    ids = {id for row in entries if (id := _as_id(row.resource_id)) is not None}
    names = await store.names(connection, list(ids))
    items = [AuditEntry(**row.as_dict(), resource_name=names.get(row.resource_id or "")) for row in entries]
    return AuditPage(items=items, next_cursor=next_cursor, searched_back_to=searched_back_to)


def _as_id(text: str | None) -> UUID | None:
    try:
        return None if text is None else UUID(text)
    except ValueError:
        return None


@router.get("/api/audit/actions", summary="List the actions in the log", responses=error_answers(401, 403))
async def list_actions(connection: Look) -> list[str]:
    """Each action once, by name: the values that `action` can filter by."""
    return await store.actions(connection)


@router.get(
    "/api/audit/export",
    summary="Download the log",
    response_class=StreamingResponse,
    responses=_FILES | error_answers(401, 403, 422),
)
async def export_audit(
    hub: CurrentHub, actor: CurrentActor, query: Annotated[ExportQuery, Query()]
) -> StreamingResponse:
    """All matching entries, newest first, however many there are. In CSV, text that a spreadsheet would read as a
    formula is prefixed with an apostrophe. The export itself is recorded in the log too.
    """
    given = query.model_dump(mode="json", exclude_none=True)
    async with hub.database.transaction() as connection:
        await record(connection, actor, "audit.export", "audit", None, given)
    lines = export(hub.database, query.filters(), query.format, until=new_id())
    name = f"audit-{hub.clock.now():%Y-%m-%d-%H%M%S}.{query.format}"
    return StreamingResponse(
        lines,
        media_type="text/csv; charset=utf-8" if query.format == "csv" else "application/x-ndjson",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )

"""Finds things by a few letters. Texts are compared `folded`: without case and accents."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.core.rows import Row


class FoundWorkflow(Row, frozen=True):
    """A workflow."""

    id: UUID
    name: str
    description: str


class FoundRunner(Row, frozen=True):
    """A Runner."""

    id: UUID
    name: str
    state: str
    host: str | None


class FoundUser(Row, frozen=True):
    """A user."""

    id: UUID
    email: str
    name: str


class FoundExecution(Row, frozen=True):
    """An execution."""

    id: UUID
    workflow_id: UUID
    workflow_name: str
    state: str
    unique_key: str | None
    created_at: datetime


_RANK = """
CASE WHEN {text} LIKE $1 || '%' THEN 0 WHEN {text} LIKE '% ' || $1 || '%' THEN 1
    WHEN {text} LIKE '%' || $1 || '%' THEN 2 END
"""


async def folded_pattern(connection: Connection, text: str) -> str:
    """The text to compare names with: folded, and with the characters escaped that LIKE treats specially."""
    found: str = await connection.fetchval(r"SELECT regexp_replace(folded($1), '([%_\\])', '\\\1', 'g')", text)
    return found


async def workflows(connection: Connection, pattern: str, most: int) -> list[FoundWorkflow]:
    """Workflows that are not archived, by name: those that begin with the text, then those with a word that does, then
    the others.
    """
    rows = await connection.fetch(
        f"""
        SELECT id, name, description FROM (
            SELECT id, name, description, updated_at, {_RANK.format(text="folded_name")} AS rank
            FROM reporting_workflow WHERE archived_at IS NULL
        ) ranked WHERE rank IS NOT NULL ORDER BY rank, updated_at DESC LIMIT $2
        """,
        pattern,
        most,
    )
    return FoundWorkflow.all(rows)


async def runners(connection: Connection, pattern: str, most: int) -> list[FoundRunner]:
    """Runners by name, or by their machine's."""
    rows = await connection.fetch(
        f"""
        SELECT id, name, state, host FROM (
            SELECT id, name, state, host,
                coalesce({_RANK.format(text="folded(name)")}, 3 + {_RANK.format(text="folded(host)")}) AS rank
            FROM reporting_runner
        ) ranked WHERE rank IS NOT NULL ORDER BY rank, name LIMIT $2
        """,
        pattern,
        most,
    )
    return FoundRunner.all(rows)


async def users(connection: Connection, pattern: str, most: int) -> list[FoundUser]:
    """Users by e-mail address or name."""
    rows = await connection.fetch(
        f"""
        SELECT id, email, name FROM (
            SELECT id, email, name,
                least({_RANK.format(text="folded(email)")}, {_RANK.format(text="folded(name)")}) AS rank
            FROM reporting_user
        ) ranked WHERE rank IS NOT NULL ORDER BY rank, email LIMIT $2
        """,
        pattern,
        most,
    )
    return FoundUser.all(rows)


_EXECUTION = "id, workflow_id, workflow_name, state, unique_key, created_at"


async def executions_by_id(connection: Connection, first: UUID, last: UUID, most: int) -> list[FoundExecution]:
    """Executions with ids between these two, the newest first."""
    rows = await connection.fetch(
        f"SELECT {_EXECUTION} FROM reporting_execution WHERE id BETWEEN $1 AND $2 ORDER BY id DESC LIMIT $3",
        first,
        last,
        most,
    )
    return FoundExecution.all(rows)


async def executions_by_key(connection: Connection, prefix: str, most: int) -> list[FoundExecution]:
    """Executions whose unique key begins with the text, whatever its case; of each key, the newest first."""
    rows = await connection.fetch(
        f"""
        SELECT {_EXECUTION} FROM reporting_execution
        WHERE unique_key IS NOT NULL
          AND lower(unique_key) ~>=~ lower($1) AND lower(unique_key) ~<~ (lower($1) || $3)
        ORDER BY lower(unique_key) USING ~<~, id DESC LIMIT $2
        """,
        prefix,
        most,
        chr(0x10FFFF),
    )
    return FoundExecution.all(rows)

"""Stored answers to questions that must not be handled twice, in PostgreSQL."""

from __future__ import annotations

from uuid import UUID

import msgspec

from exekra.hub.core.database import Connection

QuestionKey = tuple[UUID, int, int]
"""Execution, lease, and the question's number."""


async def begin_answer(connection: Connection, key: QuestionKey, runner_id: UUID) -> bool:
    """Note that a question is being answered; False if it has been answered before.

    While another transaction answers the same question, this waits for its end.
    """
    noted = await connection.fetchval(
        "INSERT INTO remembered_answer (execution_id, lease, question, runner_id) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING RETURNING true",
        *key,
        runner_id,
    )
    return noted is True


async def remember_answer(connection: Connection, key: QuestionKey, body: msgspec.Raw) -> None:
    """Keep the answer of a question that `begin_answer` noted."""
    await connection.execute(
        "UPDATE remembered_answer SET body = $4 WHERE execution_id = $1 AND lease = $2 AND question = $3",
        *key,
        bytes(body).decode(),
    )


async def remembered_answer(connection: Connection, key: QuestionKey) -> msgspec.Raw:
    """The stored answer."""
    body: str = await connection.fetchval(
        "SELECT body FROM remembered_answer WHERE execution_id = $1 AND lease = $2 AND question = $3", *key
    )
    return msgspec.Raw(body.encode())


async def forget_answer(connection: Connection, key: QuestionKey, runner_id: UUID) -> None:
    """Remove an answer that the Runner has received."""
    await connection.execute(
        "DELETE FROM remembered_answer WHERE execution_id = $1 AND lease = $2 AND question = $3 AND runner_id = $4",
        *key,
        runner_id,
    )


async def asking_executions(connection: Connection) -> list[tuple[UUID, int]]:
    """The id and the lease of each execution with stored answers."""
    rows = await connection.fetch("SELECT DISTINCT execution_id, lease FROM remembered_answer")
    return [(row["execution_id"], row["lease"]) for row in rows]


async def forget_answers(connection: Connection, execution_id: UUID, lease: int) -> None:
    """Remove the answers of an execution under that lease."""
    await connection.execute(
        "DELETE FROM remembered_answer WHERE execution_id = $1 AND lease = $2", execution_id, lease
    )

"""Users and revoked tokens in PostgreSQL."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from exekra.hub.core.actor import Role
from exekra.hub.core.database import Connection, Record
from exekra.hub.core.rows import Row
from exekra.hub.identity.people.models import User


class TokenHolder(Row, frozen=True):
    """What must be known of a user to accept a token."""

    email: str
    role: Role
    active: bool
    token_version: int
    revoked: bool


_COLUMNS = "id, email, name, role, active, token_version, created_at, updated_at, signed_in_at"
_LOCK = 0x50656F70

ENDED_SESSIONS = "exekra_ended_sessions"
"""The channel on which Hubs notify each other that a session ended."""


def _user(row: Record) -> User:
    return User(**{**row, "role": Role(row["role"])})


async def lock(connection: Connection) -> None:
    """Let one transaction at a time change who is an administrator."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)


async def any_user(connection: Connection) -> bool:
    """Whether there is a user at all."""
    found: bool = await connection.fetchval("SELECT EXISTS (SELECT FROM app_user)")
    return found


async def other_admin(connection: Connection, id: UUID) -> bool:
    """Whether there is another active administrator."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM app_user WHERE role = 'ADMIN' AND active AND id <> $1)", id
    )
    return found


async def insert(
    connection: Connection, *, id: UUID, email: str, name: str, role: Role, password_hash: str
) -> User | None:
    """Add a user; None when the e-mail address is already in use."""
    row = await connection.fetchrow(
        f"""
        INSERT INTO app_user (id, email, name, role, password_hash) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (email) DO NOTHING RETURNING {_COLUMNS}
        """,
        id,
        email,
        name,
        role.value,
        password_hash,
    )
    return None if row is None else _user(row)


async def find(connection: Connection, id: UUID) -> User | None:
    """The user with that id."""
    row = await connection.fetchrow(f"SELECT {_COLUMNS} FROM app_user WHERE id = $1", id)
    return None if row is None else _user(row)


async def find_with_hash(connection: Connection, email: str) -> tuple[User, str] | None:
    """The user with that e-mail address, with the password's hash."""
    row = await connection.fetchrow(
        f"SELECT {_COLUMNS}, password_hash FROM app_user WHERE email = $1",
        email,
    )
    if row is None:
        return None
    values = dict(row)
    return _user({name: value for name, value in values.items() if name != "password_hash"}), values["password_hash"]


async def find_for_token(connection: Connection, id: UUID, token: UUID) -> TokenHolder | None:
    """The user of a token, and whether that was revoked."""
    row = await connection.fetchrow(
        """
        SELECT email, role, active, token_version,
               EXISTS (SELECT FROM revoked_token WHERE revoked_token.id = $2) AS revoked
        FROM app_user WHERE id = $1
        """,
        id,
        token,
    )
    return TokenHolder.one(row)


async def update(
    connection: Connection,
    id: UUID,
    *,
    name: str | None = None,
    role: Role | None = None,
    active: bool | None = None,
    password_hash: str | None = None,
    end_sessions: bool = False,
) -> User | None:
    """Change what is not None; `end_sessions` makes all tokens of the user invalid. None when there is no such user."""
    row = await connection.fetchrow(
        f"""
        UPDATE app_user SET name = coalesce($2, name), role = coalesce($3, role), active = coalesce($4, active),
            password_hash = coalesce($5, password_hash), token_version = token_version + $6, updated_at = now()
        WHERE id = $1 RETURNING {_COLUMNS}
        """,
        id,
        name,
        None if role is None else role.value,
        active,
        password_hash,
        int(end_sessions),
    )
    return None if row is None else _user(row)


async def preferences(connection: Connection, id: UUID) -> dict[str, Any]:
    """What the user prefers, as it was stored; empty for nothing."""
    found: dict[str, Any] | None = await connection.fetchval("SELECT preferences FROM app_user WHERE id = $1", id)
    return found or {}


async def set_preferences(connection: Connection, id: UUID, preferences: dict[str, Any]) -> None:
    """Store what the user prefers."""
    await connection.execute("UPDATE app_user SET preferences = $2 WHERE id = $1", id, preferences)


async def note_sign_in(connection: Connection, id: UUID) -> None:
    """Remember that the user signed in now."""
    await connection.execute("UPDATE app_user SET signed_in_at = now() WHERE id = $1", id)


async def delete(connection: Connection, id: UUID) -> None:
    """Delete the user; what the user created stays."""
    await connection.execute("DELETE FROM app_user WHERE id = $1", id)


async def revoke(connection: Connection, token: UUID, expires_at: datetime) -> None:
    """Invalidate one token, and forget those that have expired anyway."""
    await connection.execute("DELETE FROM revoked_token WHERE expires_at < now()")
    await connection.execute(
        "INSERT INTO revoked_token (id, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING", token, expires_at
    )


async def announce_ended_sessions(connection: Connection) -> None:
    """Notify all Hubs, once this transaction is committed, that a session ended."""
    await connection.execute("SELECT pg_notify($1, '')", ENDED_SESSIONS)


async def page(
    connection: Connection,
    *,
    after: str | None,
    limit: int,
    text: str | None,
    role: Role | None,
    active: bool | None,
) -> list[User]:
    """Users by e-mail address; each condition that is None is left out."""
    conditions, values = ["true"], list[Any]()
    for condition, value in (
        ("email > ${}", after),
        ("strpos(lower(email || ' ' || name), lower(${0})) > 0", text or None),
        ("role = ${}", None if role is None else role.value),
        ("active = ${}", active),
    ):
        if value is not None:
            values.append(value)
            conditions.append(condition.format(len(values)))
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM app_user WHERE {' AND '.join(conditions)} ORDER BY email LIMIT {limit:d}",
        *values,
    )
    return [_user(row) for row in rows]


async def count_attempt(
    connection: Connection,
    key: str,
    now: datetime,
    *,
    free: int,
    longest: timedelta,
    forgotten_after: timedelta,
) -> tuple[int | None, datetime]:
    """Count an attempt under a key if it may be made now.

    Returns:
        None and `now` when it was counted; otherwise how many were counted before, and when the last one was made.
    """
    counted = await connection.fetchval(
        """
        INSERT INTO sign_in_attempt AS a (key, failures, last_at) VALUES ($1, 1, $2::timestamptz)
        ON CONFLICT (key) DO UPDATE
        SET failures = CASE WHEN $2 - a.last_at > $5::interval THEN 1 ELSE a.failures + 1 END, last_at = $2
        WHERE $2 - a.last_at > $5 OR a.failures < $3::integer
           OR a.last_at + least(make_interval(secs => 2 ^ least(a.failures - $3, 20)), $4::interval) <= $2
        RETURNING true
        """,
        key,
        now,
        free,
        longest,
        forgotten_after,
    )
    if counted:
        return None, now
    row = await connection.fetchrow("SELECT failures, last_at FROM sign_in_attempt WHERE key = $1", key)
    assert row is not None, "the row that refused the attempt is locked by this transaction"
    return row["failures"], row["last_at"]


async def forget_attempts(connection: Connection, *, forgotten: str, one_less: list[str]) -> None:
    """Forget the attempts under one key, and take one back under each of the others."""
    await connection.execute(
        "UPDATE sign_in_attempt SET failures = greatest(failures - 1, 0) WHERE key = ANY($1)", one_less
    )
    await connection.execute("DELETE FROM sign_in_attempt WHERE key = $1", forgotten)


async def clean_attempts(connection: Connection, *, before: datetime) -> None:
    """Remove the counts to which nothing was added since that moment."""
    await connection.execute("DELETE FROM sign_in_attempt WHERE last_at < $1", before)

"""A PostgreSQL that somebody else runs: is it available, may we use it, and is it new enough?"""

from __future__ import annotations

from urllib.parse import urlsplit

import asyncpg

from exekra.postgres.errors import PostgresError
from exekra.postgres.programs import OLDEST_VERSION

_ANSWER_SECONDS = 10


async def check_external(url: str) -> None:
    """Connect once to a server named by its address.

    Raises:
        PostgresError: It does not respond, refuses us, or is older than version 14. The password is never in the
            message.
    """
    try:
        where = _shown(url)
    except ValueError as error:
        raise PostgresError(f"The database address is not valid: {error}.") from None
    try:
        connection = await asyncpg.connect(url, timeout=_ANSWER_SECONDS)
    except ValueError as error:
        raise PostgresError(f"The database address of {where} is not valid: {error}.") from None
    except asyncpg.InvalidAuthorizationSpecificationError as error:
        raise PostgresError(f"PostgreSQL at {where} refused the user or password: {error}.") from None
    except asyncpg.PostgresError as error:
        raise PostgresError(f"PostgreSQL at {where} refused: {error}.") from None
    except OSError as error:
        reason = error.strerror or "no response in time"
        raise PostgresError(
            f"No PostgreSQL responds at {where} ({reason}). Check that it is running and that the address is correct."
        ) from None
    try:
        version = connection.get_server_version()
    finally:
        await connection.close()
    if version.major < OLDEST_VERSION:
        raise PostgresError(
            f"PostgreSQL at {where} is version {version.major}; Exekra requires {OLDEST_VERSION} or newer."
        )


def _shown(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname or 'this machine'}:{parts.port or 5432}{parts.path}"

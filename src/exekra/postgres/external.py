"""A PostgreSQL that somebody else runs: is it there, may we use it, and is it new enough?"""

from __future__ import annotations

from urllib.parse import urlsplit

import asyncpg

from exekra.postgres.errors import PostgresError
from exekra.postgres.programs import OLDEST_VERSION

_ANSWER_SECONDS = 10


async def check_external(url: str) -> None:
    """Connect once to a server named by its address.

    Raises:
        PostgresError: It does not answer, refuses us, or is older than version 14. The password is never in the text.
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
        reason = error.strerror or "no answer in time"
        raise PostgresError(
            f"No PostgreSQL answers at {where} ({reason}). Is it running, is the address right?"
        ) from None
    try:
        version = connection.get_server_version()
    finally:
        await connection.close()
    if version.major < OLDEST_VERSION:
        raise PostgresError(
            f"PostgreSQL at {where} is version {version.major}; Exekra needs {OLDEST_VERSION} or newer."
        )


def _shown(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname or 'this machine'}:{parts.port or 5432}{parts.path}"

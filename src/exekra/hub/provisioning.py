"""What a new installation needs before anybody can use it: an administrator, a Runner on this machine, examples.

Everything is made once and then left alone: what people change or remove later is theirs.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from exekra.hub.core.actor import SYSTEM
from exekra.hub.core.errors import Conflict, Invalid
from exekra.hub.core.hub import Hub
from exekra.hub.people.service import People, clean_email
from exekra.sdk.errors import SettingsError

ADMIN_EMAIL = "admin@localhost"
"""Who signs in first, when EXEKRA_ADMIN_EMAIL names nobody."""

Say = Callable[[str], None]
"""Tells the person who started Exekra."""


async def provision(hub: Hub, environ: Mapping[str, str], say: Say) -> None:
    """Make what is missing; nothing happens when all is there.

    Raises:
        SettingsError: EXEKRA_ADMIN_EMAIL or EXEKRA_ADMIN_PASSWORD cannot be used.
    """
    await _make_administrator(hub, environ, say)


async def _make_administrator(hub: Hub, environ: Mapping[str, str], say: Say) -> None:
    """The first user; a generated password is shown now and never again, for only its hash is kept."""
    given = environ.get("EXEKRA_ADMIN_PASSWORD")
    password = given or secrets.token_urlsafe(12)
    try:
        email = clean_email(environ.get("EXEKRA_ADMIN_EMAIL") or ADMIN_EMAIL)
        await hub.get(People).bootstrap(SYSTEM, email=email, name="Administrator", password=password)
    except Conflict:
        return
    except Invalid as error:
        raise SettingsError(f"The first administrator cannot be made: {error.message}") from None
    say(f"First administrator: {email}, password {'as given' if given else f'{password}  (shown only this once)'}")

"""One transaction for one request, committed before the answer is sent: what a client is told is in the database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends

from exekra.hub.core.database import Connection
from exekra.hub.core.hub import CurrentHub


async def unit_of_work(hub: CurrentHub) -> AsyncIterator[Connection]:
    """The transaction of this request."""
    async with hub.database.transaction() as connection:
        yield connection


async def look(hub: CurrentHub) -> AsyncIterator[Connection]:
    """A connection for a request that only reads: no transaction, and so two round trips fewer."""
    async with hub.database.reading() as connection:
        yield connection


# The scope "function" ends the dependency when the route's function returns, before the answer is sent.
Unit = Annotated[Connection, Depends(unit_of_work, scope="function")]
Look = Annotated[Connection, Depends(look, scope="function")]

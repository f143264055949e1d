"""The only access to PostgreSQL: a pool, the only place that commits, and notifications.

A restarting PostgreSQL is waited for; one that stays unavailable causes an Unavailable error (503), never a traceback.
A task holds one connection at a time: tasks that each hold one and wait for another would deadlock.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Any, Literal, Protocol, Self

import asyncpg
from tenacity import AsyncRetrying, retry_if_exception_type, stop_before_delay, wait_exponential

from exekra.hub.core.errors import Unavailable
from exekra.kit import json
from exekra.kit.supervision import Supervisor

logger = logging.getLogger(__name__)

Record = Mapping[str, Any]
"""A row: values by column name."""

LOST = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
)
"""What asyncpg raises while PostgreSQL is unavailable or restarting."""

AWAY = (*LOST, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""The same, plus what asyncpg raises for a connection whose loss it has only partly noticed."""

PAUSES = wait_exponential(multiplier=0.02, max=1)
"""Seconds between two attempts to reach an unavailable PostgreSQL."""


class Connection(Protocol):
    """The part of an asyncpg connection that the Hub uses; asyncpg itself is untyped."""

    async def execute(self, query: str, *arguments: Any, timeout: float | None = None) -> str: ...
    async def executemany(self, command: str, arguments: Iterable[Sequence[Any]]) -> None: ...
    async def fetch(self, query: str, *arguments: Any, timeout: float | None = None) -> list[Record]: ...
    async def fetchrow(self, query: str, *arguments: Any) -> Record | None: ...
    async def fetchval(self, query: str, *arguments: Any, column: int = 0) -> Any: ...
    async def copy_records_to_table(
        self, table_name: str, *, records: Iterable[Sequence[Any]], columns: Sequence[str] | None = None
    ) -> str: ...
    def cursor(self, query: str, *arguments: Any, prefetch: int | None = None) -> Any: ...
    def transaction(self) -> Any: ...
    def is_closed(self) -> bool: ...


class _Loan:
    """A connection that a task holds, until it is `over`."""

    __slots__ = ("database", "over")

    def __init__(self, database: Database) -> None:
        self.database = database
        self.over = False


_loan: ContextVar[_Loan | None] = ContextVar("loan", default=None)
"""The latest loan of this task, or of the one that started it."""


class Database:
    """Connections to one PostgreSQL.

    `json` and `jsonb` columns are read and written as Python data. Session settings (`SET`) must be `SET LOCAL`:
    a connection is not reset when it goes back to the pool.
    """

    def __init__(self, pool: Any, url: str, supervisor: Supervisor, patience: float) -> None:
        self.pool = pool
        self._supervisor = supervisor
        self._url = url
        self._patience = patience
        self._free = asyncio.Semaphore(pool.get_max_size())
        self._lost: BaseException | None = None

    @classmethod
    async def connect(
        cls, url: str, supervisor: Supervisor, *, smallest: int = 2, largest: int = 10, patience: float = 5.0
    ) -> Self:
        """Open the pool, waiting up to `patience` seconds for the server; the supervisor keeps listeners running.

        Raises:
            Unavailable: The server does not respond, or refuses the sign-in; the message has the reason.
        """
        pool = await reach(
            lambda: asyncpg.create_pool(
                url,
                min_size=smallest,
                max_size=largest,
                init=_teach_json,
                reset=_keep_session,
                command_timeout=60,
                timeout=10,
                server_settings=_SESSION,
            ),
            patience,
        )
        return cls(pool, url, supervisor, patience)

    async def close(self) -> None:
        """Close all connections; those still busy after 5 seconds are terminated."""
        try:
            async with asyncio.timeout(5):
                await self.pool.close()
        except TimeoutError:
            self.pool.terminate()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Lend a connection inside a transaction: committed when the block ends, rolled back when it raises.

        Raises:
            Unavailable: PostgreSQL is unavailable, or all connections stayed in use; with the code `outcome-unknown`,
                the connection was lost during the commit.
            RuntimeError: This task already holds a connection.
        """
        async with self._lend(begin=True) as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """Lend a connection without a transaction: each statement sees what is committed when it begins.

        Raises:
            Unavailable: PostgreSQL is unavailable, or all connections stayed in use.
            RuntimeError: This task already holds a connection.
        """
        async with self._lend(begin=False) as connection:
            yield connection

    @asynccontextmanager
    async def _lend(self, *, begin: bool) -> AsyncIterator[Connection]:
        loan = self._new_loan()
        try:
            connection, transaction = await self._acquire(begin=begin)
            try:
                try:
                    yield connection
                except BaseException:
                    if transaction is not None and not _is_cut(connection):
                        await transaction.rollback()
                    raise
                if transaction is not None:
                    with committing(connection):
                        await transaction.commit()
            except asyncpg.InternalClientError as error:  # the server closed it, and asyncpg has only partly noticed
                _cut(connection)
                raise _away(error) from error
            except (*LOST, asyncpg.InterfaceError) as error:
                if isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError) or _is_cut(connection):
                    raise _away(error) from error
                raise
            finally:
                await self._give_back(connection)
        finally:
            loan.over = True

    def _new_loan(self) -> _Loan:
        held = _loan.get()
        if held is not None and held.database is self and not held.over:
            raise RuntimeError(
                "This task already holds a database connection: pass it on instead of taking a second one."
            )
        loan = _Loan(self)
        _loan.set(loan)
        return loan

    async def _acquire(self, *, begin: bool) -> tuple[Any, Any]:
        """A working connection, with a transaction begun if requested; waits while PostgreSQL is unavailable."""
        deadline = time.monotonic() + self._patience
        if not await self._wait_for_free(self._patience):
            # Those who have all the connections may be waiting for PostgreSQL themselves.
            raise self._all_in_use() if self._lost is None else _away(self._lost) from self._lost
        try:
            return await self._reach(deadline, begin=begin)
        except BaseException:
            self._free.release()
            raise

    async def _wait_for_free(self, seconds: float) -> bool:
        """Take one of the available connections; False if all stay in use for that long."""
        if not self._free.locked():
            return await self._free.acquire()
        try:
            async with asyncio.timeout(seconds):
                return await self._free.acquire()
        except TimeoutError:
            return False

    async def _reach(self, deadline: float, *, begin: bool) -> tuple[Any, Any]:
        async def attempt() -> tuple[Any, Any]:
            connection = await self.pool.acquire(timeout=max(deadline - time.monotonic(), 0.01))
            try:
                transaction = connection.transaction() if begin else None
                if transaction is not None:
                    await transaction.start()
            except BaseException as error:
                if isinstance(error, AWAY):
                    _cut(connection)
                await self.pool.release(connection)
                raise
            self._lost = None
            return connection, transaction

        try:
            return await attempt()  # without the cost of what only an absent server needs
        except AWAY as error:
            self._lost = error
            stop = stop_before_delay(deadline - time.monotonic())
        retrying = AsyncRetrying(retry=retry_if_exception_type(AWAY), wait=PAUSES, stop=stop, reraise=True)
        try:
            return await retrying(attempt)
        except AWAY as error:
            raise _away(error) from error

    async def _give_back(self, connection: Any) -> None:
        """What was committed stays committed, so a connection that only breaks now fails nothing."""
        try:
            await self.pool.release(connection)
        except (*LOST, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            logger.warning("A database connection broke after its use: %s", error)
        finally:
            self._free.release()

    def _all_in_use(self) -> Unavailable:
        return Unavailable(
            f"All {self.pool.get_max_size()} database connections are in use.",
            code="database-busy",
            hint="Try again in a moment. If it continues, an administrator can raise EXEKRA_POOL_LARGEST.",
            headers={"Retry-After": "2"},
        )

    async def responds(self, *, seconds: float = 1.0) -> Literal["ok", "busy", "unavailable"]:
        """Whether PostgreSQL answers a query within that time; "busy" if all connections are in use meanwhile."""
        loan = self._new_loan()
        try:
            if not await self._wait_for_free(seconds):
                return "busy"
            try:
                async with asyncio.timeout(seconds):
                    connection = await self.pool.acquire()
                    try:
                        await connection.fetchval("SELECT 1")
                    finally:
                        await self.pool.release(connection)
            finally:
                self._free.release()
        except (*LOST, asyncpg.PostgresError, asyncpg.InterfaceError):
            return "unavailable"
        finally:
            loan.over = True
        return "ok"

    @asynccontextmanager
    async def listen(self, channel: str, callback: Callable[[str], None]) -> AsyncIterator[None]:
        """Call `callback` with the payload of every NOTIFY on `channel`, for the duration of the block.

        It has its own connection. When that breaks, it is replaced, and `callback("")` says that notifications may have
        been missed; so a listener should also look for itself now and then.
        """
        ready = asyncio.Event()

        async def hear() -> None:
            await self._listen_until_lost(channel, callback, ready)

        async with self._supervisor.keeping(f"listening to {channel}", hear):
            await ready.wait()
            yield

    async def _listen_until_lost(self, channel: str, callback: Callable[[str], None], ready: asyncio.Event) -> None:
        lost = asyncio.Event()
        try:
            connection = await asyncpg.connect(self._url, timeout=10, server_settings=_SESSION)
            try:
                connection.add_termination_listener(lambda _: lost.set())
                await connection.add_listener(channel, lambda _, __, ___, payload: callback(payload))
                if ready.is_set():
                    callback("")
                ready.set()
                await lost.wait()
            finally:
                connection.terminate()
        except AWAY as error:
            raise _away(error) from error
        raise _away(ConnectionError("the connection was lost"))


@contextmanager
def committing(connection: Any) -> Iterator[None]:
    """For a commit, or a changing statement outside of a transaction: if its answer is lost, it is unknown whether it
    was done, and the error must say so.

    Raises:
        Unavailable: The answer is lost (code `outcome-unknown`).
    """
    try:
        yield
    except AWAY as error:
        _cut(connection)
        raise Unavailable(
            "The connection to the Hub's database was lost while this was being saved: it may or may not have been "
            "saved.",
            code="outcome-unknown",
            hint="Check whether it was saved before you try again.",
            headers={"Retry-After": "2"},
        ) from error


def _is_cut(connection: Any) -> bool:
    """Whether it is closed. One that PostgreSQL closed leaves the pool by itself, and then cannot even be queried."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True


def _cut(connection: Any) -> None:
    if not _is_cut(connection):
        connection.terminate()


async def reach(attempt: Callable[[], Awaitable[Any]], patience: float) -> Any:
    """The result of `attempt`, as soon as PostgreSQL responds: it is retried for up to `patience` seconds.

    Raises:
        Unavailable: The server does not respond, or refuses the sign-in; the message has the reason.
    """

    async def connect() -> Any:
        return await attempt()  # always a coroutine function, because only these are awaited

    retrying = AsyncRetrying(
        retry=retry_if_exception_type(LOST), wait=PAUSES, stop=stop_before_delay(patience), reraise=True
    )
    try:
        return await retrying(connect)
    except LOST as error:
        raise _away(error) from error
    except asyncpg.PostgresError as error:
        raise Unavailable(f"PostgreSQL refused the connection: {error}.") from error


_SESSION = {
    "application_name": "exekra-hub",
    "jit": "off",  # Our statements are short: JIT compilation costs more than it saves.
    "timezone": "UTC",
    "idle_in_transaction_session_timeout": "30s",
}


async def _teach_json(connection: Any) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: b"\x01" + json.encode(value),  # jsonb's binary form: a version, then the text
        decoder=lambda data: json.trusted(data[1:]),
    )
    await connection.set_type_codec(
        "json", schema="pg_catalog", format="binary", encoder=json.encode, decoder=json.trusted
    )


async def _keep_session(_: Any) -> None:
    """Save the round trip that a reset would cost each request; asyncpg still ends an open transaction."""


def _away(error: BaseException) -> Unavailable:
    reason = str(error) or type(error).__name__
    return Unavailable(
        f"The Hub's database does not respond: {reason.rstrip('.')}.",
        code="database-unavailable",
        hint="Try again in a moment. If it continues, check that PostgreSQL is running.",
        headers={"Retry-After": "2"},
    )

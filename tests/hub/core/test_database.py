"""The door to PostgreSQL: what is committed, what is rolled back, and what happens when the server goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from exekra.hub.core.database import Connection, Database
from exekra.hub.core.errors import Conflict, Unavailable
from exekra.kit.supervision import Supervisor
from exekra.testing.patience import PATIENCE_SECONDS
from exekra.testing.postgres import Postgres


@pytest.fixture
async def database(empty_database_url: str) -> AsyncIterator[Database]:
    database = await Database.connect(empty_database_url, Supervisor(), smallest=1, largest=3)
    async with database.transaction() as connection:
        await connection.execute("CREATE TABLE thing (name text UNIQUE, data jsonb, kept json)")
    yield database
    await database.close()


async def count(database: Database) -> int:
    async with database.reading() as connection:
        found: int = await connection.fetchval("SELECT count(*) FROM thing")
    return found


async def test_a_block_that_ends_is_committed_and_one_that_raises_is_not(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute("INSERT INTO thing VALUES ('a')")
    with pytest.raises(Conflict):
        await _insert_and_refuse(database)
    inserted = asyncio.Event()
    task = asyncio.create_task(_insert_and_wait(database, inserted))
    await inserted.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await count(database) == 1


async def _insert_and_refuse(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute("INSERT INTO thing VALUES ('b')")
        raise Conflict


async def _insert_and_wait(database: Database, inserted: asyncio.Event) -> None:
    async with database.transaction() as connection:
        await connection.execute("INSERT INTO thing VALUES ('c')")
        inserted.set()
        await asyncio.Event().wait()


async def test_errors_of_the_block_are_not_hidden(database: Database) -> None:
    with pytest.raises(OSError, match="a file"):
        async with database.transaction():
            raise OSError("a file")
    with pytest.raises(asyncpg.UniqueViolationError):
        async with database.transaction() as connection:
            await connection.execute("INSERT INTO thing VALUES ('a'), ('a')")


async def test_json_columns_hold_plain_data(database: Database) -> None:
    data = {"b": [1, 2.5, None, "ü"], "a": {"deep": True}}
    async with database.transaction() as connection:
        await connection.execute("INSERT INTO thing VALUES ('a', $1, $2)", data, data)
        row = await connection.fetchrow("SELECT data, kept, ARRAY[data] AS many FROM thing")
    assert row is not None
    assert row["data"] == row["kept"] == row["many"][0] == data
    assert list(row["kept"]) == ["b", "a"], "json keeps the order"


@asynccontextmanager
async def _all_in_use(database: Database) -> AsyncIterator[None]:
    """Another task holds the one connection for as long as the block lasts."""
    held, enough = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with database.reading():
            held.set()
            await enough.wait()

    holding = asyncio.create_task(hold())
    holding.add_done_callback(lambda _: held.set())  # Whoever waits is told when it gets none.
    await held.wait()
    if holding.done():
        await holding
    yield
    enough.set()
    await holding


async def test_a_full_pool_is_waited_for_and_then_told(empty_database_url: str) -> None:
    database = await Database.connect(empty_database_url, Supervisor(), smallest=0, largest=1)
    async with _all_in_use(database):
        database._patience = 0.2  # Not before: the connection that is in use may take longer to come.
        with pytest.raises(Unavailable, match="All 1 database connections are in use") as refused:
            async with database.reading():
                pass
        assert refused.value.code == "database-busy"
        assert await database.responds(seconds=0.05) == "busy"
    assert await database.responds() == "ok"
    database._patience = PATIENCE_SECONDS
    async with database.reading() as connection:
        assert await connection.fetchval("SELECT 1") == 1
    await database.close()


async def test_a_task_takes_no_second_connection(database: Database) -> None:
    async def take() -> None:
        async with database.reading():
            pass

    async with database.transaction():
        with pytest.raises(RuntimeError, match="already holds a database connection"):
            await take()
        with pytest.raises(RuntimeError, match="already holds a database connection"):
            await asyncio.create_task(take())
    await take()


async def test_connections_that_the_server_cut_are_replaced(database: Database) -> None:
    async def cut_while_used() -> None:
        async with database.reading() as connection:
            await _cut(database, connection)
            await connection.fetchval("SELECT 1")

    for _ in range(3):
        with pytest.raises(Unavailable):
            await cut_while_used()
        assert await count(database) == 0


async def _cut(database: Database, connection: Connection) -> None:
    other = await asyncpg.connect(database._url)
    await other.execute("SELECT pg_terminate_backend($1)", await connection.fetchval("SELECT pg_backend_pid()"))
    await other.close()


async def test_a_lost_commit_is_not_told_as_a_refusal(database: Database) -> None:
    async def commit_in_vain() -> None:
        async with database.transaction() as connection:
            await connection.execute("INSERT INTO thing VALUES ('a')")
            await _cut(database, connection)

    with pytest.raises(Unavailable, match="may or may not have been saved") as lost:
        await commit_in_vain()
    assert lost.value.code == "outcome-unknown"


async def test_a_connection_that_breaks_after_the_commit_fails_nothing(database: Database) -> None:
    pool = database.pool

    class Breaking:
        acquire = pool.acquire

        async def release(self, connection: object) -> None:
            await pool.release(connection)
            raise asyncpg.ConnectionDoesNotExistError("broken")

    database.pool = Breaking()
    async with database.transaction() as connection:
        await connection.execute("INSERT INTO thing VALUES ('a')")
    database.pool = pool
    assert await count(database) == 1


async def test_a_restart_of_the_server_is_survived(postgres: Postgres, app: FastAPI, client: httpx.AsyncClient) -> None:
    hub = app.state.hub
    heard: list[str] = []
    waiting = asyncio.Event()

    def hear(payload: str) -> None:
        heard.append(payload)
        waiting.set()

    async def hear_next() -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await waiting.wait()
        waiting.clear()

    async with hub.database.listen("bell", hear):
        async with hub.database.transaction() as connection:
            await connection.execute("SELECT pg_notify('bell', 'one')")
        await hear_next()
        await postgres.cluster.stop()
        assert (await client.get("/api/health")).status_code == 503
        asking = asyncio.create_task(client.get("/api/bootstrap"))
        await postgres.cluster.start()
        assert (await asking).status_code == 200, "the request waited for the server"
        await hear_next()
        assert heard == ["one", ""], "what may have been missed is told"
        async with hub.database.transaction() as connection:
            await connection.execute("SELECT pg_notify('bell', 'two')")
        await hear_next()
        assert heard[-1] == "two"
    assert (await client.get("/api/health")).json()["status"] == "ok"


async def test_a_server_that_stays_away_is_told(postgres: Postgres, app: FastAPI, client: httpx.AsyncClient) -> None:
    app.state.hub.database._patience = 0.3
    await postgres.cluster.stop()
    try:
        response = await client.get("/api/bootstrap")
    finally:
        await postgres.cluster.start()
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "database-unavailable"
    assert response.headers["retry-after"] == "2"


async def test_no_server_at_all_is_told() -> None:
    with pytest.raises(Unavailable, match="does not respond"):
        await Database.connect("postgresql://exekra@127.0.0.1:1/exekra", Supervisor(), patience=0.1)


async def test_an_answer_is_sent_after_the_commit(app: FastAPI, admin: httpx.AsyncClient) -> None:
    """A change that fails at commit is not answered as done."""
    async with app.state.hub.database.transaction() as connection:
        await connection.execute(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'refused at commit' USING ERRCODE = '40001'; END $$;
            CREATE CONSTRAINT TRIGGER late AFTER INSERT ON workflow DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION refuse();
            """
        )
    response = await admin.post("/api/workflows", json={"name": "Late"})
    assert response.status_code == 503
    assert (await admin.get("/api/workflows")).json()["items"] == []

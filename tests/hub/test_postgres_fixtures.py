"""The shipped fixtures give each test a database of its own."""

from __future__ import annotations

import asyncpg
import pytest

from exekra.testing.postgres import Postgres


@pytest.mark.parametrize("round_number", [1, 2])
async def test_what_one_test_writes_the_next_does_not_see(
    postgres: Postgres, hub_template: str, round_number: int
) -> None:
    url = await postgres.create_database(template=hub_template)
    connection = await asyncpg.connect(url)
    try:
        assert await connection.fetchval("select to_regclass('left_behind')") is None
        await connection.execute("create table left_behind as select 1")
        assert await connection.fetchval("select to_regclass('workflow')") is not None
    finally:
        await connection.close()
    await postgres.drop_database(url)


async def test_an_empty_database_is_empty(empty_database_url: str) -> None:
    connection = await asyncpg.connect(empty_database_url)
    try:
        assert await connection.fetchval("select count(*) from pg_tables where schemaname = 'public'") == 0
    finally:
        await connection.close()

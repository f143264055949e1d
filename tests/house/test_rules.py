"""Each house rule is shown something good and something bad: a rule that never fires is no rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

import pytest

from . import rules

SAMPLES: list[tuple[Callable[[str], Iterator[str]], str, str]] = [
    (rules.too_long, "x = 1\n" * 400, "x = 1\n" * 401),
    (rules.silent_exception, "x = 1  # noqa: S104 - compared, not listened on\n", "x = 1  # noqa: S104\n"),
    (rules.silent_exception, "x = 'a # noqa in a text'\n", "x = 1  # noqa\n"),
    (rules.silent_exception, "x = 1  # type: ignore[misc]  # why\n", "x = 1  # type: ignore[misc]\n"),
    (rules.silent_exception, "x = 1  # pragma: no cover - Windows only\n", "x = 1  # pragma: no cover\n"),
    (
        rules.silent_web_exception,
        "// eslint-disable-next-line no-console -- a tool\n",
        "// eslint-disable-line no-console\n",
    ),
    (rules.silent_web_exception, "// @ts-expect-error: their types lie\n", "// @ts-ignore\n"),
    (rules.query_outside_store, "await store.find(connection, id)\n", "await connection.fetchrow('SELECT 1')\n"),
    (rules.query_outside_store, "result.fetch('a page')\n", "await c.execute(f'update {table} set x = 1')\n"),
    (rules.query_outside_store, "queue.execute(job)\n", "await c.fetch('select ' + columns)\n"),
    (rules.record_outside_store, "from a.database import Connection\n", "from a.database import Record\n"),
    (rules.record_given_out, "async def page() -> list[Runner]: ...\n", "async def page() -> list[Record]: ...\n"),
    (rules.record_given_out, "def _made(row: Record) -> Record: ...\n", "def one() -> Record | None: ...\n"),
    (rules.own_commit, "async with database.transaction(): pass\n", "await transaction.commit()\n"),
    (rules.own_commit, "await c.execute('select 1')\n", "await c.execute('COMMIT')\n"),
    (rules.private_place, "See https://www.postgresql.org/docs\n", "index = file:" + "///srv\n"),
    (rules.private_place, "/var/lib/exekra\n", "cd /" + "work/exekra\n"),
    (
        rules.unidiomatic,
        "How often to look for lost Runners",
        "How often is looked" + " for lost Runners: is looked" + " for",
    ),
    (rules.unidiomatic, "There is no such address; it is no longer valid", "`a b` is no" + " address"),
    (rules.unidiomatic_message, "say('The lease has ended.')\n", "say('The lease was given" + " up.')\n"),
    (rules.unidiomatic_message, "def a(): 'What is told" + " to nobody.'\n", "say(f'{count} are not" + " told')\n"),
]


@pytest.mark.parametrize(("rule", "good", "bad"), SAMPLES)
def test_passes_the_good_and_finds_the_bad(rule: Callable[[str], Iterator[str]], good: str, bad: str) -> None:
    assert not list(rule(good))
    assert list(rule(bad))


def test_names_that_say_nothing_are_found() -> None:
    assert not list(rules.empty_name(PurePosixPath("hub/identity/people/store.py")))
    assert list(rules.empty_name(PurePosixPath("hub/utils.py")))
    assert list(rules.empty_name(PurePosixPath("hub/session_manager.py")))
    assert list(rules.empty_name(PurePosixPath("helpers/one.py")))

"""Records what a real Runner and a real Hub of this version say: `python -m tests.recorded.record FOLDER`.

Run it once for each version of the protocol, before the next one changes anything; the files are then kept as they
are. Each file is one story, a frame a line. Of the catalogue only a few entries are kept: the rest repeats itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from tests.e2e.hub_and_runner import HubAndRunner, row

from exekra.postgres.cluster import Cluster

from .relay import Frame, Relay

KEPT_ENTRIES = {"general.log", "general.wait", "csv.read"}
LONGEST_TEXT = 400
GREET = row(
    "Greet",
    ("say", "general.log", {"message": "Hello"}),
    inputs={"who": {"type": "text", "default": "world"}},
)
THREE = row(
    "Three",
    *((f"say{number}", "general.log", {"message": "Hello"}) for number in range(3)),
    inputs={"who": {"type": "text", "default": "world"}},
)
WAIT = row("Wait", ("wait", "general.wait", {"duration": 600}))
BREAK = row("Break", ("read", "csv.read", {"path": "there is no such file.csv"}))
BIG = row("Big", *((f"say{number}", "general.log", {"message": "x" * 150_000}) for number in range(8)))
BIGGER = row("Bigger", *((f"say{number}", "general.log", {"message": "y" * 150_000}) for number in range(8)))


class Story:
    """A Hub, a relay and a Runner, and what was said between them so far."""

    def __init__(self, both: HubAndRunner, relay: Relay, database: asyncpg.Connection) -> None:
        self.both = both
        self.relay = relay
        self.database = database

    async def start_runner(self, **settings: str) -> None:
        await self.both.start_runner(hub_url=self.relay.url, **settings)
        await self.both.until_online()
        await self.until_said("runner", "catalogue")

    async def until_said(self, side: str, type: str, count: int = 1) -> None:
        async def said() -> bool:
            said_so = [
                message
                for frame in self.relay.frames
                if frame["from"] == side
                for message in frame["messages"]
                if message["type"] == type
            ]
            return len(said_so) >= count

        await self.both.until(said)


async def carried_out(story: Story) -> None:
    """Executions that complete, fail, are stopped, and are debugged; documents that must be asked for."""
    both = story.both
    await story.start_runner(documents_limit_mb="1")
    await both.run(GREET, inputs={"who": "Ada"})
    await both.run(BREAK)
    id = await both.request(await both.publish(WAIT))
    await both.until_state(id, "RUNNING")
    await both.post(f"/api/executions/{id}/stop", {})
    await both.until_state(id)
    await both.publish(THREE)
    id = await both.request("Three", interactive=True, debug={"pause_at_start": True})
    await story.until_said("runner", "events", 1)
    await both.until_state(id, "RUNNING")
    commands: list[dict[str, Any]] = [
        {"command": "set_breakpoints", "breakpoints": []},
        {"command": "set_variable", "name": "who", "value": "Grace"},
        {"command": "evaluate", "id": "1", "expression": "who"},
        {"command": "step_over"},
        {"command": "alive"},
        {"command": "resume"},
    ]
    await asyncio.sleep(1)
    for command in commands:
        answer = await both.client.post(f"/api/executions/{id}/debug", json={"commands": [command]})
        assert answer.is_success, answer.text
        await asyncio.sleep(0.1)
    await both.until_state(id)
    await story.until_said("runner", "heartbeat", 3)


async def documents(story: Story) -> None:
    """The Runner's cache is too small for two documents: it asks for one again."""
    both = story.both
    await story.start_runner(documents_limit_mb="1")
    for name in ("Big", "Bigger"):
        await both.run(BIG if name == "Big" else BIGGER)
    await both.until_state(await both.request("Big"))


async def broken_off(story: Story) -> None:
    """A connection that breaks, a lease that is over, an assignment that is declined, and a Runner that is removed."""
    both = story.both
    await story.start_runner()
    id = await both.request(await both.publish(WAIT))
    await both.until_state(id, "RUNNING")
    document = {"format": "exekra.flow/1", "name": "Other", "nodes": {}, "edges": []}
    other = {"execution_id": "0198c0de-0000-7000-8000-000000000000", "lease": 1, "workflow": "Other", "version": 1}
    await story.relay.tell_runner(
        {"type": "assign", "workflows": {"": "h"}, "documents": {"h": document}, **other},
    )
    await story.until_said("runner", "decline")
    await story.relay.cut()
    await story.until_said("hub", "welcome", 2)
    await story.database.execute("UPDATE execution SET state = 'FAILED', lease = lease + 1, finished_at = now()")
    await story.until_said("hub", "refused", 2)
    await story.database.execute("UPDATE runner SET execution_id = NULL")
    answer = await both.client.delete(f"/api/runners/{both.registered['id']}")
    assert answer.is_success, answer.text
    await story.until_said("hub", "goodbye")


async def polled(story: Story) -> None:
    """The same messages by polling."""
    both = story.both
    await story.start_runner(poll_only="true")
    await both.run(GREET)
    id = await both.request(await both.publish(WAIT))
    await both.until_state(id, "RUNNING")
    await both.post(f"/api/executions/{id}/stop", {})
    await both.until_state(id)


STORIES: dict[str, Callable[[Story], Awaitable[None]]] = {
    "carried-out": carried_out,
    "documents": documents,
    "broken-off": broken_off,
    "polled": polled,
}


@asynccontextmanager
async def beginning(cluster: Cluster) -> AsyncIterator[Story]:
    with tempfile.TemporaryDirectory(prefix="exekra-record-") as folder:
        name = f"story_{Path(folder).name[-8:].lower()}"
        admin = await asyncpg.connect(cluster.url(database="postgres", user="postgres"))
        await admin.execute(f'CREATE DATABASE "{name}" OWNER exekra')
        await admin.close()
        both = HubAndRunner(cluster.url(database=name), Path(folder))
        await both.start_hub(debug_alive_seconds="1")
        await both.sign_in()
        relay = Relay(str(both.client.base_url).rstrip("/"))
        await relay.start()
        database = await asyncpg.connect(cluster.url(database=name))
        try:
            yield Story(both, relay, database)
        except BaseException:
            print(both.log)
            raise
        finally:
            await database.close()
            await both.close()
            await relay.stop()


def shortened(frame: Frame) -> Frame:
    """The frame with a few entries of the catalogue, long texts cut, and without this machine's name."""
    for message in frame["messages"]:
        if message["type"] == "catalogue":
            message["entries"] = [entry for entry in message["entries"] if entry["id"] in KEPT_ENTRIES]
        if message["type"] == "hello":
            message["host"] = "machine"
    cut: Frame = _cut(frame)
    return cut


def _cut(value: Any) -> Any:
    match value:
        case str():
            return value[:LONGEST_TEXT]
        case list():
            return [_cut(item) for item in value]
        case dict():
            return {name: _cut(item) for name, item in value.items()}
    return value


async def record(folder: Path, names: Sequence[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="exekra-record-pg-") as data:
        Path(data).chmod(0o755)
        cluster = Cluster(folder=Path(data) / "postgres")
        await cluster.start()
        try:
            for name in names:
                async with beginning(cluster) as story:
                    await STORIES[name](story)
                    frames = list(story.relay.frames)
                lines = [json.dumps(shortened(frame), ensure_ascii=False) for frame in frames]
                (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
                print(name, len(frames))
        finally:
            with contextlib.suppress(Exception):
                await cluster.stop()


if __name__ == "__main__":
    asyncio.run(record(Path(sys.argv[1]), sys.argv[2:] or list(STORIES)))

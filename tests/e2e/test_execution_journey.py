"""From the request to the last event, through a real Hub, a real PostgreSQL and a real Runner."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import psutil

from exekra.testing.patience import PATIENCE_SECONDS

from .hub_and_runner import HubAndRunner, row


def lives(pid: int) -> bool:
    """Whether that process is there, and no zombie that nobody collected yet."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def pid_in(both: HubAndRunner, file: Path) -> int:
    """The process id in that file, when it is there."""

    async def there() -> bool:
        return file.exists() and bool(file.read_text())

    await both.until(there)
    return int(file.read_text())


async def test_an_execution_completes_with_its_outputs_logs_and_figures(shared: HubAndRunner) -> None:
    document = row(
        "Journey",
        ("say", "bad.shout", {"text": "hello {who}"}),
        inputs={"who": {"type": "text"}},
        outputs={"greeting": {"value": "hello {who}"}},
    )
    ended = await shared.run(document, inputs={"who": "Ada"})
    assert ended["state"] == "COMPLETED", ended["failure"]
    assert ended["outputs"] == {"greeting": "hello Ada"}
    assert ended["memory_peak"] > 5
    assert [figures["node"] for figures in ended["node_figures"]] == ["say"]
    assert {"hello Ada", "mind this", "from below"} <= set(await shared.logs(ended["id"]))
    sequences = await shared.sequences(ended["id"])
    assert sequences == list(range(1, len(sequences) + 1))


async def test_a_pinned_version_runs_whatever_is_published_later(shared: HubAndRunner) -> None:
    def called(word: str) -> dict[str, Any]:
        return row("Called", ("say", "general.log", {"message": word}), outputs={"word": {"value": word}})

    id = await shared.publish(called("first"))
    await shared.post(f"/api/workflows/{id}/versions", {"document": called("second"), "based_on": 1})
    await shared.post(f"/api/workflows/{id}/publish", {})
    pinned = {"workflow": "Called", "version": 1}
    outputs = {"old": {"value": "{pinned.word}"}, "new": {"value": "{follows.word}"}}
    caller = row(
        "Caller",
        ("pinned", "call_workflow", pinned),
        ("follows", "call_workflow", {"workflow": "Called"}),
        outputs=outputs,
    )
    ended = await shared.run(caller)
    assert ended["outputs"] == {"old": "first", "new": "second"}, ended["failure"]


async def test_a_failure_names_its_node(shared: HubAndRunner) -> None:
    ended = await shared.run(row("Failing", ("boom", "fail", {"message": "no such luck"})))
    assert ended["state"] == "FAILED"
    assert ended["failure"]["node"] == "boom"
    assert "no such luck" in ended["failure"]["message"]


async def test_a_stop_that_is_not_heard_still_stops(shared: HubAndRunner, tmp_path: Path) -> None:
    hidden, blocked = tmp_path / "hidden", tmp_path / "blocked"
    document = row("Deaf", ("hide", "bad.hide", {"file": str(hidden)}), ("block", "bad.block", {"file": str(blocked)}))
    id = await shared.request(await shared.publish(document))
    pids = [await pid_in(shared, hidden), await pid_in(shared, blocked)]
    await shared.post(f"/api/executions/{id}/stop", {})
    ended = await shared.until_state(id)
    assert ended["state"] == "STOPPED"
    assert not any(lives(pid) for pid in pids)


async def test_a_hub_killed_among_fifty_executions_loses_none_and_doubles_none(
    both: HubAndRunner, tmp_path: Path
) -> None:
    file = tmp_path / "done"
    workflow = await both.publish(
        row("Noting", ("note", "bad.note", {"file": str(file), "seconds": 0.01}), ("c", "bad.chatter", {"lines": 20}))
    )
    ids = [await both.request(workflow) for _ in range(50)]

    async def some() -> bool:
        return file.exists() and len(file.read_text().splitlines()) >= 10

    for _ in range(2):
        await both.until(some)
        await both.end(both.hub, signal.SIGKILL)
        await asyncio.sleep(0.3)  # The Runner goes on without it.
        await both.start_hub()
    for id in ids:
        ended = await both.until_state(id)
        assert ended["state"] == "COMPLETED", ended["failure"]
        assert len(await both.logs(id)) == 20
        sequences = await both.sequences(id)
        assert sequences == list(range(1, len(sequences) + 1))
    assert Counter(file.read_text().split()) == Counter(ids)


async def test_a_runner_killed_in_the_middle_says_so_when_it_is_back(both: HubAndRunner, tmp_path: Path) -> None:
    id = await both.request(await both.publish(row("Block", ("b", "bad.block", {"file": str(tmp_path / "pid")}))))
    pid = await pid_in(both, tmp_path / "pid")
    await both.until_state(id, "RUNNING")
    await both.end(both.runner, signal.SIGKILL)
    await both.start_runner()
    ended = await both.until_state(id)
    assert ended["state"] == "FAILED"
    assert "was restarted" in ended["failure"]["message"]
    assert not lives(pid)
    assert (await both.run(row("After", ("who", "bad.where", {}))))["state"] == "COMPLETED"


async def test_a_runner_that_is_asked_to_end_breaks_its_execution_off_and_says_so(
    both: HubAndRunner, tmp_path: Path
) -> None:
    id = await both.request(await both.publish(row("Block", ("b", "bad.wait_for", {"file": str(tmp_path / "never")}))))
    await both.until_state(id, "RUNNING")
    assert await both.end(both.runner) == 0
    ended = await both.until_state(id)
    assert (ended["state"], ended["failure"]["type"]) == ("FAILED", "RunnerEndedError")


async def test_polling_does_all_that_a_websocket_does(both: HubAndRunner, tmp_path: Path) -> None:
    await both.end(both.runner)
    await both.start_runner(poll_only="true")
    await both.until_online()
    ended = await both.run(row("Polled", ("c", "bad.chatter", {"lines": 500})))
    assert ended["state"] == "COMPLETED", ended["failure"]
    assert len(await both.logs(ended["id"])) == 500
    id = await both.request(await both.publish(row("Block", ("b", "bad.wait_for", {"file": str(tmp_path / "never")}))))
    await both.until_state(id, "RUNNING")
    await both.post(f"/api/executions/{id}/stop", {})
    assert (await both.until_state(id))["state"] == "STOPPED"


async def test_a_regenerated_secret_ends_the_runner_and_the_new_one_works(both: HubAndRunner) -> None:
    both.registered |= await both.post(f"/api/runners/{both.registered['id']}/secret", {})
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await both.runner.wait() == 1
    assert "new secret" in both.log
    assert "Traceback" not in both.log
    assert both.registered["machine_secret"] not in both.log
    await both.start_runner()
    await both.until_online()
    assert (await both.run(row("After", ("who", "bad.where", {}))))["state"] == "COMPLETED"

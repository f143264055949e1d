"""A real Runner that freezes or dies, in each state, and comes back or does not.

What the Hub decides then is tested with simulated Runners in tests/hub/work/dispatch; here the processes are real.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from .hub_and_runner import HubAndRunner, row
from .platform import gone

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")

IMPATIENT = {
    "offline_seconds": "2",
    "reconnect_seconds": "0.5",
    "lost_runner_seconds": "0.5",
    "sweep_seconds": "0.5",
}


@pytest.fixture
async def programs(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[HubAndRunner]:
    """A Hub that gives up a lost Runner after seconds, or with the settings of `indirect`; and one Runner."""
    programs = HubAndRunner(database_url, tmp_path)
    try:
        await programs.start_hub(**getattr(request, "param", IMPATIENT))
        await programs.sign_in()
        await programs.start_runner()
        await programs.until_online()
        yield programs
    finally:
        if programs.runner.returncode is None:
            programs.runner.send_signal(signal.SIGCONT)  # a frozen one could not end
        await programs.close()


async def assigned_to_a_frozen_runner(programs: HubAndRunner, file: Path) -> str:
    """An execution whose Runner was frozen just before it was assigned."""
    workflow = await programs.publish(row("Noting", ("note", "bad.note", {"file": str(file)})))
    programs.runner.send_signal(signal.SIGSTOP)
    id = await programs.request(workflow)
    await programs.until_state(id, "ASSIGNED")
    return id


@pytest.mark.parametrize("programs", [{}], indirect=True, ids=["patient"])
async def test_killed_before_it_began_and_back_at_once_it_begins_once(programs: HubAndRunner, tmp_path: Path) -> None:
    id = await assigned_to_a_frozen_runner(programs, tmp_path / "notes")
    await programs.end(programs.runner, signal.SIGKILL)
    await programs.start_runner()
    ended = await programs.until_state(id)
    assert ended["state"] == "COMPLETED", ended["failure"]
    assert (tmp_path / "notes").read_text() == f"{id}\n"


async def test_killed_before_it_began_another_runner_takes_it(programs: HubAndRunner, tmp_path: Path) -> None:
    first = programs.registered["id"]
    id = await assigned_to_a_frozen_runner(programs, tmp_path / "notes")
    await programs.end(programs.runner, signal.SIGKILL)
    assert not (tmp_path / "notes").exists()
    programs.registered = await programs.post("/api/runners", {"name": "Another"})
    await programs.start_runner(runner_home=str(tmp_path / "another"))
    ended = await programs.until_state(id)
    assert ended["state"] == "COMPLETED", ended["failure"]
    assert ended["runner_id"] == programs.registered["id"] != first
    assert (tmp_path / "notes").read_text() == f"{id}\n"


async def test_killed_while_it_ran_and_never_back_it_fails(programs: HubAndRunner, tmp_path: Path) -> None:
    file = tmp_path / "pid"
    id = await programs.request(await programs.publish(row("Block", ("b", "bad.block", {"file": str(file)}))))
    await programs.until_state(id, "RUNNING")
    family = psutil.Process(programs.runner.pid).children(recursive=True)
    assert len(family) >= 2
    await programs.end(programs.runner, signal.SIGKILL)
    assert await gone(family) == [], "what it started ends with it"
    ended = await programs.until_state(id)
    assert (ended["state"], ended["failure"]["type"]) == ("FAILED", "RunnerLost")
    assert "'Runner' went OFFLINE while it ran" in ended["failure"]["message"]


async def test_frozen_for_too_long_its_late_results_are_refused(programs: HubAndRunner, tmp_path: Path) -> None:
    """The agent alone is frozen: its child carries the execution out, and its results come when it wakes up."""
    begun, go, done = tmp_path / "begun", tmp_path / "go", tmp_path / "done"
    steps = (
        ("begin", "bad.note", {"file": str(begun)}),
        ("wait", "bad.wait_for", {"file": str(go)}),
        ("end", "bad.note", {"file": str(done)}),
    )
    id = await programs.request(await programs.publish(row("Slow", *steps)))
    await programs.until_state(id, "RUNNING")

    def there(file: Path) -> object:
        async def exists() -> bool:
            return file.exists()

        return exists

    await programs.until(there(begun))
    programs.runner.send_signal(signal.SIGSTOP)
    go.touch()
    await programs.until(there(done))
    ended = await programs.until_state(id)
    assert (ended["state"], ended["failure"]["type"]) == ("FAILED", "RunnerLost")
    stored = await programs.sequences(id)
    programs.runner.send_signal(signal.SIGCONT)
    after = await programs.run(row("After", ("note", "bad.note", {"file": str(tmp_path / "after")})))
    assert after["state"] == "COMPLETED", after["failure"]
    assert (await programs.get(f"/api/executions/{id}"))["state"] == "FAILED"
    assert await programs.sequences(id) == stored
    assert begun.read_text() == done.read_text() == f"{id}\n"
    assert "Traceback" not in programs.log


STOPS_SOON = {"stop_seconds": "1"}


@pytest.mark.parametrize("programs", [STOPS_SOON], indirect=True, ids=["stops soon"])
async def test_paused_and_its_execution_stopped_it_begins_the_next_when_it_goes_on(
    programs: HubAndRunner, tmp_path: Path
) -> None:
    ticking = {
        "format": "exekra.flow/1",
        "name": "Ticker",
        "variables": {"i": {"type": "number", "default": 0}},
        "nodes": {
            "loop": {"do": "while", "with": {"condition": "{i >= 0}"}},
            "tell": {"do": "general.log", "with": {"message": "tick {i}"}},
            "count": {"do": "set_variable", "with": {"variable": "i", "value": "{i + 1}"}},
            "wait": {"do": "general.wait", "with": {"duration": 0.01}},
        },
        "edges": ["start -> loop", "loop.body -> tell -> count -> wait"],
    }
    stopped = await programs.request(await programs.publish(ticking))
    await programs.until_state(stopped, "RUNNING")
    programs.runner.send_signal(signal.SIGSTOP)
    await programs.post(f"/api/executions/{stopped}/stop", {})
    assert (await programs.until_state(stopped))["state"] == "STOPPED"
    workflow = await programs.publish(row("Noting", ("note", "bad.note", {"file": str(tmp_path / "notes")})))
    following = await programs.request(workflow, runner=programs.registered["id"])
    await programs.until_state(following, "ASSIGNED")
    programs.runner.send_signal(signal.SIGCONT)
    ended = await programs.until_state(following)
    assert ended["state"] == "COMPLETED", ended["failure"]
    assert (await programs.until_state(await programs.request(workflow)))["state"] == "COMPLETED"

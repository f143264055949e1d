"""One execution at a time: what it tells, and how it ends. Each test runs with either kind of child processes."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hub_double import HubDouble, flow
from runner_process import RunnerProcess, lives, until, until_file

from exekra.flow.events import ExecutionStarted, Metric, NodeEntered, NodeLeft

FOREVER = {
    "format": "exekra.flow/1",
    "name": "forever",
    "variables": {"n": {"type": "number", "default": 0}},
    "nodes": {
        "again": {"do": "while", "with": {"condition": "{n >= 0}"}},
        "count": {"do": "set_variable", "with": {"variable": "n", "value": "{n + 1}"}},
    },
    "edges": ["start -> again", "again.body -> count"],
}


def preview(stored, node: str) -> dict:
    return next(event.preview for event in stored.events if isinstance(event, NodeLeft) and event.node == node)


async def test_a_flow_runs_and_its_events_arrive_in_order(hub: HubDouble, runner: RunnerProcess) -> None:
    document = flow(("who", "bad.where", {})) | {
        "inputs": {"order": {"type": "number"}},
        "outputs": {"next": {"type": "number", "value": "{order + 1}"}},
    }
    stored = await hub.run("e-1", document, inputs={"order": 41})
    assert stored.finished.state == "COMPLETED", stored.finished
    assert stored.finished.outputs == {"next": 42}
    kinds = [type(event) for event in stored.events]
    assert kinds[0] is ExecutionStarted
    assert kinds.index(NodeEntered) < kinds.index(NodeLeft) < kinds.index(Metric) < len(kinds) - 1


async def test_each_execution_has_a_process_and_a_folder_of_its_own(hub: HubDouble, runner: RunnerProcess) -> None:
    first = preview(await hub.run("e-1", flow(("who", "bad.where", {}))), "who")
    second = preview(await hub.run("e-2", flow(("who", "bad.where", {}))), "who")
    assert first["pid"] != second["pid"]
    assert first["pid"] != runner.process.pid
    assert first["folder"] != second["folder"]
    assert not lives(first["pid"])
    assert not any(name.startswith("EXEKRA_MACHINE") for name in first["variables"])


async def test_the_folder_and_the_spool_are_removed(hub: HubDouble, runner: RunnerProcess) -> None:
    await hub.run("e-1", flow(("who", "bad.where", {})))
    await until(lambda: not [*(runner.home / "temporary").iterdir(), *(runner.home / "spool").iterdir()])


async def test_a_workflow_calls_another_one(hub: HubDouble, runner: RunnerProcess) -> None:
    below = flow(("who", "bad.where", {}), name="below") | {"outputs": {"answer": {"value": "from below"}}}
    above = flow(("ask", "call_workflow", {"workflow": "below", "inputs": {}}), name="above") | {
        "outputs": {"got": {"value": "{ask.answer}"}}
    }
    hub.documents |= {"a": above, "b": below}
    stored = await hub.assign("e-1", above, workflows={"": "a", "below": "b"}, send={"a": above, "b": below})
    await hub.until(lambda: stored.finished)
    assert stored.finished.outputs == {"got": "from below"}, stored.finished


async def test_what_is_printed_becomes_log_lines(hub: HubDouble, runner: RunnerProcess) -> None:
    stored = await hub.run("e-1", flow(("s", "bad.shout", {"text": "loud", "times": 3})))
    assert stored.log.count("loud") == 3
    assert "mind this" in stored.log
    assert "from below" in stored.log


async def test_what_is_printed_is_bounded(hub: HubDouble, runner: RunnerProcess) -> None:
    stored = await hub.run("e-1", flow(("s", "bad.shout", {"text": "z" * 1000, "times": 5000})))
    assert stored.finished.state == "COMPLETED"
    assert sum(len(line) for line in stored.log) < 1_200_000
    assert any("left out" in line for line in stored.log)


async def test_a_stop_ends_a_loop_that_is_busy(hub: HubDouble, runner: RunnerProcess) -> None:
    stored = await hub.assign("e-1", FOREVER)
    await hub.until(lambda: stored.events)
    await hub.stop_execution("e-1", grace=600)
    await hub.until(lambda: stored.finished)
    assert stored.finished.state == "STOPPED"
    assert not any("did not stop by itself" in line for line in stored.log)


async def test_a_stop_that_is_not_heard_kills(hub: HubDouble, runner: RunnerProcess, tmp_path: Path) -> None:
    stored = await hub.assign("e-1", flow(("b", "bad.block", {"file": str(tmp_path / "pid")})))
    pid = await until_file(tmp_path / "pid")
    await hub.stop_execution("e-1", grace=0.2)
    await hub.until(lambda: stored.finished)
    assert stored.finished.state == "STOPPED"
    assert any("did not stop by itself" in line for line in stored.log)
    assert not lives(pid)


async def test_a_stop_finds_a_process_that_hides(hub: HubDouble, runner: RunnerProcess, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    document = flow(("h", "bad.hide", {"file": str(hidden)}), ("b", "bad.block", {}))
    stored = await hub.assign("e-1", document)
    pid = await until_file(hidden)
    assert os.getsid(pid) not in {os.getsid(process.pid) for process in runner.processes() if process.pid != pid}
    await hub.stop_execution("e-1", grace=0.1)
    await hub.until(lambda: stored.finished)
    assert stored.finished.state == "STOPPED"
    assert not lives(pid)


async def test_nothing_outlives_an_execution(hub: HubDouble, runner: RunnerProcess, tmp_path: Path) -> None:
    stored = await hub.run("e-1", flow(("h", "bad.hide", {"file": str(tmp_path / "hidden")})))
    assert stored.finished.state == "COMPLETED", stored.finished
    assert not lives(int((tmp_path / "hidden").read_text()))


@pytest.mark.parametrize(("activity", "words"), [("bad.crash", "SIGSEGV"), ("bad.leave", "exit status 7")])
async def test_a_process_that_dies_is_a_failure_with_a_reason(
    hub: HubDouble, runner: RunnerProcess, activity: str, words: str
) -> None:
    stored = await hub.run("e-1", flow(("x", activity, {})))
    assert stored.finished.state == "FAILED"
    assert words in stored.finished.failure.message
    assert (await hub.run("e-2", flow(("who", "bad.where", {})))).finished.state == "COMPLETED"


async def test_a_killed_process_is_a_failure(hub: HubDouble, runner: RunnerProcess, tmp_path: Path) -> None:
    stored = await hub.assign("e-1", flow(("b", "bad.block", {"file": str(tmp_path / "pid")})))
    os.kill(await until_file(tmp_path / "pid"), signal.SIGKILL)
    await hub.until(lambda: stored.finished)
    assert stored.finished.state == "FAILED"
    assert "SIGKILL" in stored.finished.failure.message


async def test_the_time_limit_of_an_execution(hub: HubDouble, runner: RunnerProcess) -> None:
    stored = await hub.run("e-1", FOREVER, timeout=0.3)
    assert stored.finished.state == "FAILED"
    assert stored.finished.failure.type == "TimedOutError"


async def test_a_second_assignment_is_declined(hub: HubDouble, runner: RunnerProcess) -> None:
    stored = await hub.assign("e-1", FOREVER)
    await hub.until(lambda: stored.events)
    await hub.assign("e-2", FOREVER)
    await hub.until(lambda: hub.declined)
    assert hub.declined[0].execution_id == "e-2"
    assert "busy" in hub.declined[0].reason
    await hub.stop_execution("e-1")
    await hub.until(lambda: stored.finished)


async def test_an_assignment_right_after_the_end_is_taken(hub: HubDouble, runner: RunnerProcess) -> None:
    for number in range(5):
        stored = await hub.run(f"e-{number}", flow(("who", "bad.where", {})))
        assert stored.finished.state == "COMPLETED"
    assert not hub.declined


async def test_documents_are_asked_for_once(hub: HubDouble, runner: RunnerProcess) -> None:
    document = flow(("who", "bad.where", {}))
    assert (await hub.run("e-1", document, known=True)).finished.state == "COMPLETED"
    assert (await hub.run("e-2", document, known=True)).finished.state == "COMPLETED"
    assert len(hub.requested) == 1


async def test_a_document_that_is_wrong_is_a_failure(hub: HubDouble, runner: RunnerProcess) -> None:
    stored = await hub.run("e-1", {"name": "wrong", "format": "exekra.flow/1", "nodes": 5})
    assert stored.finished.state == "FAILED"
    assert stored.finished.failure.message


async def test_many_lines_arrive_once_and_in_order(hub: HubDouble, runner: RunnerProcess) -> None:
    stored = await hub.run("e-1", flow(("c", "bad.chatter", {"lines": 20_000})))
    assert stored.finished.state == "COMPLETED"
    assert [int(line[:8]) for line in stored.log] == list(range(20_000))


async def test_the_catalogue_and_the_machine_are_reported(hub: HubDouble, runner: RunnerProcess) -> None:
    assert hub.catalogue.catalogue_hash == hub.hellos[0].catalogue_hash
    assert "bad.crash" in {entry.id for entry in hub.catalogue.entries}
    assert hub.heartbeats[0].memory_used_mb > 0


async def test_half_a_character_reaches_the_hub_and_finally_runs(hub: HubDouble, runner: RunnerProcess) -> None:
    document = {
        "format": "exekra.flow/1",
        "name": "Half",
        "variables": {"got": {"type": "any"}},
        "outputs": {"got": {}},
        "nodes": {
            "t": {"do": "try"},
            "shout": {"do": "bad.shout", "with": {"text": "x", "times": 1}},
            "read": {"do": "json.parse", "with": {"text": '{"title": "caf\\u00e9 \\ud83d", "name": "\\udcff.csv"}'}},
            "keep": {"do": "set_variable", "with": {"variable": "got", "value": "{read.value}"}},
            "bad": {"do": "fail", "with": {"message": "cannot read {got.name}"}},
            "say": {"do": "general.log", "with": {"message": "caught {error.message}"}},
            "clean": {"do": "general.log", "with": {"message": "cleaned up {got.title}"}},
        },
        "edges": ["start -> t", "t.try -> shout -> read -> keep -> bad", "t.catch -> say", "t.finally -> clean"],
    }
    stored = await hub.run("e-1", document)
    assert stored.finished.state == "COMPLETED", stored.finished
    assert stored.finished.outputs == {"got": {"title": "café \ufffd", "name": "\ufffd.csv"}}
    assert [line for line in stored.log if line.startswith(("caught", "cleaned"))] == [
        "caught cannot read \ufffd.csv",
        "cleaned up café \ufffd",
    ]
    assert not any("Traceback" in line or "site-packages" in line for line in stored.log)


async def test_large_outputs_arrive_whole_or_not_at_all(hub: HubDouble, runner: RunnerProcess) -> None:
    document = flow(("say", "general.log", {"message": "here"}), name="many") | {
        "inputs": {"n": {"type": "number"}},
        "outputs": {"rows": {"type": "list", "value": "{range(n)}"}},
    }
    whole = await hub.run("e-1", document, inputs={"n": 200_000})
    assert whole.finished.state == "COMPLETED", whole.finished.failure
    assert whole.finished.outputs == {"rows": list(range(200_000))}
    refused = await hub.run("e-2", document | {"name": "more"}, inputs={"n": 1_000_000})
    assert (refused.finished.state, refused.finished.outputs) == ("FAILED", {})
    assert refused.finished.failure is not None
    assert refused.finished.failure.type == "OutputsTooLarge"

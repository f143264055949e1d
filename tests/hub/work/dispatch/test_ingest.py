"""What Runners report is stored in order and exactly once, and only under the lease of its assignment."""

from __future__ import annotations

import asyncio
import time

import msgspec
import pytest
from at_work import HubAtWork, eventually

from exekra.flow.events import (
    ExecutionFinished,
    ExecutionStarted,
    Failure,
    Log,
    Metric,
    NodeTotal,
    NodeTotals,
)
from exekra.protocol.messages import Acknowledge, Assign, Events, Goodbye, Refused, RequestDocuments
from exekra.protocol.messages import Documents as DocumentsMessage
from exekra.testing.patience import PATIENCE_SECONDS
from exekra.testing.simulated_runner import SimulatedRunner

STARTED = ExecutionStarted(at=1.0)
FINISHED = ExecutionFinished(at=2.0, state="COMPLETED", outputs={"total": 42}, seconds=0.5, nodes=3)


def line(text: str) -> Log:
    return Log(at=time.time(), message=text)


async def begin(work: HubAtWork) -> tuple[SimulatedRunner, Assign]:
    """A Runner that was assigned an execution and says nothing yet."""
    await work.publish()
    runner = await work.runner(carry_out=None)
    await work.start()
    return runner, await runner.expect(Assign)


async def test_outputs_of_four_megabytes_are_stored_and_answered_whole(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    rows = [{"i": number, "t": "abc" * 10} for number in range(75_000)]
    finished = ExecutionFinished(at=2.0, state="COMPLETED", outputs={"rows": rows})
    assert 3_500_000 < len(msgspec.json.encode(finished)) < 4_000_000
    await runner.report(assignment, STARTED, finished)
    await work.until(assignment.execution_id, "COMPLETED")
    assert (await work.get(assignment.execution_id))["outputs"] == {"rows": rows}


async def test_events_move_the_execution_and_are_stored(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    await runner.report(assignment, STARTED, line("one"))
    assert (await runner.expect(Acknowledge)).sequence == 2
    assert (await work.get(assignment.execution_id))["state"] == "RUNNING"
    await runner.report(assignment, line("two"), FINISHED, first=3)
    assert (await runner.expect(Acknowledge)).sequence == 4
    ended = await work.get(assignment.execution_id)
    assert (ended["state"], ended["outputs"], ended["seconds"], ended["nodes"]) == ("COMPLETED", {"total": 42}, 0.5, 3)
    assert [event["kind"] for event in await work.events(assignment.execution_id)] == [
        "execution.started",
        "log",
        "log",
        "execution.finished",
    ]
    assert await work.runner_state(runner) == "ONLINE"


async def test_what_is_sent_twice_is_stored_once(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    events = (STARTED, line("one"), line("two"))
    await runner.report(assignment, *events)
    await runner.report(assignment, *events)
    await runner.report(assignment, *events[1:], line("three"), FINISHED, first=2)
    await work.until(assignment.execution_id, "COMPLETED")
    await runner.report(assignment, line("three"), FINISHED, first=4)
    await eventually(_acknowledged(runner, 5), "the repetition is acknowledged too")
    messages = [event["event"].get("message") for event in await work.events(assignment.execution_id)]
    assert messages == [None, "one", "two", "three", None]


def _acknowledged(runner: SimulatedRunner, sequence: int, *, times: int = 2):
    async def there() -> bool:
        found = [one for one in runner.received if isinstance(one, Acknowledge) and one.sequence == sequence]
        return len(found) >= times

    return there


async def test_a_gap_is_refused_and_ends_the_execution(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    await runner.report(assignment, STARTED)
    await runner.report(assignment, line("three"), first=3)
    assert "2 to 2 are missing" in (await runner.expect(Refused)).reason
    ended = await work.until(assignment.execution_id, "FAILED")
    assert ended["failure"]["type"] == "EventsMissing"
    assert await work.runner_state(runner) == "ONLINE"


async def test_another_lease_and_another_runner_are_refused(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    other = await work.runner(carry_out=None)
    await other.report(assignment, STARTED)
    await other.expect(Refused)
    message = Events(execution_id=assignment.execution_id, lease=assignment.lease + 1, first=1, events=(STARTED,))
    await runner.send(message)
    await runner.expect(Refused)
    unknown = Events(execution_id="nonsense", lease=1, first=1, events=(STARTED,))
    await runner.send(unknown)
    await runner.expect(Refused)
    assert (await work.get(assignment.execution_id))["state"] == "ASSIGNED"
    assert await work.events(assignment.execution_id) == []


async def test_nothing_is_stored_after_the_end(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    await runner.report(assignment, STARTED, FINISHED, line("late"))
    await work.until(assignment.execution_id, "COMPLETED")
    assert len(await work.events(assignment.execution_id)) == 2


async def test_a_failure_is_kept(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    failure = Failure(type="OrderWrong", message="No price.", kind="business", node="price")
    await runner.report(assignment, STARTED, ExecutionFinished(at=2, state="FAILED", failure=failure))
    ended = await work.until(assignment.execution_id, "FAILED")
    assert ended["failure"] == {"type": "OrderWrong", "message": "No price.", "kind": "business", "node": "price"}


async def test_an_end_without_a_beginning_goes_through_running(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    await runner.report(assignment, FINISHED)
    assert (await work.until(assignment.execution_id, "COMPLETED"))["started_at"] is not None


async def test_figures_are_averaged_and_totals_merged(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    await runner.report(assignment, STARTED, Metric(at=1, cpu_percent=10, memory_mb=100))
    await runner.report(
        assignment,
        Metric(at=2, cpu_percent=50, memory_mb=300),
        Metric(at=3, cpu_percent=30, memory_mb=200),
        NodeTotals(at=3, totals=(NodeTotal("a", 5, 0.5), NodeTotal("b", 1, 0.1))),
        first=3,
    )
    await runner.report(assignment, NodeTotals(at=4, totals=(NodeTotal("a", 9, 0.9, 2),)), FINISHED, first=6)
    ended = await work.until(assignment.execution_id, "COMPLETED")
    figures = [ended[name] for name in ("cpu_average", "cpu_peak", "memory_average", "memory_peak")]
    assert figures == [30.0, 50.0, 200.0, 300.0]
    assert {one["node"]: (one["count"], one["failures"]) for one in ended["node_figures"]} == {"a": (9, 2), "b": (1, 0)}


async def test_times_of_a_wrong_clock_are_held_between_the_assignment_and_now(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    await runner.report(
        assignment, ExecutionStarted(at=-1e300), line("x"), ExecutionFinished(at=1e300, state="COMPLETED")
    )
    ended = await work.until(assignment.execution_id, "COMPLETED")
    assert ended["assigned_at"] <= ended["started_at"] <= ended["finished_at"]


async def test_what_cannot_be_stored_ends_its_execution_and_no_other(work: HubAtWork) -> None:
    await work.publish()
    bad, good = await work.runner(carry_out=None), await work.runner(carry_out=None)
    await work.start()
    await work.start()
    one, other = await bad.expect(Assign), await good.expect(Assign)
    poison = NodeTotals(at=1, totals=(NodeTotal("a\0b", 1, 0.1),))  # jsonb holds no NUL
    await asyncio.gather(
        bad.report(one, STARTED, Log(at=1, message="a\0b stays"), poison), good.report(other, STARTED, FINISHED)
    )
    assert "cannot be stored" in (await bad.expect(Refused)).reason
    assert (await work.until(one.execution_id, "FAILED"))["failure"]["type"] == "EventsRefused"
    await work.until(other.execution_id, "COMPLETED")
    again = await work.start()
    assert again["id"] in {(await asyncio.wait_for(_either(bad, good), PATIENCE_SECONDS)).execution_id}


async def _either(*runners: SimulatedRunner) -> Assign:
    waiting = [asyncio.create_task(runner.expect(Assign)) for runner in runners]
    done, rest = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    return done.pop().result()


async def test_a_log_line_may_hold_any_character(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    await runner.report(assignment, STARTED, line("a\0b \U0001f600"), FINISHED)
    await work.until(assignment.execution_id, "COMPLETED")
    logs = (await work.admin.get(f"/api/executions/{assignment.execution_id}/logs")).json()["items"]
    assert logs[0]["message"] == "a\0b \U0001f600"


@pytest.mark.parametrize("frame", ["no json", "{}", '[{"type": 7}]', "[" * 5000, '[{"type": "events"}]'])
async def test_a_frame_that_cannot_be_read_ends_the_connection_with_the_reason(work: HubAtWork, frame: str) -> None:
    runner = await work.runner(carry_out=None)
    await runner._socket.send(frame)
    assert "cannot be read" in (await runner.expect(Goodbye)).reason


async def test_documents_are_sent_on_request(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    wanted = assignment.workflows[""]
    message = RequestDocuments(execution_id=assignment.execution_id, lease=assignment.lease, hashes=(wanted, "x"))
    await runner.send(message)
    assert set((await runner.expect(DocumentsMessage)).documents) == {wanted}
    await runner.send(RequestDocuments(execution_id=assignment.execution_id, lease=9, hashes=(wanted,)))
    await runner.expect(Refused)

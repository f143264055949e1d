"""However a Runner cuts, repeats and resends its events, each is stored once, in order, and the end is the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from exekra.flow.events import AnyEvent, ExecutionFinished, ExecutionStarted, Log
from exekra.hub.work.dispatch.progress import Progress
from exekra.hub.work.ledger.rows import HeldExecution
from exekra.hub.work.ledger.states import State
from exekra.kit.ids import new_id
from exekra.protocol.messages import Events

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def row(state: State, last_sequence: int) -> HeldExecution:
    return HeldExecution(
        id=new_id(),
        lease=1,
        runner_id=new_id(),
        state=state,
        last_sequence=last_sequence,
        assigned_at=NOW,
        stop_requested_at=None,
        workflow_name="Light",
        interactive=False,
        given_up=0,
    )


def story(lines: int) -> list[AnyEvent]:
    logs = [Log(at=1, message=str(number)) for number in range(lines)]
    return [ExecutionStarted(at=1), *logs, ExecutionFinished(at=2, state="COMPLETED", nodes=lines)]


@given(st.integers(0, 12), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.booleans()), max_size=20))
def test_repeated_and_overlapping_reports_are_stored_once(lines: int, cuts: list[tuple[int, int, bool]]) -> None:
    events = story(lines)
    stored: list[int] = []
    began = 0
    progress = Progress.of(row(State.ASSIGNED, 0), NOW)
    for back, length, commit in [*cuts, (0, len(events), True)]:
        first = max(1, progress.last_sequence + 1 - back)
        part = tuple(events[first - 1 : first - 1 + length])
        progress.add(Events(execution_id=str(progress.id), lease=1, first=first, events=part))
        if commit:
            stored += [event[1] for event in progress.events]
            state = progress.state
            began += progress.change().began_at is not None
            progress = Progress.of(row(state, progress.last_sequence), NOW)
    assert stored == list(range(1, len(events) + 1))
    assert progress.state is State.COMPLETED
    assert began == 1


@given(st.lists(st.sampled_from(["COMPLETED", "FAILED", "STOPPED"]), min_size=1, max_size=4))
def test_the_first_end_is_the_end(ends: list[Any]) -> None:
    progress = Progress.of(row(State.ASSIGNED, 0), NOW)
    events: tuple[AnyEvent, ...] = tuple(ExecutionFinished(at=1, state=end) for end in ends)
    progress.add(Events(execution_id=str(progress.id), lease=1, first=1, events=events))
    assert progress.state == ends[0]
    assert progress.last_sequence == 1
    assert (progress.change().began_at is not None) == (ends[0] == "COMPLETED")

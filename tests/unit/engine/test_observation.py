"""What is told of an execution: all of a slow flow, very little of a million iterations, and always exact counts."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import msgspec
import pytest

from exekra.engine.observe.masking import Masker
from exekra.engine.observe.observer import Observer
from exekra.engine.observe.statistics import ExecutionStatistics, NodeStatistics
from exekra.flow.events import (
    LONGEST_WARNING,
    Checkpoint,
    Event,
    ExecutionFinished,
    ExecutionStarted,
    Log,
    NodeEntered,
    NodeLeft,
    NodeTotals,
)
from exekra.flow.preview import MASK
from exekra.flow.serialization import LARGEST_BYTES, encode_scope
from exekra.testing.flows import run_flow_text

HEAD = "format: exekra.flow/1\nname: Test\n"
LOOP = """
inputs: {n: {type: number}}
outputs: {even: {type: number}}
variables: {even: {type: number, default: 0}, i: {type: number, default: 0}}
nodes:
  loop: {do: while, with: {condition: "{i < n}"}}
  up: {do: set_variable, with: {variable: i, value: "{i + 1}"}}
  ask: {do: if, with: {condition: "{i % 2 == 0}"}}
  add: {do: set_variable, with: {variable: even, value: "{even + 1}"}}
edges: [start -> loop, loop.body -> up -> ask, ask.then -> add]
"""


async def test_a_short_flow_is_told_whole() -> None:
    run = await run_flow_text(HEAD + LOOP, inputs={"n": 1})
    kinds = [type(event) for event in run.events]
    assert kinds[0] is ExecutionStarted
    assert kinds[-2:] == [NodeTotals, ExecutionFinished]
    nodes = [(type(e).__name__, e.node, e.count) for e in run.events if isinstance(e, NodeEntered | NodeLeft)]
    assert nodes == [
        ("NodeEntered", "loop", 1),
        ("NodeEntered", "up", 1),
        ("NodeLeft", "up", 1),
        ("NodeEntered", "ask", 1),
        ("NodeLeft", "ask", 1),
        ("NodeLeft", "loop", 1),
    ]
    left = {event.node: event for event in run.of(NodeLeft)}
    assert (left["up"].port, left["up"].preview) == ("next", 1)
    assert left["ask"].port == "else"
    assert (left["loop"].port, left["loop"].preview) == ("done", {"count": 1})
    times = [event.at for event in run.events]
    assert times == sorted(times)


async def test_a_million_iterations_emit_a_few_hundred_events_and_exact_counts() -> None:
    run = await run_flow_text(HEAD + LOOP, inputs={"n": 1_000_000})
    assert run.outcome.outputs == {"even": 500_000}
    assert run.counts == {"loop": 1, "up": 1_000_000, "ask": 1_000_000, "add": 500_000}
    assert run.outcome.nodes == 2_500_001
    assert len(run.events) < 500
    last = [event for event in run.of(NodeLeft) if event.node == "up"][-1]
    assert (last.count, last.preview) == (1_000_000, 1_000_000)
    seconds = {total.node: total.seconds for total in run.of(NodeTotals)[-1].totals}
    inside = seconds["up"] + seconds["ask"] + seconds["add"]
    assert 0.3 * seconds["loop"] < inside <= seconds["loop"]


async def test_an_inner_loop_is_summed_up_with_the_outer_one() -> None:
    text = """
inputs: {n: {type: number}}
nodes:
  outer: {do: for_each, with: {items: "{range(n)}", item: a}}
  inner: {do: for_each, with: {items: [1, 2, 3], item: b}}
  work: {do: probe.echo}
edges: [start -> outer, outer.body -> inner, inner.body -> work]
"""
    run = await run_flow_text(HEAD + text, inputs={"n": 20_000})
    assert run.counts == {"outer": 1, "inner": 20_000, "work": 60_000}
    assert len(run.events) < 300
    lasts = {event.node: event.count for event in run.of(NodeLeft)}
    assert lasts == {"outer": 1, "inner": 20_000, "work": 60_000}


class FakeClock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_visits_are_told_whole_at_first_and_then_at_growing_intervals() -> None:
    events: list[Event] = []
    clock = FakeClock()
    statistics = NodeStatistics(Observer(events.append, Masker(), clock), "a", None)
    for _ in range(20_000):  # One visit each millisecond, for 20 seconds.
        clock.now += 0.001
        statistics.count += 1
        if clock.now >= statistics.due:
            statistics.left(clock.now, {})
    told = [event.count for event in events if isinstance(event, NodeLeft)]
    assert told[:5] == [1, 2, 3, 4, 5]
    assert told[5] == pytest.approx(105, abs=2)
    assert len(told) < 35
    gaps = [after - before for before, after in pairwise(told[5:])]
    assert gaps == sorted(gaps)
    assert gaps[-1] == pytest.approx(1000, abs=2)


def test_totals_hold_what_changed_and_in_the_end_all() -> None:
    events: list[Event] = []
    statistics = ExecutionStatistics(Observer(events.append, Masker(), FakeClock()))
    a, b = statistics.add("a", None), statistics.add("b", None)
    statistics.add("never", None)
    a.count = b.count = 1
    statistics.emit_totals()
    statistics.emit_totals()
    b.count = 2
    statistics.emit_totals()
    statistics.emit_totals(all=True)
    told = [Counter({t.node: t.count for t in event.totals}) for event in events if isinstance(event, NodeTotals)]
    assert told == [{"a": 1, "b": 1}, {"b": 2}, {"a": 1, "b": 2}]


async def test_the_warnings_of_a_node_are_counted_and_its_last_one_kept() -> None:
    text = """
nodes:
  each: {do: for_each, with: {items: "{range(2000)}", item: i}}
  inline: {do: probe.guess, with: {about: "no. {i % 2}"}}
  thread: {do: probe.guess_in_thread, with: {about: "{repeated}"}}
edges: [start -> each, each.body -> inline, each.done -> thread]
""".replace("{repeated}", "x" * 1000)
    run = await run_flow_text(HEAD + text)
    assert run.outcome.failure is None
    assert run.warnings == {"inline": 2000, "thread": 1}
    last = {total.node: total.warning for total in run.of(NodeTotals)[-1].totals}
    assert last["inline"] == "no. 1 is a guess"
    assert last["thread"] == f"{'x' * (LONGEST_WARNING - 1)}…"
    assert last["each"] is None


async def test_each_call_has_notes_of_its_own() -> None:
    text = """
outputs: {notes: {type: list, value: "{all}"}}
variables: {all: {type: list, default: []}}
nodes:
  each: {do: for_each, with: {items: ["a", "b"], item: i}}
  guess: {do: probe.guess, with: {about: "{i}"}}
  keep: {do: set_variable, with: {variable: all, value: "{all + guess.notes}"}}
edges: [start -> each, each.body -> guess -> keep]
"""
    run = await run_flow_text(HEAD + text)
    assert run.outcome.outputs == {"notes": ["a is a guess", "b is a guess"]}


async def test_a_warning_of_a_step_that_fails_is_counted() -> None:
    text = """
nodes:
  guess: {do: probe.guess_in_thread, with: {about: "a", fail: true}}
edges: [start -> guess]
"""
    run = await run_flow_text(HEAD + text)
    assert (run.outcome.state, run.warnings) == ("FAILED", {"guess": 1})


def test_secrets_are_masked_in_the_last_warning() -> None:
    masker = Masker()
    masker.add("hunter2")
    statistics = ExecutionStatistics(Observer(lambda event: None, masker, FakeClock())).add("a", None)
    statistics.warned("The password hunter2 is odd")
    assert (statistics.warnings, statistics.warning) == (1, "The password ••• is odd".replace("•••", MASK))


def test_nothing_is_told_after_the_last_event() -> None:
    events: list[Event] = []
    observer = Observer(events.append, Masker(), FakeClock())
    observer.log("before")
    observer.finish(ExecutionFinished(at=0, state="COMPLETED"))
    observer.log("after")
    assert [type(event) for event in events] == [Log, ExecutionFinished]


def test_a_very_long_line_is_cut() -> None:
    events: list[Event] = []
    Observer(events.append, Masker(), FakeClock()).log("x" * 1_000_000)
    (line,) = events
    assert isinstance(line, Log)
    assert line.message.endswith("… (990,000 more characters)")
    assert len(line.message) < 10_100


async def test_a_failing_loop_is_sampled_too() -> None:
    text = """
inputs: {n: {type: number}}
variables: {bad: {type: number, default: 0}}
nodes:
  each: {do: for_each, with: {items: "{range(n)}"}}
  work: {do: fail, with: {message: "bad {item}"}}
  note: {do: set_variable, with: {variable: bad, value: "{bad + 1}"}}
outputs: {bad: {}}
edges: [start -> each, each.body -> work, work.error -> note]
"""
    run = await run_flow_text(HEAD + text, inputs={"n": 20_000})
    assert run.outcome.outputs == {"bad": 20_000}
    assert run.failures == {"work": 20_000}
    assert len(run.events) < 200
    last = [event for event in run.of(NodeLeft) if event.node == "work"][-1]
    assert (last.port, last.count) == ("error", 20_000)


CHECKPOINT = """
variables: {x: {default: 1}, list: {type: list, default: []}}
nodes:
  a: {do: set_variable, with: {variable: x, value: 2}}
  each: {do: for_each, with: {items: [1, 2]}}
  add: {do: add_to_list, with: {variable: list, value: "{item}"}}
  bad: {do: if, with: {condition: "{item}"}}
edges: [start -> a -> each, each.body -> add -> bad]
"""


async def test_a_failed_execution_tells_the_last_checkpoint_as_the_scope_was_there() -> None:
    run = await run_flow_text(HEAD + CHECKPOINT)
    assert run.outcome.state == "FAILED"
    (checkpoint,) = run.of(Checkpoint)
    assert (checkpoint.node, checkpoint.port) == ("a", "next")
    assert checkpoint.scope == {"x": 2, "list": []}


async def test_a_fast_flow_that_completes_tells_no_checkpoint() -> None:
    run = await run_flow_text(HEAD + CHECKPOINT.replace('"{item}"}}\nedges', "true}}\nedges"))
    assert run.outcome.state == "COMPLETED"
    assert run.of(Checkpoint) == []


@pytest.mark.parametrize(
    ("scope", "fits"),
    [
        ({"a": [1, "x", None, True, 1.5, {"b": []}]}, True),
        ({"a": "x" * (LARGEST_BYTES - 100)}, True),
        ({"a": "x" * LARGEST_BYTES}, False),
        ({"a": list(range(1_000_000))}, False),
        ({"a": object()}, False),
        ({"a": {1: 2}}, False),
        ({"a": 2**70}, False),
        ({"a": float("nan")}, False),
    ],
)
def test_only_small_plain_scopes_are_stored(scope: dict[str, object], fits: bool) -> None:
    stored = encode_scope(scope)
    assert (stored == scope) is fits
    assert fits or stored is None


def test_a_scope_that_holds_itself_is_not_stored() -> None:
    loop: list[object] = []
    loop.append(loop)
    assert encode_scope({"a": loop}) is None


async def test_every_event_can_be_encoded() -> None:
    text = 'nodes: {a: {do: probe.echo, with: {value: "{[2 ** 200, today()]}"}}}\nedges: [start -> a]\n'
    run = await run_flow_text(HEAD + text)
    assert run.outcome.state == "COMPLETED"
    assert msgspec.json.encode(run.events)


INPUTS = """
inputs: {n: {type: number, default: 3}, long: {type: text, default: ""}}
variables: {x: {type: number, default: 1}, list: {type: list, default: []}}
nodes:
  set: {do: set_variable, with: {variable: x, value: "{x + n}"}}
  add: {do: add_to_list, with: {variable: list, value: "{x}"}}
  ask: {do: if, with: {condition: "{x > 1}"}}
  each: {do: for_each, with: {items: "{list}"}}
  echo: {do: probe.echo, with: {value: {of: "{item}", long: "{long}"}}}
  thread: {do: probe.thread, with: {value: "{x}"}, retry: {times: 1}}
  call: {do: call_workflow, with: {workflow: Other, inputs: {given: "{x}"}}}
  bad: {do: probe.count, with: {number: "{list}", text: "{long}"}}
edges: [start -> set -> add -> ask, ask.then -> each, each.body -> echo, each.done -> thread -> call -> bad]
"""
OTHER = "format: exekra.flow/1\nname: Other\ninputs: {given: {}}\n"


async def test_a_visit_that_is_told_has_the_values_of_its_fields() -> None:
    run = await run_flow_text(HEAD + INPUTS, workflows={"Other": OTHER})
    assert {event.node: event.inputs for event in run.of(NodeLeft)} == {
        "set": {"value": 4},
        "add": {"value": 4},
        "ask": {"condition": True},
        "each": {"items": [4]},
        "echo": {"value": {"of": 4, "long": ""}},
        "thread": {"value": 4},
        "call": {"inputs": {"given": 4}},
        "bad": {"number": [4], "text": ""},
    }
    assert run.outcome.state == "FAILED"


async def test_told_values_are_small_and_only_there_when_told() -> None:
    run = await run_flow_text(HEAD + INPUTS, inputs={"long": "x" * 1_000_000}, workflows={"Other": OTHER})
    lasts = [event for event in run.of(NodeLeft) if event.node in {"echo", "bad"}]
    assert lasts
    assert all(len(msgspec.json.encode(event.inputs)) <= 2048 for event in lasts)
    run = await run_flow_text(HEAD + LOOP, inputs={"n": 10_000})
    told = [event for event in run.of(NodeLeft) if event.node == "up"]
    assert [event.inputs for event in told[:2]] == [{"value": 1}, {"value": 2}]
    assert all(event.inputs is None or event.inputs == {"value": event.count} for event in told)

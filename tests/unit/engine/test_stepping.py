"""Stepping: over, into and out of every node that runs bodies or flows."""

from __future__ import annotations

import asyncio
from pathlib import Path

import engine_probes
import pytest
from debug_person import GO, HEAD, INTO, OUT, OVER, Answer, Person, debugged
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_model import Body, Drawing, Interpreter, bodies

from exekra.engine.debugging.debugger import MOST_REPORTED
from exekra.engine.run import RunControl, run_flow
from exekra.flow.debugging import Breakpoint, DebugOptions
from exekra.flow.events import DebugPaused, DebugResumed, NodeEntered, NodeLeft

AT_START = DebugOptions(pause_at_start=True)
BODIES = {
    "for_each": ("{do: for_each, with: {items: [1, 2]}}", "hold.body -> in1 -> in2"),
    "while": ('{do: while, with: {condition: "{x < 2}"}}', "hold.body -> in1 -> in2"),
    "do_while": ('{do: do_while, with: {condition: "{x < 2}"}}', "hold.body -> in1 -> in2"),
    "try": ("{do: try}", "hold.try -> in1 -> in2"),
    "parallel": ("{do: parallel}", "hold.branch -> in1 -> in2"),
    "call_workflow": ("{do: call_workflow, with: {workflow: Called}}", ""),
}
CALLED = f"""{HEAD.replace("Test", "Called")}
nodes: {{in1: {{do: probe.echo}}, in2: {{do: probe.echo}}}}
edges: [start -> in1 -> in2]
"""


def around(kind: str) -> str:
    node, edge = BODIES[kind]
    inner = (
        ""
        if kind == "call_workflow"
        else """
  in1: {do: set_variable, with: {variable: x, value: "{x + 1}"}}
  in2: {do: probe.echo, with: {value: "{x}"}}"""
    )
    edges = [
        "start -> before -> hold",
        f"hold{'' if kind == 'call_workflow' else '.done'} -> after",
        *([edge] * bool(edge)),
    ]
    return f"""
variables: {{x: {{type: number, default: 0}}}}
nodes:
  before: {{do: probe.echo}}
  hold: {node}
  after: {{do: probe.echo}}{inner}
edges: [{", ".join(filter(None, edges))}]
"""


TWICE = ["for_each", "while", "do_while"]
ONCE = ["try", "parallel", "call_workflow"]


def inside(kind: str, *nodes: str) -> list[str]:
    return [f"hold/{node}" if kind == "call_workflow" else node for node in nodes]


@pytest.mark.parametrize("kind", list(BODIES))
async def test_a_step_over_runs_the_whole_node(kind: str) -> None:
    person = Person(last=OVER)
    run = await debugged(around(kind), person, AT_START, workflows={"Called": CALLED})
    assert run.outcome.state == "COMPLETED"
    assert person.nodes == ["before", "hold", "after"]
    assert person.reasons == ["start", "step", "step"]


@pytest.mark.parametrize("kind", list(BODIES))
async def test_a_step_into_stops_at_every_node(kind: str) -> None:
    person = Person(last=INTO)
    await debugged(around(kind), person, AT_START, workflows={"Called": CALLED})
    turns = 2 if kind in TWICE else 1
    assert person.nodes == ["before", "hold", *inside(kind, "in1", "in2") * turns, "after"]


@pytest.mark.parametrize("kind", list(BODIES))
async def test_a_step_out_ends_the_body(kind: str) -> None:
    person = Person(OVER, INTO, OUT)
    await debugged(around(kind), person, AT_START, workflows={"Called": CALLED})
    assert person.nodes == ["before", "hold", *inside(kind, "in1"), "after"]


@pytest.mark.parametrize("kind", list(BODIES))
async def test_a_step_over_at_the_end_of_a_body_goes_to_the_next_turn_and_then_out(kind: str) -> None:
    person = Person(OVER, INTO, last=OVER)
    await debugged(around(kind), person, AT_START, workflows={"Called": CALLED})
    turns = 2 if kind in TWICE else 1
    assert person.nodes == ["before", "hold", *inside(kind, "in1", "in2") * turns, "after"]


async def test_a_step_over_from_within_a_called_workflow_comes_back_behind_the_call() -> None:
    text = """
nodes: {first: {do: call_workflow, with: {workflow: Called}}, second: {do: probe.echo}}
edges: [start -> first -> second]
"""
    person = Person(INTO, OVER, OVER, OVER)
    run = await debugged(text, person, AT_START, workflows={"Called": CALLED})
    assert person.nodes == ["first", "first/in1", "first/in2", "second"]
    assert [frame.node for frame in person.pauses[1].stack] == ["first", "first/in1"]
    assert [frame.workflow for frame in person.pauses[1].stack] == [None, "Called"]
    assert run.outcome.state == "COMPLETED"


async def test_a_breakpoint_within_a_step_wins() -> None:
    person = Person(OVER, OVER, OVER)
    options = DebugOptions(pause_at_start=True, breakpoints=(Breakpoint(node="in2", condition="x == 2"),))
    await debugged(around("for_each"), person, options)
    assert list(zip(person.nodes, person.reasons, strict=True)) == [
        ("before", "start"),
        ("hold", "step"),
        ("in2", "breakpoint"),
        ("after", "step"),
    ]


async def test_the_catch_and_finally_bodies_are_stepped_through() -> None:
    text = """
nodes:
  attempt: {do: try}
  bad: {do: fail, with: {message: bad}}
  caught: {do: probe.echo}
  last: {do: probe.echo}
  after: {do: probe.echo}
edges: [start -> attempt, attempt.try -> bad, attempt.catch -> caught, attempt.finally -> last, attempt.done -> after]
"""
    into, over = Person(last=INTO), Person(INTO, last=OVER)
    await debugged(text, into, AT_START)
    await debugged(text, over, AT_START)
    assert into.nodes == over.nodes == ["attempt", "bad", "caught", "last", "after"]


@pytest.mark.parametrize("leave", ["break", "continue", "return"])
async def test_leaving_a_body_early_is_a_step_too(leave: str) -> None:
    text = f"""
nodes:
  each: {{do: for_each, with: {{items: [1, 2]}}}}
  ask: {{do: if, with: {{condition: "{{item == 1}}"}}}}
  leave: {{do: {leave}}}
  work: {{do: probe.echo}}
  after: {{do: probe.echo}}
edges: [start -> each, each.body -> ask, ask.then -> leave, ask.else -> work, each.done -> after]
"""
    person = Person(INTO, last=OVER)
    await debugged(text, person, AT_START)
    behind = {"break": ["after"], "continue": ["ask", "work", "after"], "return": []}[leave]
    assert person.nodes == ["each", "ask", "leave", *behind]


TWO = """
nodes:
  both: {do: parallel}
  a1: {do: probe.note, with: {value: a1}}
  a2: {do: probe.note, with: {value: a2}}
  b1: {do: probe.note, with: {value: b1}}
  b2: {do: probe.note, with: {value: b2}}
  after: {do: probe.note, with: {value: after}}
edges: [start -> both, both.branch -> a1 -> a2, both.branch -> b1 -> b2, both.done -> after]
"""


async def test_a_step_moves_the_token_that_paused_and_no_other(probes: engine_probes.State) -> None:
    seen: list[list[str]] = []

    def look_and_step(control: RunControl) -> None:
        seen.append(list(probes.noted))
        control.command(OVER)

    person = Person(look_and_step, look_and_step, look_and_step)
    await debugged(TWO, person, DebugOptions(breakpoints=(Breakpoint(node="b1"),)))
    assert person.nodes == ["b1", "b2", "after"]
    # The first branch had no breakpoint: it was at its second node when the other one paused, and waited there.
    assert seen[0] == seen[1][:-1]
    assert seen[1][-1] == "b1"
    assert sorted(seen[2]) == ["a1", "a2", "b1", "b2"]


async def test_the_other_branches_stand_still_while_one_makes_a_step(probes: engine_probes.State) -> None:
    seen: list[list[str]] = []

    def look_and_step(control: RunControl) -> None:
        seen.append(list(probes.noted))
        control.command(OVER)

    person = Person(look_and_step, look_and_step, look_and_step)
    text = TWO.replace("a1: {do: probe.note, with: {value: a1}}", "a1: {do: probe.thread}")
    await debugged(text, person, DebugOptions(breakpoints=(Breakpoint(node="a1"),)))
    assert person.nodes == ["a1", "a2", "after"]
    assert seen == [[], [], ["a2", "b1", "b2"]]


async def test_a_step_into_at_the_end_of_a_branch_goes_to_the_other_one(probes: engine_probes.State) -> None:
    person = Person(last=INTO)
    await debugged(TWO, person, AT_START)
    assert person.nodes == ["both", "a1", "a2", "b1", "b2", "after"]


async def test_two_breakpoints_in_two_branches_pause_one_after_the_other() -> None:
    person = Person()
    options = DebugOptions(breakpoints=(Breakpoint(node="a2"), Breakpoint(node="b1"), Breakpoint(node="b2")))
    run = await debugged(TWO, person, options)
    assert sorted(person.nodes) == ["a2", "b1", "b2"]
    assert run.outcome.state == "COMPLETED"
    kinds = [type(event) for event in run.events if isinstance(event, DebugPaused | DebugResumed)]
    assert kinds == [DebugPaused, DebugResumed] * 3


async def test_a_step_in_a_nested_parallel_ends_behind_it_while_the_outer_branch_waits() -> None:
    text = """
nodes:
  outer: {do: parallel}
  inner: {do: parallel}
  a: {do: probe.echo}
  b: {do: probe.echo}
  c: {do: probe.echo}
  d1: {do: probe.echo}
  d2: {do: probe.echo}
  after: {do: probe.echo}
edges:
- start -> outer
- outer.branch -> inner
- inner.branch -> a
- inner.branch -> b
- inner.done -> c
- outer.branch -> d1 -> d2
- outer.done -> after
"""
    person = Person(OVER, OVER, OVER)
    run = await debugged(text, person, DebugOptions(breakpoints=(Breakpoint(node="a"),)))
    assert person.nodes == ["a", "c", "after"]
    assert run.outcome.state == "COMPLETED"


async def test_what_a_step_runs_is_told_whole_and_what_runs_free_is_sampled() -> None:
    text = """
nodes:
  each: {do: for_each, with: {items: "{range(2000)}"}}
  work: {do: probe.echo}
  after: {do: probe.echo}
edges: [start -> each, each.body -> work, each.done -> after]
"""
    stepped = await debugged(text, Person(OVER), AT_START)
    told = [event.count for event in stepped.of(NodeLeft) if event.node == "work"]
    assert told[:MOST_REPORTED] == list(range(1, MOST_REPORTED + 1))
    assert len(told) < MOST_REPORTED + 50
    free = await debugged(text, Person(GO), AT_START)
    assert len([event for event in free.of(NodeEntered) if event.node == "work"]) < 50


async def test_a_failure_in_another_branch_waits_for_its_turn() -> None:
    text = TWO.replace("a2: {do: probe.note, with: {value: a2}}", "a2: {do: fail, with: {message: bad}}")
    text = text.replace("{do: parallel}", "{do: parallel, with: {on_error: wait}}")
    person = Person()
    run = await debugged(text, person, DebugOptions(breakpoints=(Breakpoint(node="b1"), Breakpoint(node="b2"))))
    assert sorted(zip(person.nodes, person.reasons, strict=True)) == [
        ("a2", "failure"),
        ("b1", "breakpoint"),
        ("b2", "breakpoint"),
    ]
    assert run.outcome.state == "FAILED"


MEETING = """
nodes:
  both: {do: parallel}
  a: {do: probe.wait, timeout: 0.01}
  b: {do: probe.echo}
  last: {do: probe.echo}
edges: [start -> both, both.branch -> a, both.branch -> b, both.error -> last]
"""


async def test_a_paused_branch_is_stopped_by_the_failure_of_another_one() -> None:
    person = Person((), GO)
    run = await debugged(MEETING, person, DebugOptions(breakpoints=(Breakpoint(node="b"), Breakpoint(node="last"))))
    assert person.nodes == ["b", "last"]
    assert run.outcome.state == "COMPLETED"
    kinds = [type(event) for event in run.events if isinstance(event, DebugPaused | DebugResumed)]
    assert kinds == [DebugPaused, DebugResumed] * 2


async def test_a_stop_reaches_the_tokens_that_wait_for_a_paused_one(probes: engine_probes.State) -> None:
    person = Person(lambda control: control.stop())
    run = await debugged(TWO, person, DebugOptions(breakpoints=(Breakpoint(node="a1"),)))
    assert run.outcome.state == "STOPPED"
    assert probes.noted == []


commands = st.sampled_from([OVER, INTO, OUT, GO])


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(bodies(3, in_loop=False), st.lists(commands, max_size=30), commands, st.booleans())
def test_whatever_is_stepped_the_flow_does_the_same(
    body: Body, first: list[Answer], last: Answer, pause_at_start: bool
) -> None:
    expected = Interpreter()
    ended = expected.run(body)
    flow = Drawing().flow(body)
    breakpoints = tuple(Breakpoint(node=node) for node in list(flow.nodes)[::3])
    engine_probes.state.noted.clear()
    person = Person(*first, last=last)
    outcome = asyncio.run(
        run_flow(
            flow,
            inputs={},
            emit=person,
            work_folder=Path(),
            control=person.control,
            debug=DebugOptions(pause_at_start=pause_at_start, breakpoints=breakpoints),
        )
    )
    assert engine_probes.state.noted == expected.noted
    assert (outcome.failure.type if outcome.failure is not None else outcome.state) == ended
    if outcome.failure is not None:
        assert person.pauses[-1].reason in {"failure", "step", "breakpoint"}
        assert "failure" in person.reasons

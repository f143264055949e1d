"""Stepping: over, into and out of every node that runs bodies or flows."""

from __future__ import annotations

import pytest
from debug_person import HEAD, INTO, OUT, OVER, Person, debugged

from exekra.flow.debugging import DebugOptions

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

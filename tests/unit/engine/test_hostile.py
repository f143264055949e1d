"""What no well-meant workflow does: it ends in a clear error, in little time, and never takes the process down."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from pathlib import Path

import engine_probes
import pytest

from exekra.engine.run import Outcome, RunControl, run_flow
from exekra.flow.document import load_flow
from exekra.flow.events import Event
from exekra.flow.model import Edge, Flow, Node, Output, Parameter, Variable
from exekra.testing.flows import run_flow_text

HEAD = "format: exekra.flow/1\nname: Test\n"


async def run(flow: Flow, **inputs: object) -> Outcome:
    return await run_flow(flow, inputs=inputs, emit=lambda event: None, work_folder=Path())


def chain(count: int) -> Flow:
    nodes = {f"n{i}": Node(do="set_variable", inputs={"variable": "x", "value": "{x + 1}"}) for i in range(count)}
    edges = [Edge("start", "next", "n0"), *(Edge(f"n{i}", "next", f"n{i + 1}") for i in range(count - 1))]
    return Flow(
        name="Chain", variables={"x": Variable(default=0)}, outputs={"x": Output()}, nodes=nodes, edges=tuple(edges)
    )


async def test_ten_thousand_nodes_in_a_row() -> None:
    outcome = await run(chain(10_000))
    assert outcome.outputs == {"x": 10_000}


async def test_loops_within_loops_to_the_depth_that_a_document_may_have() -> None:
    depth = 50
    nodes = {f"l{i}": Node(do="for_each", inputs={"items": [1], "item": f"i{i}"}) for i in range(depth)}
    nodes["end"] = Node(do="set_variable", inputs={"variable": "x", "value": "{i0 + i49}"})
    edges = [Edge("start", "next", "l0"), *(Edge(f"l{i}", "body", f"l{i + 1}") for i in range(depth - 1))]
    edges.append(Edge(f"l{depth - 1}", "body", "end"))
    flow = Flow(name="Deep", variables={"x": Variable()}, outputs={"x": Output()}, nodes=nodes, edges=tuple(edges))
    assert (await run(flow)).outputs == {"x": 2}


@pytest.mark.parametrize(
    ("flow", "said"),
    [
        (Flow(name="X", nodes={"a": Node(do="if")}, edges=(Edge("start", "next", "b"),)), "`b` is not a node"),
        (
            Flow(name="X", nodes={"a": Node(do="if")}, edges=(Edge("start", "next", "a"), Edge("a", "then", "a"))),
            "cycle",
        ),
        (Flow(name="X", nodes={"a": Node(do="set_variable")}, edges=(Edge("start", "next", "a"),)), ""),
        (
            Flow(
                name="X",
                nodes={"a": Node(do="set_variable", inputs={"variable": "no", "value": 1})},
                edges=(Edge("start", "next", "a"),),
            ),
            "no",
        ),
        (
            Flow(name="X", nodes={"a": Node(do="if", inputs={"condition": "{("})}, edges=(Edge("start", "next", "a"),)),
            "",
        ),
        (
            Flow(
                name="X", nodes={"a": Node(do="if", inputs={"condition": "{x +}"})}, edges=(Edge("start", "next", "a"),)
            ),
            "",
        ),
        (Flow(name="X", nodes={"a": Node(do="no.such")}, edges=(Edge("start", "next", "a"),)), "There is no activity"),
        (Flow(name="X", inputs={"n": Parameter(type="number", default="x")}), "must be a number"),
        (Flow(name="X", variables={"n": Variable(type="list", default=5)}), "must be a list"),
        (Flow(name="X", outputs={"n": Output(value="{nothing}")}), "nothing"),
    ],
)
async def test_a_flow_that_nobody_checked_fails_with_a_sentence(flow: Flow, said: str) -> None:
    outcome = await run(flow)
    assert outcome.state == "FAILED"
    assert outcome.failure is not None
    assert said in outcome.failure.message
    assert "Traceback" not in outcome.failure.message


@pytest.mark.parametrize(
    "value",
    [
        "{number(9) ** 9 ** 9}",
        "{x * 10 ** 9}",
        "{sum([i for i in range(10 ** 9)])}",
        "{x.__class__}",
        '{pad_left("x", 10 ** 9)}',
    ],
)
async def test_a_hostile_expression_ends_soon(value: str) -> None:
    flow = Flow(
        name="X",
        variables={"x": Variable(default="x")},
        nodes={"a": Node(do="set_variable", inputs={"variable": "x", "value": value})},
        edges=(Edge("start", "next", "a"),),
    )
    began = time.process_time()
    outcome = await run(flow)
    assert time.process_time() - began < 1
    assert outcome.failure is not None
    assert outcome.failure.node == "a"


async def test_a_list_that_grows_without_an_end_can_be_stopped() -> None:
    control = RunControl()
    text = """
variables: {list: {type: list, default: []}}
nodes:
  loop: {do: while, with: {condition: true}}
  grow: {do: add_to_list, with: {variable: list, value: 1}}
edges: [start -> loop, loop.body -> grow]
"""
    asyncio.get_running_loop().call_later(0.02, control.stop)
    assert (await run_flow_text(HEAD + text, control=control)).outcome.state == "STOPPED"


async def test_many_failing_retries_do_not_flood_the_log(probes: engine_probes.State) -> None:
    text = """
nodes:
  each: {do: for_each, with: {items: "{range(2000)}"}}
  work: {do: probe.misbehave, with: {how: file}, retry: {times: 2, delay: 0}, continue_on_error: true}
edges: [start -> each, each.body -> work]
"""
    run = await run_flow_text(HEAD + text)
    assert run.failures == {"work": 2000}
    assert len(run.events) < 200


async def test_two_executions_at_once_do_not_meet() -> None:
    one, other = await asyncio.gather(run(chain(500)), run(chain(700)))
    assert (one.outputs["x"], other.outputs["x"]) == (500, 700)


async def test_inputs_are_not_changed_by_the_flow() -> None:
    text = """
inputs: {given: {type: list}}
outputs: {mine: {}}
variables: {mine: {type: list}}
nodes:
  take: {do: set_variable, with: {variable: mine, value: "{given}"}}
  grow: {do: add_to_list, with: {variable: mine, value: 2}}
edges: [start -> take -> grow]
"""
    given = [1]
    assert (await run_flow_text(HEAD + text, inputs={"given": given})).outcome.outputs == {"mine": [1, 2]}
    assert given == [1]


async def test_memory_stays_flat_over_many_iterations() -> None:
    text = """
inputs: {n: {type: number}}
variables: {i: {type: number, default: 0}}
nodes:
  loop: {do: while, with: {condition: "{i < n}"}}
  up: {do: set_variable, with: {variable: i, value: "{i + 1}"}}
  attempt: {do: try}
  bad: {do: fail, with: {message: "bad"}}
  fine: {do: set_variable, with: {variable: i, value: "{i}"}}
edges: [start -> loop, loop.body -> up -> attempt, attempt.try -> bad, attempt.catch -> fine]
"""
    flow, told = load_flow(HEAD + text), 0

    def emit(event: Event) -> None:
        nonlocal told
        told += 1

    tracemalloc.start()
    try:
        outcome = await run_flow(flow, inputs={"n": 20_000}, emit=emit, work_folder=Path())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert outcome.state == "COMPLETED"
    assert peak < 3_000_000
    assert told < 400

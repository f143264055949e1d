"""Call Workflow: a scope of its own, checked inputs and outputs, bounded depth."""

from __future__ import annotations

import engine_probes
import pytest

from exekra.engine.run import RunControl
from exekra.flow.events import Log, NodeEntered
from exekra.testing.flows import FlowRun, run_flow_text

HEAD = "format: exekra.flow/1\nname: Caller\n"
CALLER = (
    HEAD
    + """
inputs: {n: {default: 4}}
outputs: {twice: {value: "{call.twice}"}, mine: {}}
variables: {mine: {default: kept}}
nodes: {call: {do: call_workflow, with: {workflow: Double, inputs: {n: "{n}"}}}}
edges: [start -> call]
"""
)
DOUBLE = """
format: exekra.flow/1
name: Double
inputs: {n: {type: number}, by: {type: number, default: 2}}
outputs: {twice: {type: number}}
variables: {twice: {type: number}, mine: {default: other}}
nodes: {work: {do: set_variable, with: {variable: twice, value: "{n * by}"}}}
edges: [start -> work]
"""


async def call(text: str = CALLER, called: str = DOUBLE, **inputs: object) -> FlowRun:
    return await run_flow_text(text, inputs=inputs, workflows={"Double": called})


async def test_a_called_workflow_has_a_scope_of_its_own() -> None:
    run = await call()
    assert run.outcome.outputs == {"twice": 8, "mine": "kept"}
    assert run.counts == {"call": 1, "call/work": 1}
    assert run.outcome.nodes == 2


async def test_its_failure_names_the_node_and_the_workflow() -> None:
    run = await call(called=DOUBLE.replace("n * by", "n / 0"))
    failure = run.outcome.failure
    assert failure is not None
    assert (failure.node, failure.workflow) == ("work", "Double")


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ('{n: "{n}", bye: 1}', "The workflow Double has no input `bye`. Did you mean `by`?"),
        ("{}", "The workflow Double needs the input `n`, which was not given."),
        ("{n: text}", "The input `n` must be a number, but is a text."),
    ],
)
async def test_wrong_inputs_fail_at_the_calling_node(inputs: str, said: str) -> None:
    failure = (await call(CALLER.replace('{n: "{n}"}', inputs))).outcome.failure
    assert failure is not None
    assert (failure.node, failure.type, failure.workflow) == ("call", "InputError", None)
    assert failure.message == said


async def test_a_wrong_output_fails_at_the_calling_node() -> None:
    text = DOUBLE.replace("outputs: {twice: {type: number}}", "outputs: {twice: {type: text, value: 5}}")
    failure = (await call(called=text)).outcome.failure
    assert failure is not None
    assert failure.node == "call"
    assert "The output `twice` must be a text, but is a number." in failure.message


async def test_an_unknown_workflow_is_named() -> None:
    failure = (await call(CALLER.replace("workflow: Double", "workflow: Duble"))).outcome.failure
    assert failure is not None
    assert (failure.node, failure.type) == ("call", "UnknownWorkflowError")
    assert failure.message == "There is no workflow Duble to call. Did you mean Double?"


async def test_a_pinned_version_is_taken() -> None:
    run = await run_flow_text(
        CALLER.replace("workflow: Double", "workflow: Double, version: 3"),
        workflows={"Double": DOUBLE, "Double@3": DOUBLE.replace("default: 2", "default: 3")},
    )
    assert run.outcome.outputs["twice"] == 12


@pytest.mark.parametrize(
    ("version", "kind", "said"),
    [
        ("2", "UnknownWorkflowError", "There is no version 2 of the workflow Double to call"),
        ("'3'", "InputError", "`version` must be empty or a whole number from 1"),
        ("0", "InputError", "`version` must be empty or a whole number from 1"),
    ],
)
async def test_never_another_version_than_the_pinned_one_is_run(version: str, kind: str, said: str) -> None:
    run = await run_flow_text(
        CALLER.replace("workflow: Double", f"workflow: Double, version: {version}"),
        workflows={"Double": DOUBLE, "Double@3": DOUBLE},
    )
    failure = run.outcome.failure
    assert failure is not None
    assert (failure.node, failure.type) == ("call", kind)
    assert said in failure.message
    assert run.counts == {"call": 1}


async def test_a_workflow_whose_name_looks_like_a_pinned_version_is_not_mixed_up_with_one() -> None:
    workflows = {"Double@3@": DOUBLE, "Double@3": DOUBLE.replace("default: 2", "default: 3")}
    run = await run_flow_text(CALLER.replace("workflow: Double", "workflow: Double@3"), workflows=workflows)
    assert run.outcome.outputs["twice"] == 8


COUNTDOWN = """
format: exekra.flow/1
name: Double
inputs: {n: {type: number}}
outputs: {twice: {type: number}}
variables: {twice: {type: number, default: 0}}
nodes:
  more: {do: if, with: {condition: "{n > 0}"}}
  again: {do: call_workflow, with: {workflow: Double, inputs: {n: "{n - 1}"}}}
  sum: {do: set_variable, with: {variable: twice, value: "{again.twice + 2}"}}
edges: [start -> more, more.then -> again -> sum]
"""


async def test_a_workflow_may_call_itself_up_to_a_depth() -> None:
    run = await call(called=COUNTDOWN, n=40)
    assert run.outcome.outputs["twice"] == 80
    assert run.counts == {"call": 1, "call/more": 41, "call/again": 40, "call/sum": 40}
    failure = (await call(called=COUNTDOWN, n=60)).outcome.failure
    assert failure is not None
    assert (failure.type, failure.node) == ("CallDepthError", "again")
    assert "the limit is 50" in failure.message


async def test_endless_calls_within_control_nodes_end_in_an_error() -> None:
    nested = """
format: exekra.flow/1
name: Double
inputs: {n: {}}
outputs: {twice: {value: 1}}
nodes:
  t1: {do: try}
  t2: {do: for_each, with: {items: [1]}}
  t3: {do: while, with: {condition: true}}
  t4: {do: parallel}
  again: {do: call_workflow, with: {workflow: Double, inputs: {n: 1}}}
edges: [start -> t1, t1.try -> t2, t2.body -> t3, t3.body -> t4, t4.branch -> again]
"""
    failure = (await call(called=nested)).outcome.failure
    assert failure is not None
    assert failure.type in {"CallDepthError", "RecursionError"}


async def test_return_ends_the_called_workflow_only() -> None:
    text = DOUBLE.replace(
        'set_variable, with: {variable: twice, value: "{n * by}"}', "return, with: {values: {twice: 1}}"
    )
    run = await call(called=text)
    assert run.outcome.outputs == {"twice": 1, "mine": "kept"}


async def test_events_of_a_called_workflow_carry_the_way_to_it(probes: engine_probes.State) -> None:
    text = DOUBLE.replace("nodes: {", "nodes: {log: {do: probe.thread}, ").replace(
        "start -> work", "start -> log -> work"
    )
    run = await call(called=text)
    assert [event.node for event in run.of(NodeEntered)] == ["call", "call/log", "call/work"]
    assert [event.node for event in run.of(Log)] == ["call/log"]


async def test_finally_in_a_called_workflow_runs_on_a_stop(probes: engine_probes.State) -> None:
    text = """
format: exekra.flow/1
name: Double
inputs: {n: {}}
nodes:
  attempt: {do: try}
  w: {do: probe.wait}
  tidy: {do: probe.thread}
  note: {do: probe.note, with: {value: tidied}}
edges: [start -> attempt, attempt.try -> w, attempt.finally -> tidy -> note]
"""
    control = RunControl()
    probes.on_wait = control.stop
    run = await run_flow_text(CALLER, workflows={"Double": text}, control=control)
    assert run.outcome.state == "STOPPED"
    assert probes.noted == ["wait cancelled", "tidied"]

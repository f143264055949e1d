"""The outputs of an execution: kept whole, or the execution fails and says why. They are never shortened."""

from __future__ import annotations

import pytest

from exekra.engine.scope import outputs as module
from exekra.flow.events import Checkpoint, ExecutionFinished
from exekra.testing.flows import FlowRun, run_flow_text

HEAD = "format: exekra.flow/1\nname: Test\n"
MANY = """
inputs: {n: {type: number}, text: {type: text, default: ""}}
outputs: {small: {value: 1}, large: {value: "{range(n)}"}, text: {value: "{text}"}}
"""


def finished(run: FlowRun) -> ExecutionFinished:
    (event,) = run.of(ExecutionFinished)
    return event


async def test_a_large_output_is_kept_whole() -> None:
    run = await run_flow_text(HEAD + MANY, inputs={"n": 100_000, "text": "x" * 100_000})
    assert run.outcome.state == "COMPLETED"
    assert finished(run).outputs == {"small": 1, "large": list(range(100_000)), "text": "x" * 100_000}
    assert run.logs == []


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (150_000, "The outputs of the workflow have more than the 0.15 MB"),
        (600_000, "The outputs of the workflow have 0.7 MB or more, above the 0.6 MB"),
    ],
)
async def test_outputs_that_cannot_be_kept_whole_are_a_failure(
    limit: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST_BYTES", limit)
    text = HEAD + MANY + "nodes: {say: {do: general.log, with: {message: ran}}}\nedges: [start -> say]\n"
    run = await run_flow_text(text, inputs={"n": 100_000, "text": "x" * 100_000})
    failure = run.outcome.failure
    assert failure is not None
    assert (run.outcome.state, failure.type, failure.retryable) == ("FAILED", "OutputsTooLarge", False)
    assert failure.message.startswith(said)
    assert "The largest is `large`: write it to a file" in failure.message
    assert run.outcome.outputs == finished(run).outputs == {}
    assert finished(run).failure == failure
    assert run.of(Checkpoint) == []
    assert run.logs == ["ran"]


async def test_an_output_that_is_null_is_null_without_a_word() -> None:
    run = await run_flow_text(HEAD + "outputs: {a: {type: text}}\nvariables: {a: {type: text}}\n")
    assert finished(run).outputs == {"a": None}
    assert run.logs == []


async def test_an_output_that_is_no_data_is_a_failure() -> None:
    text = """
outputs: {window: {value: "{open.value}"}}
nodes: {open: {do: probe.object}}
edges: [start -> open]
"""
    run = await run_flow_text(HEAD + text)
    failure = run.outcome.failure
    assert failure is not None
    assert (run.outcome.state, failure.type) == ("FAILED", "OutputNotData")
    assert failure.message.startswith("The output `window` is ")
    assert finished(run).outputs == {}


async def test_an_output_that_holds_itself_is_a_failure() -> None:
    text = """
variables: {list: {type: list, default: []}}
outputs: {list: {type: list}}
nodes:
  add: {do: probe.loop, with: {list: "{list}"}}
  keep: {do: set_variable, with: {variable: list, value: "{add.value}"}}
edges: [start -> add -> keep]
"""
    run = await run_flow_text(HEAD + text)
    failure = run.outcome.failure
    assert failure is not None
    assert (run.outcome.state, failure.type) == ("FAILED", "OutputNotData")
    assert "nested too deeply" in failure.message


async def test_numbers_of_other_libraries_are_plain_numbers() -> None:
    run = await run_flow_text(
        HEAD
        + """
outputs: {all: {value: "{n.value}"}}
nodes: {n: {do: probe.numbers}}
edges: [start -> n]
"""
    )
    assert finished(run).outputs == {"all": [1.5, 3, "text"]}
    assert [type(item) for item in finished(run).outputs["all"]] == [float, int, str]

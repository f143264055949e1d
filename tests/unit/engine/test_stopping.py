"""Stop and time limits: they reach every kind of work, and `finally` bodies still run."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import engine_probes
import pytest

from exekra.engine.nodes import try_catch
from exekra.engine.run import RunControl, run_flow
from exekra.engine.services import threads
from exekra.flow.document import load_flow
from exekra.flow.events import ExecutionFinished, NodeLeft
from exekra.testing.flows import FlowRun, run_flow_text

HEAD = "format: exekra.flow/1\nname: Test\n"
TIGHT = """
variables: {i: {type: number, default: 0}}
nodes:
  loop: {do: while, with: {condition: "{i >= 0}"}}
  up: {do: set_variable, with: {variable: i, value: "{i + 1}"}}
edges: [start -> loop, loop.body -> up]
"""


async def stopped_run(text: str, control: RunControl) -> FlowRun:
    run = await run_flow_text(HEAD + text, control=control)
    assert run.outcome.state == "STOPPED"
    assert run.outcome.failure is not None
    assert run.outcome.failure.type == "StoppedError"
    return run


def stop_from_a_thread(control: RunControl, when: threading.Event) -> list[float]:
    """Stop when the event is set; the list gets the processor time used by then."""
    asked: list[float] = []

    def stop() -> None:
        when.wait(5)
        asked.append(time.process_time())
        control.stop()

    threading.Thread(target=stop, daemon=True).start()
    return asked


@pytest.mark.parametrize(
    "text",
    [
        TIGHT,
        "nodes: {loop: {do: while, with: {condition: true}}}\nedges: [start -> loop]\n",
        TIGHT.replace("do: while, with: {condition:", "do: do_while, with: {condition:"),
        """
nodes:
  outer: {do: while, with: {condition: true}}
  inner: {do: for_each, with: {items: [1, 2, 3]}}
  work: {do: probe.echo, with: {value: "{item}"}}
edges: [start -> outer, outer.body -> inner, inner.body -> work]
""",
    ],
)
async def test_a_tight_loop_stops_within_100_ms_of_processor_time(text: str, probes: engine_probes.State) -> None:
    control = RunControl()
    running = threading.Event()
    asked = stop_from_a_thread(control, running)
    asyncio.get_running_loop().call_later(0.02, running.set)
    await stopped_run(text, control)
    assert time.process_time() - asked[0] < 0.1


async def test_a_stop_before_the_start_is_a_stop() -> None:
    control = RunControl()
    control.stop()
    run = await stopped_run(TIGHT, control)
    assert run.outcome.nodes == 0


async def test_a_stop_after_the_end_changes_nothing() -> None:
    control = RunControl()
    assert (await run_flow_text(HEAD, control=control)).outcome.state == "COMPLETED"
    control.stop()
    assert control.stopped


async def test_an_async_activity_is_cancelled(probes: engine_probes.State) -> None:
    control = RunControl()
    probes.on_wait = control.stop
    run = await stopped_run("nodes: {w: {do: probe.wait}}\nedges: [start -> w]\n", control)
    assert probes.noted == ["wait cancelled"]
    (left,) = run.of(NodeLeft)
    assert left.failure is not None
    assert left.failure.type == "StoppedError"


async def test_an_activity_that_swallows_its_cancellation_does_not_go_on(probes: engine_probes.State) -> None:
    control = RunControl()
    probes.on_wait = control.stop
    await stopped_run(
        "nodes: {w: {do: probe.swallow}, n: {do: probe.note, with: {value: after}}}\nedges: [start -> w -> n]\n",
        control,
    )
    assert probes.noted == ["swallowed"]


async def test_a_thread_is_asked_to_stop(probes: engine_probes.State) -> None:
    control = RunControl()
    probes.on_wait = control.stop
    run = await stopped_run("nodes: {w: {do: probe.block}}\nedges: [start -> w]\n", control)
    assert run.logs == []


async def test_a_thread_that_does_not_react_is_left_behind(
    probes: engine_probes.State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "PATIENCE_SECONDS", 0.01)
    control = RunControl()
    probes.on_wait = control.stop
    run = await stopped_run("nodes: {w: {do: probe.stubborn}}\nedges: [start -> w]\n", control)
    assert run.logs == [
        "probe.stubborn did not stop when asked to. It was left behind and keeps running in the background until it "
        "ends by itself or the process does."
    ]
    probes.release.set()
    assert isinstance(run.events[-1], ExecutionFinished)


FINALLY = """
nodes:
  attempt: {do: try}
  w: {do: probe.wait}
  caught: {do: probe.note, with: {value: caught}}
  close: {do: probe.thread, with: {value: 1}}
  loop: {do: for_each, with: {items: [1, 2]}}
  tidy: {do: probe.note, with: {value: "tidy {item}"}}
  after: {do: probe.note, with: {value: after}}
edges:
- start -> attempt
- attempt.try -> w
- attempt.catch -> caught
- attempt.finally -> close -> loop
- loop.body -> tidy
- attempt.done -> after
"""


async def test_finally_runs_on_a_stop_and_catch_does_not(probes: engine_probes.State) -> None:
    control = RunControl()
    probes.on_wait = control.stop
    await stopped_run(FINALLY, control)
    assert probes.noted == ["wait cancelled", "tidy 1", "tidy 2"]


async def test_a_finally_body_has_a_bound_while_stopping(
    probes: engine_probes.State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(try_catch, "FINALLY_SECONDS", 0.02)
    control = RunControl()
    probes.on_wait = control.stop
    text = """
nodes:
  attempt: {do: try}
  w: {do: probe.wait}
  endless: {do: while, with: {condition: true}}
edges: [start -> attempt, attempt.try -> w, attempt.finally -> endless]
"""
    run = await stopped_run(text, control)
    assert run.logs == ["The `finally` body of `attempt` took longer than 0.02 s while stopping; it was cut off."]


async def test_a_finally_body_that_fails_while_stopping_is_told(probes: engine_probes.State) -> None:
    control = RunControl()
    probes.on_wait = control.stop
    text = """
nodes:
  attempt: {do: try}
  w: {do: probe.wait}
  bad: {do: fail, with: {message: no way}}
edges: [start -> attempt, attempt.try -> w, attempt.finally -> bad]
"""
    run = await stopped_run(text, control)
    assert run.logs == ["The `finally` body of `attempt` failed while stopping: no way"]


async def test_cancelling_the_caller_stops_the_execution_first(probes: engine_probes.State) -> None:
    events: list[object] = []
    task = asyncio.create_task(_collect(events))
    probes.on_wait = task.cancel
    with pytest.raises(asyncio.CancelledError):
        await task
    assert probes.noted == ["wait cancelled", "tidy 1", "tidy 2"]
    assert isinstance(events[-1], ExecutionFinished)
    assert events[-1].state == "STOPPED"


async def _collect(events: list[object]) -> None:
    await run_flow(load_flow(HEAD + FINALLY), inputs={}, emit=events.append, work_folder=Path())


@pytest.mark.parametrize(
    ("node", "inner"),
    [
        ("{do: probe.wait, timeout: 0.01}", ""),
        ("{do: probe.block, timeout: 0.01}", ""),
        ("{do: while, timeout: 0.01, with: {condition: true}}", ""),
        ("{do: try, timeout: 0.01}", "- slow.try -> w"),
        ("{do: parallel, timeout: 0.01}", "- slow.branch -> w"),
    ],
)
async def test_a_time_limit_holds_for_every_kind_of_node(node: str, inner: str, probes: engine_probes.State) -> None:
    text = f"""
nodes:
  slow: {node}
  w: {{do: probe.wait, enabled: {"true" if inner else "false"}}}
edges:
- start -> slow
{inner}
"""
    run = await run_flow_text(HEAD + text)
    failure = run.outcome.failure
    assert failure is not None
    assert (failure.type, failure.node, failure.retryable) == ("TimedOutError", "slow", True)
    assert "took longer than its limit of 0.01 s" in failure.message


async def test_a_time_limit_covers_one_attempt(probes: engine_probes.State) -> None:
    text = "nodes: {w: {do: probe.wait, timeout: 0.01, retry: {times: 2, delay: 0}}}\nedges: [start -> w]\n"
    run = await run_flow_text(HEAD + text)
    assert run.outcome.state == "FAILED"
    assert probes.noted == ["wait cancelled"] * 3


async def test_a_time_limit_around_a_try_runs_its_finally_and_not_its_catch(probes: engine_probes.State) -> None:
    text = FINALLY.replace(
        "attempt: {do: try}", "attempt: {do: try}\n  around: {do: for_each, timeout: 0.02, with: {items: [1], item: x}}"
    )
    text = text.replace("- start -> attempt", "- start -> around\n- around.body -> attempt")
    run = await run_flow_text(HEAD + text)
    assert run.outcome.failure is not None
    assert (run.outcome.failure.type, run.outcome.failure.node) == ("TimedOutError", "around")
    assert probes.noted == ["wait cancelled", "tidy 1", "tidy 2"]


async def test_a_time_limit_within_a_try_is_caught(probes: engine_probes.State) -> None:
    run = await run_flow_text(HEAD + FINALLY.replace("w: {do: probe.wait}", "w: {do: probe.wait, timeout: 0.01}"))
    assert run.outcome.state == "COMPLETED"
    assert probes.noted == ["wait cancelled", "caught", "tidy 1", "tidy 2", "after"]


async def test_an_execution_has_a_time_limit_too() -> None:
    run = await run_flow_text(HEAD + TIGHT, timeout=0.02)
    assert run.outcome.state == "FAILED"
    assert run.outcome.failure is not None
    assert run.outcome.failure.message == "The execution took longer than its limit of 0.02 s."


async def test_a_time_limit_gives_an_instant_activity_a_thread(probes: engine_probes.State) -> None:
    text = """
outputs: {v: {value: "{e.value}"}}
nodes: {e: {do: probe.echo, timeout: 5, with: {value: 3}}}
edges: [start -> e]
"""
    assert (await run_flow_text(HEAD + text)).outcome.outputs == {"v": 3}


def test_an_interrupt_of_the_process_is_a_stop(probes: engine_probes.State) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    probes.on_wait = interrupt
    events: list[object] = []
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(_collect(events))
    assert isinstance(events[-1], ExecutionFinished)
    assert events[-1].state == "STOPPED"

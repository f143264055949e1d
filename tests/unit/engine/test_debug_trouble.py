"""The debugger where something goes wrong: failures, stopping, nobody there, and time limits while somebody thinks."""

from __future__ import annotations

import asyncio

import engine_probes
import pytest
from debug_person import GO, OVER, Person, debugged

from exekra.flow.debugging import Alive, Breakpoint, DebugOptions, SetBreakpoints
from exekra.flow.events import DebugPaused, DebugResumed, Event, ExecutionFinished, Failure, Log, NodeLeft

LOOP = """
nodes:
  each: {do: for_each, with: {items: [1, 2]}}
  add: {do: probe.echo, with: {value: "{item}"}}
edges: [start -> each, each.body -> add]
"""


def at(node: str, *, pause_on_failure: bool = True, alive_seconds: float = 45) -> DebugOptions:
    return DebugOptions(
        breakpoints=(Breakpoint(node=node),), pause_on_failure=pause_on_failure, alive_seconds=alive_seconds
    )


FAILING = """
nodes:
  each: {do: for_each, with: {items: [1, 2]}, HOLDER}
  work: {do: probe.flaky, with: {failures: 9}, NODE}
  rest: {do: probe.echo}
edges: [start -> each, each.body -> work, each.done -> rest]
"""


def failing(holder: str = "enabled: true", node: str = "enabled: true") -> str:
    return FAILING.replace("HOLDER", holder).replace("NODE", node)


@pytest.mark.parametrize(
    ("text", "paused_at"),
    [
        (failing(), ["work"]),
        (failing(node="retry: {times: 2, delay: 0}"), ["work"]),
        (failing(node="continue_on_error: true"), []),
        (failing(holder="continue_on_error: true"), []),
        (failing().replace("each.done ->", "work.error ->"), []),
        (failing().replace("each.done ->", "each.error ->"), []),
        (failing(holder="retry: {times: 1, delay: 0}"), ["work"]),
        (failing(holder="retry: {times: 9, delay: 0}").replace("[1, 2]", "[1]"), []),
    ],
)
async def test_it_pauses_after_a_failure_that_nothing_takes(
    text: str, paused_at: list[str], probes: engine_probes.State
) -> None:
    person = Person()
    run = await debugged(text, person)
    assert person.nodes == paused_at
    assert run.outcome.state == ("FAILED" if paused_at else "COMPLETED")
    for pause in person.pauses:
        assert pause.reason == "failure"
        assert pause.failure is not None
        assert pause.failure.type == "Flaky"
        assert pause.scope["item"] == 1


async def test_the_turns_of_a_loop_are_counted_anew_when_it_is_tried_again(probes: engine_probes.State) -> None:
    text = failing(holder="retry: {times: 9, delay: 0}").replace("failures: 9", "failures: 1")
    person = Person()
    await debugged(text, person, at("work"))
    assert [pause.stack[-1].turn for pause in person.pauses] == [1, 1, 2]


TRIES = """
nodes:
  attempt: {do: try, with: {errors: TYPES}}
  bad: {do: fail, with: {message: bad, type: One}}
  caught: {do: CAUGHT, with: {message: worse, type: Two}}
  last: {do: probe.echo}
edges: [start -> attempt, attempt.try -> bad, attempt.catch -> caught, attempt.finally -> last]
"""


@pytest.mark.parametrize(
    ("types", "caught", "paused_at"),
    [("[]", "fail", ["caught"]), ("[One]", "fail", ["caught"]), ("[Other]", "fail", ["bad"])],
)
async def test_a_try_takes_what_it_catches(types: str, caught: str, paused_at: list[str]) -> None:
    person = Person()
    run = await debugged(TRIES.replace("TYPES", types).replace("CAUGHT", caught), person)
    assert person.nodes == paused_at
    assert run.outcome.state == "FAILED"


async def test_a_try_around_a_call_takes_its_failure() -> None:
    called = "format: exekra.flow/1\nname: Bad\nnodes: {x: {do: fail, with: {message: x}}}\nedges: [start -> x]\n"
    text = """
nodes: {t: {do: try}, c: {do: call_workflow, with: {workflow: Bad}}, ok: {do: probe.echo}}
edges: [start -> t, t.try -> c, t.catch -> ok]
"""
    person = Person()
    assert (await debugged(text, person, workflows={"Bad": called})).outcome.state == "COMPLETED"
    assert person.nodes == []
    person = Person()
    await debugged(text.replace("t.catch -> ok", "t.done -> ok"), person, workflows={"Bad": called})
    assert person.nodes == ["c/x"]


async def test_a_step_after_a_failure_goes_to_finally() -> None:
    person = Person(OVER, OVER)
    await debugged(TRIES.replace("TYPES", "[Other]").replace("CAUGHT", "fail"), person)
    assert person.nodes == ["bad", "last"]


async def test_without_pause_on_failure_it_fails_at_once(probes: engine_probes.State) -> None:
    person = Person()
    run = await debugged(failing(), person, DebugOptions(pause_on_failure=False))
    assert person.nodes == []
    assert run.outcome.state == "FAILED"


STOP = """
nodes:
  attempt: {do: try}
  both: {do: parallel}
  a: {do: probe.echo}
  b: {do: probe.wait}
  close: {do: probe.note, with: {value: closed}}
edges: [start -> attempt, attempt.try -> both, both.branch -> b, both.branch -> a, attempt.finally -> close]
"""


async def test_stop_answers_while_paused_and_finally_runs(probes: engine_probes.State) -> None:
    person = Person(lambda control: control.stop())
    run = await debugged(STOP, person, DebugOptions(breakpoints=(Breakpoint(node="a"), Breakpoint(node="close"))))
    assert run.outcome.state == "STOPPED"
    assert person.nodes == ["a"]
    assert probes.noted == ["wait cancelled", "closed"]
    assert isinstance(run.events[-1], ExecutionFinished)
    assert len(run.of(DebugResumed)) == 1


async def test_without_a_sign_of_life_it_is_stopped_and_says_why(probes: engine_probes.State) -> None:
    person = Person((), last=())
    run = await debugged(STOP, person, at("a", alive_seconds=0.02))
    assert run.outcome.state == "STOPPED"
    assert run.outcome.failure is not None
    said = "Nobody watched the debug session for 0.02 s, so it was stopped. Start it again, and keep its page open."
    assert run.outcome.failure == Failure(type="DebuggerGoneError", message=said)
    assert [(line.level, line.message) for line in run.of(Log)] == [("warning", said)]
    assert probes.noted == ["wait cancelled", "closed"]


async def test_a_sign_of_life_keeps_it_alive() -> None:
    person = Person((), last=())
    loop = asyncio.get_running_loop()
    for number in range(1, 20):
        loop.call_later(number * 0.01, person.control.command, Alive())
    loop.call_later(0.2, person.control.command, SetBreakpoints(breakpoints=()))
    loop.call_later(0.2, person.control.command, GO)
    run = await debugged(LOOP, person, at("add", alive_seconds=0.1))
    assert run.outcome.state == "COMPLETED"


THINKING = 0.5


class SlowPerson(Person):
    """Thinks for longer than any time limit before it goes on."""

    def __call__(self, event: Event) -> None:
        if isinstance(event, DebugPaused):
            self.pauses.append(event)
            asyncio.get_running_loop().call_later(THINKING, self.control.command, GO)


@pytest.mark.parametrize("holder", ["for_each, with: {items: [1]}", "parallel", "try"])
async def test_thinking_is_no_time_of_nodes_nor_of_the_execution(holder: str) -> None:
    port = {"parallel": "branch", "try": "try"}.get(holder, "body")
    text = f"""
nodes:
  hold: {{do: {holder}, timeout: 0.4}}
  inner: {{do: for_each, with: {{items: [1]}}, timeout: 0.4}}
  work: {{do: probe.echo, timeout: 0.4}}
edges: [start -> hold, hold.{port} -> inner, inner.body -> work]
"""
    person = SlowPerson()
    run = await debugged(text, person, at("work"), timeout=0.4)
    assert run.outcome.failure is None
    assert person.nodes == ["work"]
    assert run.outcome.seconds < 0.4
    assert all(left.seconds < 0.4 for left in run.of(NodeLeft))


async def test_a_time_limit_goes_on_after_a_pause(probes: engine_probes.State) -> None:
    text = """
nodes:
  each: {do: for_each, with: {items: [1]}, timeout: 0.05}
  first: {do: probe.echo}
  wait: {do: probe.wait}
edges: [start -> each, each.body -> first -> wait]
"""
    run = await debugged(text, SlowPerson(), at("first", pause_on_failure=False))
    assert run.outcome.failure is not None
    assert (run.outcome.failure.type, run.outcome.failure.node) == ("TimedOutError", "each")

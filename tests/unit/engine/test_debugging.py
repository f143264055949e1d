"""The debugger: breakpoints, looking, changing, and commands at any time and of any size."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import engine_probes
import msgspec
import pytest
from debug_person import GO, HEAD, OUT, OVER, Person, debugged

from exekra.engine import control as control_module
from exekra.engine.debugging.breakpoints import MOST_REFUSALS
from exekra.engine.debugging.showing import LARGEST_SCOPE
from exekra.engine.run import RunControl
from exekra.flow.debugging import (
    MOST_BREAKPOINTS,
    Breakpoint,
    DebugOptions,
    Evaluate,
    Pause,
    SetBreakpoints,
    SetVariable,
    StartAt,
)
from exekra.flow.events import (
    DebugEvaluated,
    DebugPaused,
    DebugRefused,
    ExecutionStarted,
    NodeLeft,
    VariableChanged,
)
from exekra.testing.flows import FlowRun, run_flow_text

LOOP = """
inputs: {n: {type: number, default: 1000}}
outputs: {sum: {type: number}}
variables: {sum: {type: number, default: 0}, day: {type: date}, list: {type: list, default: []}}
nodes:
  each: {do: for_each, with: {items: "{range(n)}", index: position}}
  add: {do: set_variable, with: {variable: sum, value: "{sum + item}"}}
  keep: {do: probe.echo, with: {value: "{item}"}}
edges: [start -> each, each.body -> add -> keep]
"""


def at(node: str, condition: str | None = None, **more: Any) -> DebugOptions:
    return DebugOptions(breakpoints=(Breakpoint(node=node, condition=condition),), **more)


def refusals(run: FlowRun) -> list[str]:
    return [event.message for event in run.of(DebugRefused)]


async def test_a_condition_pauses_once_in_a_thousand_turns_at_the_right_item() -> None:
    person = Person()
    run = await debugged(LOOP, person, at("keep", "item == 617"))
    assert run.outcome.outputs == {"sum": 499_500}
    (pause,) = person.pauses
    assert (pause.node, pause.reason, pause.count) == ("keep", "breakpoint", 618)
    assert (pause.scope["item"], pause.scope["position"], pause.scope["sum"]) == (617, 617, 190_653)
    assert [(frame.node, frame.turn) for frame in pause.stack] == [("each", None), ("keep", 618)]
    assert refusals(run) == []


async def test_a_changed_variable_changes_the_result() -> None:
    person = Person((SetVariable(name="sum", value=1_000_000), Evaluate(id="e", expression="sum + 1"), GO))
    run = await debugged(LOOP, person, at("add", "item == 999"))
    assert run.outcome.outputs == {"sum": 1_000_999}
    (changed,) = run.of(VariableChanged)
    assert (changed.name, changed.preview) == ("sum", 1_000_000)
    (answer,) = run.of(DebugEvaluated)
    assert (answer.id, answer.value, answer.error) == ("e", 1_000_001, None)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("sum", "much", "The variable `sum` must be a number, but is a text."),
        ("day", "soon", "The variable `day` must be a date (such as 2026-01-31); this cannot be read as one."),
        ("n", True, "The input `n` must be a number, but is a boolean."),
        ("summ", 1, "There is no `summ` here to change. Did you mean `sum`?"),
        ("x" * 1_000_000, 1, f"There is no `{'x' * 200}` here to change. Choose one of the values that are shown."),
        ("sum", "x" * 2_000_000, "The value for `sum` is too large or nested too deeply; the limit is 1,024 kB."),
        ("list", [2**80], "The value for `list` is too large or nested too deeply; the limit is 1,024 kB."),
    ],
)
async def test_a_value_that_does_not_fit_is_refused(name: str, value: Any, message: str) -> None:
    person = Person((SetVariable(name=name, value=value), GO))
    run = await debugged(LOOP, person, at("add", "item == 0"))
    assert refusals(run) == [message]
    assert run.outcome.outputs == {"sum": 499_500}
    assert run.of(VariableChanged) == []


async def test_a_date_arrives_as_a_date() -> None:
    text = LOOP.replace("outputs: {", "outputs: {day: {type: date}, ")
    run = await debugged(text, Person((SetVariable(name="day", value="2026-03-01"), GO)), at("add", "item == 0"))
    assert str(run.outcome.outputs["day"]) == "2026-03-01"


async def test_a_change_in_a_branch_is_there_after_it_too() -> None:
    text = """
outputs: {other: {}}
variables: {other: {type: text, default: old}, mine: {}}
nodes:
  both: {do: parallel}
  a: {do: set_variable, with: {variable: mine, value: 1}}
  b: {do: probe.echo}
edges: [start -> both, both.branch -> a, both.branch -> b]
"""
    run = await debugged(text, Person((SetVariable(name="other", value="new"), GO)), at("a"))
    assert run.outcome.outputs == {"other": "new"}


async def test_a_change_in_a_called_workflow_stays_there() -> None:
    called = """format: exekra.flow/1
name: Called
variables: {x: {type: text, default: inner}}
outputs: {x: {}}
nodes: {a: {do: probe.echo}}
edges: [start -> a]
"""
    text = """
outputs: {x: {}, given: {value: "{call.x}"}}
variables: {x: {type: number, default: 1}}
nodes: {call: {do: call_workflow, with: {workflow: Called}}}
edges: [start -> call]
"""
    person = Person((SetVariable(name="x", value="new"), GO))
    run = await debugged(text, person, at("call/a"), workflows={"Called": called})
    assert run.outcome.outputs == {"x": 1, "given": "new"}


@pytest.mark.parametrize(
    ("expression", "value", "error"),
    [
        ("n * 2", 2000, None),
        ("nothing", None, "nothing"),
        ("1 +", None, "1 +"),
        ("1 / 0", None, "1 / 0"),
        ("x" * 20_000, None, "The expression has 20,000 characters; the limit is 10,000."),
        ("range(10 ** 9)", None, "range"),
        ("(" * 5000 + ")" * 5000, None, ""),
        ("'é' * 100000", "é" * 4000 + "…", None),
    ],
)
async def test_an_expression_is_answered_with_its_value_or_what_is_wrong(
    expression: str, value: Any, error: str | None
) -> None:
    run = await debugged(LOOP, Person((Evaluate(id="e", expression=expression), GO)), at("add", "item == 0"))
    (answer,) = run.of(DebugEvaluated)
    assert answer.value == value
    assert (answer.error is None) == (error is None)
    assert (error or "") in (answer.error or "")
    assert len(msgspec.json.encode(answer)) < 20_000


async def test_bad_breakpoints_are_told_and_the_others_hold() -> None:
    person = Person()
    options = DebugOptions(
        breakpoints=(
            Breakpoint(node="ad"),
            Breakpoint(node="call/add"),
            Breakpoint(node="each", condition="1 +"),
            Breakpoint(node="keep", condition="item == 5"),
        )
    )
    run = await debugged(LOOP, person, options)
    assert person.nodes == ["keep"]
    assert refusals(run)[:2] == [
        "There is no node `ad` to pause at. Did you mean `add`?",
        "`call/add` is not a node: `call` does not call a workflow that is here.",
    ]
    assert refusals(run)[2].startswith("The condition of the breakpoint at `each` is wrong: ")
    assert isinstance(run.events[0], ExecutionStarted)


@pytest.mark.parametrize("condition", ["missing > 1", "item"])
async def test_a_condition_that_fails_pauses_and_says_so(condition: str) -> None:
    person = Person((SetBreakpoints(breakpoints=()), GO))
    run = await debugged(LOOP, person, at("keep", condition))
    assert person.nodes == ["keep"]
    (message,) = refusals(run)
    assert message.startswith("The condition of the breakpoint at `keep` has no value: ")


CALLS = """
nodes: {one: {do: call_workflow, with: {workflow: Down, inputs: {n: 3}}}}
edges: [start -> one]
"""
DOWN = """format: exekra.flow/1
name: Down
inputs: {n: {type: number}}
nodes:
  work: {do: probe.echo, with: {value: "{n}"}}
  more: {do: if, with: {condition: "{n > 1}"}}
  again: {do: call_workflow, with: {workflow: Down, inputs: {n: "{n - 1}"}}}
edges: [start -> work -> more, more.then -> again]
"""


@pytest.mark.parametrize("node", ["one/work", "one/again/work", "one/again/again/work"])
async def test_a_breakpoint_in_a_workflow_that_calls_itself_holds_at_every_depth(node: str) -> None:
    person = Person()
    run = await debugged(CALLS, person, at(node), workflows={"Down": DOWN})
    assert run.outcome.state == "COMPLETED"
    assert person.nodes == ["one/work"] * 3
    assert [pause.scope["n"] for pause in person.pauses] == [3, 2, 1]
    assert [frame.node for frame in person.pauses[-1].stack] == ["one", "one/again", "one/again", "one/work"]


async def test_breakpoints_can_be_set_while_it_runs(probes: engine_probes.State) -> None:
    person = Person()
    probes.on_wait = lambda: person.control.command(SetBreakpoints(breakpoints=(Breakpoint(node="after"),)))
    text = """
nodes: {w: {do: probe.block}, after: {do: probe.echo}}
edges: [start -> w -> after]
"""
    asyncio.get_running_loop().call_later(0.01, probes.release.set)
    await debugged(text, person)
    assert person.nodes == ["after"]


async def test_pause_holds_at_the_next_node_and_a_tight_loop_listens(probes: engine_probes.State) -> None:
    person = Person(lambda control: control.stop())
    probes.on_wait = None
    text = LOOP.replace('"{range(n)}"', '"{range(n)}"')
    asyncio.get_running_loop().call_later(0.01, person.control.command, Pause())
    run = await debugged(text, person, inputs={"n": 900_000})
    assert person.reasons == ["pause"]
    assert run.outcome.state == "STOPPED"


async def test_commands_before_the_start_are_kept() -> None:
    person = Person()
    person.control.command(SetBreakpoints(breakpoints=(Breakpoint(node="keep", condition="item == 3"),)))
    person.control.command(Pause())
    await debugged(LOOP, person)
    assert list(zip(person.nodes, person.reasons, strict=True)) == [("each", "pause"), ("keep", "breakpoint")]


async def test_commands_after_the_end_and_without_a_debugger_do_nothing() -> None:
    control = RunControl()
    control.command(Pause())
    run = await run_flow_text(HEAD + LOOP, control=control)
    assert run.outcome.state == "COMPLETED"
    control.command(Pause())
    assert control.take() == ([], 0)
    assert not [event for event in run.events if isinstance(event, DebugPaused | DebugRefused)]


@pytest.mark.parametrize("command", [OVER, OUT, SetVariable(name="sum", value=1)])
async def test_what_needs_a_pause_is_refused_without_one(command: Any) -> None:
    person = Person()
    person.control.command(command)
    run = await debugged(LOOP, person)
    assert refusals(run) == ["The execution is not paused. Pause it first, or wait for a breakpoint."]


async def test_a_second_step_at_once_is_refused() -> None:
    person = Person((OVER, OVER))
    run = await debugged(LOOP, person, DebugOptions(pause_at_start=True), inputs={"n": 2})
    assert person.nodes == ["each"]
    assert len(refusals(run)) == 1


async def test_a_secret_is_masked_in_all_that_a_debugger_shows() -> None:
    from test_activities import SECRET, Vault

    text = """
variables: {told: {type: text, default: ""}}
nodes:
  tell: {do: probe.secret, with: {password: "{{credential:Bank}}"}}
  keep: {do: set_variable, with: {variable: told, value: "{tell.value.told}"}}
  last: {do: probe.echo, with: {value: "{told}"}}
edges: [start -> tell -> keep -> last]
"""
    person = Person(
        (
            Evaluate(id="e", expression="told + '!'"),
            Evaluate(id="f", expression="number(told)"),
            SetVariable(name="told", value=f"<{SECRET}>"),
            SetVariable(name=SECRET, value=1),
            OVER,
        )
    )
    options = DebugOptions(breakpoints=(Breakpoint(node="last"),))
    run = await debugged(text, person, options, secrets=Vault(Bank=SECRET))
    assert len(run.of(DebugEvaluated)) == 2
    assert SECRET not in msgspec.json.encode(run.events).decode()


async def test_hostile_commands_stay_bounded() -> None:
    deep: list[Any] = []
    for _ in range(50_000):
        deep = [deep]
    many = tuple(Breakpoint(node=f"no{number}", condition="x" * 10_000) for number in range(10_000))
    person = Person(
        (
            SetBreakpoints(breakpoints=many),
            SetVariable(name="list", value=deep),
            Evaluate(id="i" * 1_000_000, expression="n"),
            GO,
        )
    )
    run = await debugged(LOOP, person, at("each"))
    assert run.outcome.state == "COMPLETED"
    assert refusals(run)[0] == f"There are 10,000 breakpoints; the first {MOST_BREAKPOINTS:,} were taken."
    assert refusals(run)[MOST_REFUSALS] == f"{MOST_BREAKPOINTS + 1 - MOST_REFUSALS:,} more breakpoints were refused."
    assert refusals(run)[-1].startswith("The value for `list` is too large or nested too deeply")
    assert max(len(msgspec.json.encode(event)) for event in run.events) < 10_000
    while deep:
        deep = deep.pop()  # Python's own way to free it would go too deep as well.


async def test_more_commands_than_can_wait_are_dropped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_module, "MOST_WAITING", 10)
    person = Person()
    threads = [
        threading.Thread(target=lambda: [person.control.command(Evaluate(id="e", expression="1")) for _ in range(50)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run = await debugged(LOOP, person)
    assert len(run.of(DebugEvaluated)) == 10
    assert refusals(run) == ["190 commands were dropped: they came faster than they could be handled."]


async def test_a_large_scope_is_shown_within_its_bound() -> None:
    person = Person()
    start = StartAt(node="each", scope={f"value_{number}": "x" * 5_000 for number in range(200)})
    await debugged(LOOP, person, at("each"), start_at=start)
    (pause,) = person.pauses
    assert len(msgspec.json.encode(pause.scope)) <= LARGEST_SCOPE
    assert len(pause.scope) == 200 + 4
    assert pause.scope["value_0"].startswith("xxx")
    assert pause.scope["value_199"] == "<str, 5,000 items>"
    person = Person()
    many = StartAt(node="each", scope={f"value_{number}": 1 for number in range(20_000)})
    await debugged(LOOP, person, at("each"), start_at=many)
    assert len(msgspec.json.encode(person.pauses[-1].scope)) <= LARGEST_SCOPE
    assert person.pauses[-1].scope["…"].endswith(" more")


async def test_a_debugged_run_gives_what_a_plain_one_gives() -> None:
    plain = await run_flow_text(HEAD + LOOP)
    run = await debugged(LOOP, Person())
    assert run.outcome.outputs == plain.outcome.outputs
    assert run.counts == plain.counts


async def test_it_can_begin_in_the_middle_and_pause_there() -> None:
    person = Person(OVER, OVER)
    start = StartAt(node="add", scope={"item": 7, "sum": 1}, only=True)
    run = await debugged(LOOP, person, DebugOptions(pause_at_start=True), start_at=start)
    assert list(zip(person.nodes, person.reasons, strict=True)) == [("add", "start")]
    (left,) = run.of(NodeLeft)
    assert left.preview == 8

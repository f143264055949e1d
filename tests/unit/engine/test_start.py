"""Starting in the middle: at a node with the values that a checkpoint kept, or at one node alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import engine_probes
import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from test_model import Body, Drawing, If, Loop, Try

from exekra.engine.run import Outcome, run_flow
from exekra.engine.scope.checkpoints import MOST_EACH
from exekra.flow.debugging import StartAt
from exekra.flow.events import Checkpoint, Event, NodeEntered
from exekra.flow.graph import build_graph
from exekra.flow.model import Edge, Flow, Node, Output, Variable
from exekra.flow.serialization import decode_value, encode_scope
from exekra.sdk.activity import find_activity
from exekra.sdk.catalogue import Catalogue
from exekra.sdk.table import Table
from exekra.testing.flows import FlowRun, run_flow_text

HEAD = "format: exekra.flow/1\nname: Test\n"
FLOW = """
inputs: {day: {type: date}, name: {type: text, default: nobody}, need: {type: number}}
outputs: {total: {}, day: {}, name: {}}
variables: {total: {type: number, default: 0}, until: {type: date, default: "2026-01-01"}}
nodes:
  first: {do: probe.note, with: {value: first}}
  each: {do: for_each, with: {items: [1, 2]}}
  inside: {do: if, with: {condition: "{item > 1}"}}
  deep: {do: set_variable, with: {variable: total, value: "{total + item}"}}
  last: {do: set_variable, with: {variable: total, value: "{total + first_of.value + (1 if until > day else 0)}"}}
  off: {do: probe.note, with: {value: off}, enabled: false}
  first_of: {do: probe.echo, with: {value: 1}}
edges:
- start -> first -> first_of -> each
- each.body -> inside
- inside.then -> deep
- each.done -> off -> last
"""


async def started(node: str, scope: Mapping[str, Any], *, only: bool = False, text: str = FLOW) -> FlowRun:
    inputs = {"day": "2026-01-01"} if text == FLOW else {}
    return await run_flow_text(HEAD + text, inputs=inputs, start_at=StartAt(node=node, scope=dict(scope), only=only))


def visited(run: FlowRun) -> list[str]:
    return [event.node for event in run.of(NodeEntered)]


UNFINISHED = """
nodes:
  first: {do: probe.note, with: {value: first}}
  unknown: {do: probe.note, with: {value: "{nobody}"}}
  wrong: {do: probe.note, with: {}}
  endless: {do: for_each, with: {}}
  alone: {do: probe.note, with: {value: alone}}
edges: ["start -> first -> unknown -> wrong -> endless", "endless.done -> alone"]
"""


@pytest.mark.parametrize("broken", ["unknown", "wrong"])
async def test_a_node_that_is_wrong_stops_only_what_comes_to_it(probes: engine_probes.State, broken: str) -> None:
    assert (await started("alone", {}, only=True, text=UNFINISHED)).outcome.failure is None
    assert probes.noted == ["alone"]
    text = UNFINISHED if broken == "unknown" else UNFINISHED.replace('"{nobody}"', "two")
    stopped = await started("first", {}, text=text)
    assert stopped.outcome.failure is not None
    assert stopped.outcome.failure.node == broken
    assert probes.noted[1] == "first"


async def test_it_begins_at_the_node_with_the_values_given(probes: engine_probes.State) -> None:
    run = await started("last", {"total": 10, "until": "2026-01-31", "first_of": {"value": 5}})
    assert run.outcome.failure is None
    assert run.outcome.outputs["total"] == 10 + 5 + 1
    assert run.outcome.outputs["name"] == "nobody"
    assert visited(run) == ["last"]
    assert probes.noted == []


async def test_a_node_that_is_not_enabled_is_passed() -> None:
    assert visited(await started("off", {"first_of": {"value": 5}})) == ["last"]


async def test_the_values_that_were_given_stay_as_they_are() -> None:
    text = """
variables: {list: {type: list, default: []}}
nodes: {add: {do: add_to_list, with: {variable: list, value: 2}}}
outputs: {list: {}}
edges: [start -> add]
"""
    scope = {"list": [1]}
    assert (await started("add", scope, text=text)).outcome.outputs == {"list": [1, 2]}
    assert scope == {"list": [1]}


@pytest.mark.parametrize(
    ("node", "scope", "only", "message"),
    [
        ("lst", {}, False, "The workflow Test has no node `lst` to start at. Did you mean `last`?"),
        ("x" * 100_000, {}, True, f"Test has no node `{'x' * 200}` to start at. Start at a node that exists."),
        ("call/read", {}, True, "`call/read` is in a called workflow. Start at `call`, the node that calls it."),
        (
            "deep",
            {},
            False,
            "`deep` is inside `each`, where an execution cannot start. Start at `each`, the for_each that "
            "holds it, or run `deep` alone.",
        ),
        ("off", {}, True, "`off` is not enabled, so it would not run. Enable it, or start at another node."),
        ("last", {"total": "ten"}, False, "The variable `total` must be a number, but is a text."),
        ("last", {"until": "soon"}, False, "The variable `until` must be a date (such as 2026-01-31)"),
        ("last", {"until": {"$date": 5}}, False, "The value of `$date` is not valid."),
        ("last", {}, False, "first_of"),
    ],
)  # fmt: skip
async def test_what_cannot_be_begun_fails_and_says_why(
    node: str, scope: dict[str, Any], only: bool, message: str
) -> None:
    run = await started(node, scope, only=only)
    assert run.outcome.state == "FAILED"
    assert run.outcome.failure is not None
    assert message in run.outcome.failure.message


@pytest.mark.parametrize(
    ("node", "scope", "nodes"),
    [
        ("first", {}, ["first"]),
        ("deep", {"item": 5}, ["deep"]),
        ("inside", {"item": 5}, ["inside"]),
        ("each", {}, ["each", "inside", "inside", "deep"]),
    ],
)
async def test_a_node_alone_runs_with_its_body_and_nothing_else(
    node: str, scope: dict[str, Any], nodes: list[str]
) -> None:
    run = await started(node, scope, only=True)
    assert run.outcome.failure is None
    assert visited(run) == nodes
    assert run.outcome.outputs == {}


async def test_a_node_alone_that_fails_fails_the_execution() -> None:
    run = await started("deep", {}, only=True)
    assert run.outcome.failure is not None
    assert run.outcome.failure.node == "deep"


async def test_a_scope_that_is_too_deep_fails_in_words() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    run = await started("first", {"total": 1, "deep": deep})
    assert run.outcome.failure is not None
    assert "nested levels" in run.outcome.failure.message
    while deep:
        deep = deep.pop()  # Python's own way to free it would go too deep as well.


async def test_each_checkpoint_is_told_where_that_is_asked_for() -> None:
    run = await run_flow_text(HEAD + FLOW, inputs={"day": "2026-01-01", "need": 1}, checkpoint_each=True)
    assert run.outcome.state == "COMPLETED"
    places = [(checkpoint.node, checkpoint.port) for checkpoint in run.of(Checkpoint)]
    assert places == [("first", "next"), ("first_of", "next"), ("each", "done"), ("off", "next")]


WHOLE = {
    "date": date(2026, 1, 31),
    "datetime": datetime(2026, 1, 31, 10, 30, tzinfo=UTC),
    "time": time(14, 30, 0, 5),
    "duration": timedelta(days=-1, microseconds=7),
    "decimal": Decimal("10.50"),
    "table": Table.from_rows(["a", "$b"], [[1, date(2026, 1, 1)], [None, {"$c": [Decimal(1)]}]]),
    "empty": Table.from_rows([], []),
    "object": {"$date": "no date", "deep": {"$table": 1}},
    "plain": [1, 2.5, None, True, {"a": []}],
}


def test_what_json_has_no_form_for_is_kept_and_restored() -> None:
    kept = msgspec.json.decode(msgspec.json.encode(encode_scope(WHOLE)))
    back = {name: decode_value(value) for name, value in kept.items()}
    assert back == WHOLE
    assert [type(value) for value in back.values()] == [type(value) for value in WHOLE.values()]
    assert type(back["table"][1]["$b"]["$c"][0]) is Decimal


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.text(max_size=5) | st.dates() | st.timedeltas(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["a", "$date", "$object", "$table", "$"]), inner, max_size=3)
        ),
        max_leaves=20,
    )
)
def test_any_value_that_is_kept_comes_back(value: Any) -> None:
    kept = msgspec.json.decode(msgspec.json.encode(encode_scope({"a": value})))
    assert decode_value(kept["a"]) == value


async def test_checkpoints_one_by_one_are_bounded() -> None:
    names = [f"n{number}" for number in range(MOST_EACH + 100)]
    nodes = {name: Node(do="set_variable", inputs={"variable": "x", "value": 1}) for name in names}
    edges = tuple(Edge(a, "next", b) for a, b in zip(["start", *names], names, strict=False))
    flow = Flow(name="Long", variables={"x": Variable()}, nodes=nodes, edges=edges)
    events: list[Event] = []
    await run_flow(flow, inputs={}, emit=events.append, work_folder=Path(), checkpoint_each=True)
    told = [event for event in events if isinstance(event, Checkpoint)]
    assert MOST_EACH <= len(told) < MOST_EACH + 5


@dataclass(frozen=True)
class Count:
    value: int


@dataclass(frozen=True)
class Keep:
    pass


@dataclass(frozen=True)
class Read:
    value: int


class Counting(Drawing):
    """Programs that calculate: what each node does depends on all that ran before."""

    def flow(self, body: Body) -> Flow:
        self.body([("start", "next")], body)
        return Flow(
            name="Generated",
            variables={"x": Variable(type="number", default=1), "list": Variable(type="list", default=[])},
            outputs={"x": Output(), "list": Output()},
            nodes=self.nodes,
            edges=tuple(self.edges),
        )

    def statement(self, ends: list[tuple[str, str]], statement: Any) -> list[tuple[str, str]]:
        match statement:
            case Count(value):
                return [(self.node(ends, "set_variable", variable="x", value=f"{{x * 3 % 9973 + {value}}}"), "next")]
            case Keep():
                return [(self.node(ends, "add_to_list", variable="list", value="{x}"), "next")]
            case Read(value):
                read = self.node(ends, "probe.echo", value=["{x}", value, "{list}"])
                added = f"{{x + {read}.value[0] + length({read}.value[2])}}"
                return [(self.node([(read, "next")], "set_variable", variable="x", value=added), "next")]
            case If(condition, then, other):
                id = self.node(ends, "if", condition="{x % 2 == 0}" if condition else "{x % 2 != 0}")
                return self.body([(id, "then")], then) + self.body([(id, "else")], other)
        return super().statement(ends, statement)


def programs(depth: int) -> st.SearchStrategy[Body]:
    choices: list[st.SearchStrategy[Any]] = [
        st.builds(Count, st.integers(1, 99)),
        st.builds(Keep),
        st.builds(Read, st.integers(1, 99)),
    ]
    if depth:
        inner = programs(depth - 1)
        choices += [
            st.builds(If, st.booleans(), inner, inner),
            st.builds(Loop, st.integers(0, 3), inner),
            st.builds(Try, st.sampled_from([("Other",)]), inner, inner, inner),
        ]
    return st.lists(st.one_of(choices), min_size=1 if depth == 3 else 0, max_size=4).map(tuple)


def run(flow: Flow, start_at: StartAt | None = None, *, each: bool = False) -> tuple[Outcome, list[Event]]:
    events: list[Event] = []
    outcome = asyncio.run(
        run_flow(flow, inputs={}, emit=events.append, work_folder=Path(), start_at=start_at, checkpoint_each=each)
    )
    return outcome, events


def catalogue_of(flow: Flow) -> Catalogue:
    definitions = [find_activity(node.do) for node in flow.nodes.values()]
    return Catalogue(definition.entry for definition in definitions if definition is not None)


def broken(flow: Flow, id: str) -> Flow:
    """The flow with one node that fails."""
    return msgspec.structs.replace(flow, nodes={**flow.nodes, id: Node(do="probe.flaky", inputs={"failures": 10**9})})


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(programs(3), st.data())
def test_starting_again_at_the_failed_node_gives_what_an_undisturbed_run_gives(body: Body, data: st.DataObject) -> None:
    flow = Counting().flow(body)
    undisturbed, events = run(flow)
    assert undisturbed.state == "COMPLETED"
    entered = dict.fromkeys(event.node for event in events if isinstance(event, NodeEntered))
    leaves = [id for id in entered if flow.nodes[id].do in {"set_variable", "add_to_list", "probe.echo"}]
    assume(leaves)
    bad = broken(flow, data.draw(st.sampled_from(leaves)))
    failed, events = run(bad, each=data.draw(st.booleans()))
    assert failed.state == "FAILED"
    checkpoints = [event for event in events if isinstance(event, Checkpoint)]
    graph = build_graph(flow, catalogue_of(flow))
    if checkpoints:
        last = checkpoints[-1]
        start = StartAt(node=graph.next[last.node, last.port], scope=last.scope)
    else:
        assert graph.main.first is not None
        start = StartAt(node=graph.main.first, scope={})
    again, _ = run(flow, start)
    assert again.failure is None
    assert again.outputs == undisturbed.outputs


@pytest.mark.parametrize(
    ("type", "given"),
    [
        ("text", "a"),
        ("number", 1.5),
        ("boolean", False),
        ("date", "2026-11-20"),
        ("time", "17:30"),
        ("duration", "PT1H"),
        ("duration", 90),
        ("list", [1]),
        ("object", {"$date": 1}),
        ("table", [{"a": 1}]),
        ("any", {"a": [None]}),
    ],
)
async def test_inputs_of_all_types_survive_checkpoints_and_calls(type: str, given: object) -> None:
    written = msgspec.json.encode(given).decode()
    text = f"""
inputs: {{left: {{type: {type}, default: {written}}}, given: {{type: {type}}}, empty: {{type: {type}, default: null}}}}
variables: {{x: {{}}}}
outputs: {{left: {{}}, given: {{}}, empty: {{}}, called: {{value: "{{call.v}}"}}}}
nodes:
  a: {{do: set_variable, with: {{variable: x, value: 1}}}}
  call: {{do: call_workflow, with: {{workflow: Other, inputs: {{v: "{{given}}"}}}}}}
edges: [start -> a -> call]
"""
    other = f"format: exekra.flow/1\nname: Other\ninputs: {{v: {{type: {type}}}}}\noutputs: {{v: {{type: {type}}}}}\n"
    more: dict[str, Any] = {"workflows": {"Other": other}, "inputs": {"given": given}}
    whole = await run_flow_text(HEAD + text, checkpoint_each=True, **more)
    assert whole.outcome.state == "COMPLETED", whole.outcome.failure
    (kept,) = msgspec.json.decode(msgspec.json.encode([event.scope for event in whole.of(Checkpoint)]))
    again = await run_flow_text(HEAD + text, start_at=StartAt(node="call", scope=kept), **more)
    assert again.outcome.state == "COMPLETED", again.outcome.failure
    assert again.outcome.outputs == whole.outcome.outputs
    assert whole.outcome.outputs["empty"] is None
    assert whole.outcome.outputs["given"] == whole.outcome.outputs["called"] == whole.outcome.outputs["left"]

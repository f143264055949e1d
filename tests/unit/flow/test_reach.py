"""Which names an editor offers at a place of a flow."""

from __future__ import annotations

from flow_samples import CATALOGUE, flow_text

from exekra.flow.events import Failure
from exekra.flow.model import Flow
from exekra.flow.reach import NameInReach, names_in_reach

FLOW = flow_text(
    """
inputs:
  path: {type: file, description: The workbook.}
variables:
  total: {type: number}
outputs:
  total: {type: number}
nodes:
  read: {do: excel.read_range, with: {path: "{path}"}}
  each: {do: for_each, with: {items: "{read.rows}", item: row, index: number}}
  ask: {do: http.request, with: {url: "http://x"}}
  attempt: {do: try}
  risky: {do: http.request, with: {url: "http://y"}}
  save: {do: general.log, with: {message: "{error.message}"}}
  after: {do: general.log, with: {message: done}}
  new: {do: general.log, with: {message: ""}}
edges:
- start -> read -> each
- each.body -> ask -> attempt
- attempt.try -> risky
- attempt.catch -> save
- each.done -> after
"""
).flow


def at(node: str | None, **options) -> dict[str, NameInReach]:
    return {name.name: name for name in names_in_reach(FLOW, CATALOGUE, node, **options)}


def test_inputs_and_variables_are_in_reach_everywhere():
    for node in (None, *FLOW.nodes):
        names = at(node)
        assert (names["path"].kind, names["path"].type, names["path"].description) == ("input", "file", "The workbook.")
        assert (names["total"].kind, names["total"].type) == ("variable", "number")


def test_a_result_has_the_fields_of_its_activity():
    read = at("each")["read"]
    assert (read.kind, read.type, read.description, read.source, read.certain) == (
        "result",
        "object",
        "Read range",
        "read",
        True,
    )
    assert [(field.name, field.type, field.description) for field in read.fields] == [
        ("rows", "table", "The rows."),
        ("count", "number", "The count."),
    ]


def test_what_comes_later_and_what_gives_nothing_is_not_in_reach():
    assert "read" not in at("read")
    assert "ask" not in at("each")
    assert not {"save", "after"} & at(None).keys()


def test_what_may_have_run_is_uncertain():
    assert at("save")["risky"].certain is False
    assert at("save")["ask"].certain is True
    assert at("after")["ask"].certain is False


def test_loop_items_are_known_in_the_body_only():
    row, number = at("risky")["row"], at("risky")["number"]
    assert (row.kind, row.type, row.source) == ("loop-item", "object", "each")
    assert (number.kind, number.type) == ("loop-item", "number")
    assert not {"row", "number"} & at("after").keys()


def test_the_error_is_known_in_a_catch_only():
    error = at("save")["error"]
    assert (error.kind, error.certain) == ("error", True)
    assert tuple(field.name for field in error.fields) == Failure.__struct_fields__
    assert "error" not in at("risky")


def test_a_node_without_an_edge_is_offered_every_result_as_uncertain():
    names = at("new")
    assert {"read", "each", "ask", "risky"} <= names.keys()
    assert not any(names[id].certain for id in ("read", "each", "ask"))


def test_a_condition_may_read_the_results_of_its_body():
    flow = flow_text(
        """
nodes:
  wait: {do: do_while, with: {condition: "{ask.status != 200}"}}
  ask: {do: http.request, with: {url: "http://x"}}
edges:
- start -> wait
- wait.body -> ask
"""
    ).flow
    names = {name.name: name for name in names_in_reach(flow, CATALOGUE, "wait", field="condition")}
    assert names["ask"].certain
    assert "ask" not in {name.name for name in names_in_reach(flow, CATALOGUE, "wait", field="limit")}


def test_a_call_has_the_outputs_of_the_called_workflow():
    called = flow_text("outputs:\n  sum: {type: number, value: 1, description: The sum.}\nnodes: {}\nedges: []\n").flow
    flow = flow_text(
        """
nodes:
  call: {do: call_workflow, with: {workflow: Sum}}
  log: {do: general.log, with: {message: ""}}
edges:
- start -> call -> log
"""
    ).flow

    def find(name: str) -> Flow | None:
        return called if name == "Sum" else None

    (call,) = names_in_reach(flow, CATALOGUE, "log", workflows=find)
    assert [(field.name, field.type, field.description) for field in call.fields] == [("sum", "number", "The sum.")]
    (unknown,) = names_in_reach(flow, CATALOGUE, "log")
    assert unknown.fields == ()


def test_an_unknown_activity_may_have_a_result():
    flow = flow_text(
        "nodes:\n  a: {do: parrot.say}\n  b: {do: general.log, with: {message: x}}\nedges: [start -> a -> b]\n"
    ).flow
    (name,) = names_in_reach(flow, CATALOGUE, "b")
    assert (name.name, name.description, name.fields) == ("a", "parrot.say", ())

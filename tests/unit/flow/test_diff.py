"""The difference of two versions: every change is told, once, and nothing else."""

from __future__ import annotations

from typing import Any

import msgspec
from flow_samples import flow_text
from hypothesis import given, settings
from hypothesis import strategies as st

from exekra.flow.diff import EdgeChange, FieldChange, FlowDiff, PartChange, diff_flows
from exekra.flow.document import content_hash
from exekra.flow.model import Edge, Flow, Node

BASE = """\
inputs:
  file: {type: file, default: a.xlsx}
variables:
  total: {type: number}
nodes:
  read: {do: excel.read_range, with: {path: "{file}", sheet: Orders}}
  say: {do: general.log, with: {message: "{read.count}"}, retry: {times: 3}}
edges:
- start -> read -> say
layout:
  read: [1, 2]
"""


def diff(*replacements: tuple[str, str]) -> FlowDiff:
    new = BASE
    for old, replacement in replacements:
        assert old in new
        new = new.replace(old, replacement)
    return diff_flows(flow_text(BASE).flow, flow_text(new).flow)


def test_equal_flows_differ_in_nothing() -> None:
    assert diff() == FlowDiff()
    assert not diff().logic_changed


def test_layout_is_kept_apart_from_logic() -> None:
    moved = diff(("[1, 2]", "[3, 4]"))
    assert moved == FlowDiff(layout_changed=True, moved=("read",))
    assert not moved.logic_changed


def test_changed_fields_are_told_one_by_one() -> None:
    changed = diff(("sheet: Orders", "header: true"), ("times: 3", "times: 5, delay: 2"), ("a.xlsx", "b.xlsx"))
    assert changed.nodes == (
        PartChange(
            id="read",
            change="changed",
            fields=(FieldChange(field="with.sheet", old="Orders"), FieldChange(field="with.header", new=True)),
        ),
        PartChange(
            id="say",
            change="changed",
            fields=(FieldChange(field="retry.times", old=3, new=5), FieldChange(field="retry.delay", new=2.0)),
        ),
    )
    assert changed.inputs == (
        PartChange(id="file", change="changed", fields=(FieldChange(field="default", old="a.xlsx", new="b.xlsx"),)),
    )
    assert changed.logic_changed


def test_true_is_not_one() -> None:
    old = Flow(name="x", nodes={"a": Node(do="x", inputs={"v": 1})})
    new = Flow(name="x", nodes={"a": Node(do="x", inputs={"v": True})})
    assert diff_flows(old, new).nodes[0].fields == (FieldChange(field="with.v", old=1, new=True),)


def test_added_and_removed() -> None:
    changed = diff(("start -> read -> say", "start -> read -> add"), ("  say: {do: general.log", "  add: {do: x.y"))
    assert [(part.id, part.change) for part in changed.nodes] == [("say", "removed"), ("add", "added")]
    assert changed.edges == (
        EdgeChange(edge="read -> say", source="read", port="next", target="say", change="removed"),
        EdgeChange(edge="read -> add", source="read", port="next", target="add", change="added"),
    )
    gone = diff(("variables:\n  total: {type: number}\n", ""))
    assert gone.variables == (
        PartChange(id="total", change="removed", fields=(FieldChange(field="type", old="number"),)),
    )


def test_a_renamed_node_is_one_change() -> None:
    changed = diff(("say", "tell"))
    assert changed.nodes == (PartChange(id="tell", change="renamed", was="say"),)
    assert changed.edges == ()


def test_uses_of_a_renamed_node_show_as_changed() -> None:
    changed = diff(("  read: {do", "  orders: {do"), ("{read.count}", "{orders.count}"), ("-> read ->", "-> orders ->"))
    assert [(part.id, part.change, part.was) for part in changed.nodes] == [
        ("orders", "renamed", "read"),
        ("say", "changed", None),
    ]
    assert changed.edges == ()


def test_equal_nodes_are_told_apart_by_their_neighbours() -> None:
    log = Node(do="general.log", inputs={"message": "x"})
    step = Node(do="x.y")

    def made(first: str, second: str) -> Flow:
        edges = [("start", first), (first, "mid"), ("mid", second)]
        return Flow(
            name="x",
            nodes={first: log, "mid": step, second: log},
            edges=tuple(Edge(source, "next", target) for source, target in edges),
        )

    changed = diff_flows(made("a", "b"), made("c", "d"))
    assert {(part.id, part.was) for part in changed.nodes} == {("c", "a"), ("d", "b")}
    assert changed.edges == ()


def test_the_order_of_branches_is_a_change() -> None:
    old = Flow(name="x", edges=(Edge("p", "branch", "a"), Edge("p", "branch", "b")))
    new = Flow(name="x", edges=old.edges[::-1])
    assert [change.change for change in diff_flows(old, new).edges] == ["removed", "removed", "added", "added"]


def test_the_difference_is_plain_data() -> None:
    plain = msgspec.json.decode(msgspec.json.encode(diff(("sheet: Orders", "sheet: 2"))))
    assert plain == {
        "nodes": [{"id": "read", "change": "changed", "fields": [{"field": "with.sheet", "old": "Orders", "new": 2}]}]
    }


SMALL = st.builds(
    lambda ids, dos, edges, layout: Flow(
        name="x",
        nodes={id: Node(do=do) for id, do in zip(ids, dos, strict=True)},
        edges=tuple(edges),
        layout=layout,
    ),
    st.just(["a", "b", "c"]) | st.just(["a", "c", "d"]),
    st.lists(st.sampled_from(["x.y", "x.z"]), min_size=3, max_size=3),
    st.lists(
        st.builds(Edge, st.sampled_from("abc"), st.sampled_from(["next", "body"]), st.sampled_from("abcd")), max_size=4
    ),
    st.fixed_dictionaries({}, optional={"a": st.integers(0, 1)}),
)


@given(SMALL, SMALL)
@settings(max_examples=300)
def test_logic_changed_exactly_where_the_hash_did(old: Flow, new: Flow) -> None:
    found: Any = diff_flows(old, new)
    assert found.logic_changed == (content_hash(old) != content_hash(new))
    assert found.layout_changed == (old.layout != new.layout)

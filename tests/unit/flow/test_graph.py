"""The graph: which body a node is in, where the token goes, and what edges are refused."""

from __future__ import annotations

import pytest
from flow_samples import CATALOGUE, flow_text

from exekra.flow.control import CONTROL, passing_port, ports_of
from exekra.flow.errors import FlowError
from exekra.flow.graph import build_graph
from exekra.flow.model import Flow, Node

LOOP = "{do: for_each, with: {items: []}}"
LOG = "{do: general.log, with: {message: x}}"


def nodes(**kinds: str) -> str:
    return "nodes:\n" + "".join(f"  {id}: {kind}\n" for id, kind in kinds.items())


def flow(edges: str, **kinds: str) -> Flow:
    return flow_text(f"{nodes(**kinds)}edges: [{edges}]\n").flow


def test_bodies_and_next() -> None:
    graph = build_graph(
        flow(
            "start -> each, each.body -> a -> inner, inner.body -> b, a.error -> c, each.done -> d",
            each=LOOP,
            inner=LOOP,
            a=LOG,
            b=LOG,
            c=LOG,
            d=LOG,
        ),
        CATALOGUE,
    )
    assert graph.main.first == "each"
    assert graph.main.nodes == ("each", "d")
    (body,) = graph.bodies["each", "body"]
    assert (body.owner, body.port, body.branch, body.first) == ("each", "body", 0, "a")
    assert set(body.nodes) == {"a", "inner", "c"}
    assert graph.body_of["b"].owner == "inner"
    assert graph.next == {("a", "next"): "inner", ("a", "error"): "c", ("each", "done"): "d"}


def test_branches_join_again_and_come_after_all_that_lead_to_them() -> None:
    graph = build_graph(
        flow(
            "start -> if_, if_.then -> a -> end, if_.else -> end",
            end=LOG,
            a=LOG,
            if_="{do: if, with: {condition: true}}",
        ),
        CATALOGUE,
    )
    assert graph.main.nodes == ("if_", "a", "end")


def test_parallel_has_a_body_for_each_branch() -> None:
    graph = build_graph(
        flow("start -> p, p.branch -> a, p.branch -> b, p.done -> c", p="{do: parallel}", a=LOG, b=LOG, c=LOG),
        CATALOGUE,
    )
    assert [(body.branch, body.nodes) for body in graph.bodies["p", "branch"]] == [(0, ("a",)), (1, ("b",))]


def test_an_empty_flow_has_an_empty_body() -> None:
    graph = build_graph(Flow(name="x"), CATALOGUE)
    assert graph.main.first is None
    assert graph.main.nodes == ()


def test_a_switch_has_a_port_for_each_case() -> None:
    node = Node(do="switch", inputs={"value": "{x}", "cases": {"paid": "P", "open": "O"}})
    entry = CONTROL.entries["switch"]
    assert ports_of(node, entry) == ("paid", "open", "default")
    assert passing_port(node, entry) == "default"
    assert passing_port(Node(do="break"), CONTROL.entries["break"]) is None
    assert passing_port(Node(do="try"), CONTROL.entries["try"]) == "done"


WRONG = {
    "start -> a -> nowhere": ("edge-target", "`nowhere` is not a node"),
    "start -> a, nowhere -> a": ("edge-source", "`nowhere` is not a node"),
    "start -> c": ("edge-target", "`c` is not a node"),
    "start -> aa": ("edge-target", "Did you mean `a`?"),
    "a -> start": ("edge-target", "`start` begins the flow"),
    "start -> a, start -> b": ("two-edges", "Two edges leave `start`: to `a` and to `b`"),
    "start.error -> a": ("unknown-port", "`start` has no port `error`"),
    "start -> a -> b, a -> loop": ("two-edges", "Two edges leave `a` by `next`: to `b` and to `loop`. Use Parallel"),
    "start -> a -> b, a -> b": ("two-edges", "The same edge appears twice"),
    "start -> a, a.then -> b": ("unknown-port", "`general.log` has no port `then`. Its ports are `next` and `error`"),
    "start -> loop, loop.bdy -> a": ("unknown-port", "Did you mean `body`?"),
    "start -> loop -> a": ("unknown-port", "Name one of its ports: `loop.body` and `loop.done`"),
    "start -> loop, loop.body -> stop -> a": ("unknown-port", "Nothing follows `break`"),
    "start -> loop, loop.body -> a, loop.body -> b": ("two-edges", "Two edges leave `loop` by `body`"),
    "start -> par, par.branch -> a, par.branch -> a": ("two-edges", "Each branch needs nodes of its own"),
    "start -> a": ("unreachable", "`b` is never reached"),
    "a -> b": ("no-start", "No edge leaves `start`"),
    "start -> a -> b -> a": ("cycle", "cycle: a -> b -> a. Use While"),
    "start -> a -> a": ("cycle", "cycle: a -> a. Use While"),
    "start -> loop, loop.body -> a -> loop": ("cycle", "A loop repeats by itself where its body ends: remove the edge"),
    "start -> a -> loop, loop.body -> b, loop.done -> a": ("cycle", "cycle: a -> loop -> a"),
    "start -> loop, loop.body -> a -> b, loop.done -> b": ("two-bodies", "`b` is in two bodies"),
    "start -> par, par.branch -> a, par.branch -> b -> a": ("two-bodies", "`par.branch` number 2"),
}


@pytest.mark.parametrize(("edges", "expected"), WRONG.items(), ids=WRONG)
def test_wrong_edges_are_refused_with_a_clear_sentence(edges: str, expected: tuple[str, str]) -> None:
    code, words = expected
    with pytest.raises(FlowError) as caught:
        build_graph(flow(edges, a=LOG, b=LOG, loop=LOOP, par="{do: parallel}", stop="{do: break}"), CATALOGUE)
    texts = [problem.text for problem in caught.value.problems if problem.code == code]
    assert any(words in text for text in texts), caught.value.problems


def test_the_two_bodies_are_both_named() -> None:
    with pytest.raises(FlowError) as caught:
        build_graph(
            flow("start -> loop, loop.body -> a -> b, loop.done -> c -> b", loop=LOOP, a=LOG, b=LOG, c=LOG), CATALOGUE
        )
    (problem,) = caught.value.problems
    assert problem.node == "b"
    for words in ("the flow's own", "`loop.body`", "(from `a`)", "(from `c`)"):
        assert words in problem.message


def test_a_node_that_is_not_enabled_may_stand_apart() -> None:
    graph = build_graph(flow("start -> a", a=LOG, b="{do: general.log, enabled: false}"), CATALOGUE)
    assert "b" not in graph.body_of


def test_ports_of_unknown_activities_are_not_judged() -> None:
    graph = build_graph(flow("start -> a, a.sideways -> b", a="{do: foreign.thing}", b=LOG), CATALOGUE)
    assert graph.next["a", "sideways"] == "b"


def test_bodies_inside_bodies_are_bounded() -> None:
    loops = {f"n{i}": LOOP for i in range(60)}
    edges = ", ".join(f"n{i}.body -> n{i + 1}" for i in range(59))
    with pytest.raises(FlowError, match="More than 50 nested bodies"):
        build_graph(flow(f"start -> n0, {edges}", **loops), CATALOGUE)


def test_a_chain_of_many_nodes_needs_no_deep_stack() -> None:
    ids = [f"n{i}" for i in range(10_000)]
    graph = build_graph(flow("start -> " + " -> ".join(ids), **dict.fromkeys(ids, LOG)), CATALOGUE)
    assert graph.main.nodes == tuple(ids)

"""Whatever a document holds, the check and the graph answer with problems and never break."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flow_samples import CATALOGUE
from hypothesis import given, settings
from hypothesis import strategies as st

from exekra.flow.check import check_flow
from exekra.flow.control import CONTROL
from exekra.flow.errors import FlowError
from exekra.flow.graph import build_graph
from exekra.flow.model import Edge, Flow, Node, Output, Retry, Variable

IDS = ("a", "b", "c", "d", "e", "f")
KINDS = (*CONTROL.entries, *CATALOGUE.entries, "foreign.thing")
PORTS = ("next", "error", "then", "else", "body", "done", "try", "catch", "finally", "branch", "default", "one")
TEXTS = st.sampled_from(
    [
        "x",
        "a",
        "v",
        "item",
        "{a}",
        "{v}",
        "{item}",
        "{error.message}",
        "{b.status}",
        "{nobody}",
        "{v+1}",
        "{v",
        "{{credential}}",
        "{{credential:x}}",
        "\\{v}",
        "{len(v)}",
        "{f(x)for}",
        "{v.x[0].y}",
        "{[x_for_x_in_v]}",
        "{1}",
        "",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2) | st.floats(-1, 1e300) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)
FIELDS = sorted(
    {field.name for catalogue in (CONTROL, CATALOGUE) for e in catalogue.entries.values() for field in e.inputs}
)
NODES = st.builds(
    lambda do, inputs, rest: Node(do=do, inputs=inputs, **rest),
    st.sampled_from(KINDS),
    st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=3),
    st.fixed_dictionaries(
        {},
        optional={
            "enabled": st.booleans(),
            "continue_on_error": st.booleans(),
            "timeout": st.floats(-1, 1e300),
            "retry": st.integers(-1, 3).map(lambda times: Retry(times=times)),
        },
    ),
)
FLOWS = st.builds(
    lambda nodes, edges, outputs, variable: Flow(
        name="x",
        nodes=nodes,
        edges=(Edge("start", "next", "a"), *edges),
        outputs={"o": Output(value=outputs)},
        variables={"v": variable},
    ),
    st.dictionaries(st.sampled_from(IDS), NODES, min_size=2),
    st.lists(st.builds(Edge, st.sampled_from(IDS), st.sampled_from(PORTS), st.sampled_from(IDS)), max_size=8),
    VALUES,
    st.builds(
        lambda kind, default: Variable(type=kind, default=default), st.sampled_from(["list", "number", "date"]), VALUES
    ),
)


@given(FLOWS)
@settings(max_examples=600)
def test_the_check_never_breaks(flow: Flow) -> None:
    called: dict[str, Any] = {"x": flow, "a": Flow(name="a")}
    problems = check_flow(flow, CATALOGUE, workflows=called.get)
    assert all(problem.message and problem.code for problem in problems)


@given(FLOWS)
@settings(max_examples=300)
def test_the_graph_is_whole_or_refused(flow: Flow) -> None:
    with suppress(FlowError):
        graph = build_graph(flow, CATALOGUE)
        everywhere = list(graph.main.nodes)
        for bodies in graph.bodies.values():
            everywhere += [id for body in bodies for id in body.nodes]
        assert len(everywhere) == len(set(everywhere)) == len(graph.body_of)
        for (source, _), target in graph.next.items():
            if source in graph.body_of:
                body = graph.body_of[source]
                assert graph.body_of[target] is body
                assert body.nodes.index(source) < body.nodes.index(target)
        assert all(id in graph.body_of or not node.enabled for id, node in flow.nodes.items())

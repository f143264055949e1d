"""The claim: how long the check before a run takes for a flow of 1,000 nodes, each with an expression of its own."""

from __future__ import annotations

from exekra.flow.check import check_flow
from exekra.flow.document import dump_yaml, load_flow, parse_document
from exekra.flow.expressions.expression import compile_expression
from exekra.flow.graph import build_graph
from exekra.flow.model import Flow
from exekra.sdk.activity import activity_catalogue
from measure import median_seconds, report

GOAL = 150.0


def main() -> None:
    catalogue = activity_catalogue()
    flow = flow_of(1_000)
    text = dump_yaml(flow)

    def cold() -> None:
        compile_expression.cache_clear()
        check_flow(flow, catalogue)

    rows = [
        {"what": "check, every expression new", "ms": 1000 * median_seconds(cold)},
        {"what": "check again, as one types", "ms": 1000 * median_seconds(lambda: check_flow(flow, catalogue))},
        {"what": "find the graph", "ms": 1000 * median_seconds(lambda: build_graph(flow, catalogue))},
        {"what": "load YAML", "ms": 1000 * median_seconds(lambda: load_flow(text))},
    ]
    report("check of a flow of 1,000 nodes", rows[0]["ms"], "ms", GOAL, rows)


def flow_of(count: int) -> Flow:
    """A chain of HTTP requests, each with expressions of its own."""
    nodes = {
        f"n{i}": {"do": "http.request", "with": {"url": f"http://x/{i}?{{total * {i}}}", "headers": {"A": "b"}}}
        for i in range(count)
    }
    return parse_document(
        {
            "format": "exekra.flow/1",
            "name": "Long",
            "variables": {"total": {"type": "number", "default": 0}},
            "nodes": nodes,
            "edges": ["start -> " + " -> ".join(nodes)],
        }
    )


if __name__ == "__main__":
    main()

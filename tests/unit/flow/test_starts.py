"""Where an execution may begin in the middle."""

from __future__ import annotations

import pytest

from exekra.flow.document import load_flow
from exekra.flow.errors import Problems
from exekra.flow.graph import analyse_graph
from exekra.flow.starts import why_not_start
from exekra.sdk.catalogue import Catalogue

FLOW = load_flow("""
format: exekra.flow/1
name: Test
nodes:
  first: {do: shop.open}
  each: {do: for_each, with: {items: [1, 2]}}
  ask: {do: if, with: {condition: "{item > 1}"}}
  deep: {do: shop.buy}
  off: {do: shop.buy, enabled: false}
  loose: {do: shop.buy, enabled: false}
edges:
- start -> first -> each
- each.body -> ask
- ask.then -> deep
- each.done -> off
""")

INSIDE = (
    "`{node}` is inside `each`, where an execution cannot start. Start at `each`, the for_each that holds "
    "it, or run `{node}` alone."
)


@pytest.mark.parametrize("catalogue", [Catalogue(())], ids=["activities unknown"])
@pytest.mark.parametrize(
    ("node", "only", "reason"),
    [
        ("first", False, None),
        ("first", True, None),
        ("each", False, None),
        ("ask", False, INSIDE.format(node="ask")),
        ("deep", False, INSIDE.format(node="deep")),
        ("deep", True, None),
        ("off", False, None),
        ("off", True, "`off` is not enabled, so it would not run. Enable it, or start at another node."),
        ("loose", False, "`loose` is not enabled, so it would not run. Enable it, or start at another node."),
        ("frist", False, "The workflow Test has no node `frist` to start at. Did you mean `first`?"),
        ("", True, "The workflow Test has no node `` to start at. Start at a node that exists."),
        ("start", False, "The workflow Test has no node `start` to start at. Start at a node that exists."),
        ("x" * 9999, True, f"The workflow Test has no node `{'x' * 200}` to start at. Start at a node that exists."),
        ("call/deep/x", True, "`call/deep/x` is in a called workflow. Start at `call`, the node that calls it."),
    ],
)
def test_an_execution_begins_where_it_can(node: str, only: bool, reason: str | None, catalogue: Catalogue) -> None:
    graph = analyse_graph(FLOW, catalogue, Problems())
    assert why_not_start(FLOW, graph, node, only=only) == reason

"""Where an execution may begin in the middle: at a node of the outermost body, or alone at any node."""

from __future__ import annotations

from exekra.flow.errors import UnknownName, nearest_name
from exekra.flow.graph import Graph
from exekra.flow.model import Flow

_LONGEST_SHOWN = 200


def why_not_start(flow: Flow, graph: Graph, node: str, *, only: bool) -> str | None:
    """Why an execution cannot begin at `node`, and where it can; None when it can.

    Args:
        flow: The workflow.
        graph: Its graph.
        node: The id of the node, as requested.
        only: Whether to run only this node, which is possible in any body.
    """
    shown = node[:_LONGEST_SHOWN]
    if "/" in node:
        caller = shown.partition("/")[0]
        return f"`{shown}` is in a called workflow. Start at `{caller}`, the node that calls it."
    if node not in flow.nodes:
        unknown = UnknownName(shown, nearest_name(shown, flow.nodes))
        hint = unknown.hint or " Start at a node that exists."
        return f"The workflow {flow.name} has no node `{shown}` to start at.{hint}"
    body = graph.body_of.get(node)
    if body is None or (only and not flow.nodes[node].enabled):
        return f"`{node}` is not enabled, so it would not run. Enable it, or start at another node."
    if only or body.owner is None:
        return None
    holder = body.owner
    while (outer := graph.body_of[holder].owner) is not None:
        holder = outer
    return (
        f"`{node}` is inside `{holder}`, where an execution cannot start. Start at `{holder}`, the "
        f"{flow.nodes[holder].do} that holds it, or run `{node}` alone."
    )

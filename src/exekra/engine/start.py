"""Where an execution may begin in the middle: at a node of the outermost body, or alone at any node."""

from __future__ import annotations

from exekra.flow.debugging import StartAt
from exekra.flow.errors import nearest_name
from exekra.flow.graph import Graph
from exekra.flow.model import Flow
from exekra.sdk.errors import DocumentError

_LONGEST_NAME = 200


class StartError(DocumentError):
    """The execution cannot begin at that node."""


def check_start(flow: Flow, graph: Graph, start: StartAt) -> None:
    """See whether an execution can begin there.

    Raises:
        StartError: It cannot; says where it can.
    """
    id, shown = start.node, start.node[:_LONGEST_NAME]
    if "/" in id:
        caller = shown.partition("/")[0]
        raise StartError(f"`{shown}` stands in a called workflow. Start at `{caller}`, the node that calls it.")
    node = flow.nodes.get(id)
    if node is None:
        nearest = nearest_name(shown, flow.nodes)
        hint = f" Did you mean `{nearest}`?" if nearest else " Start at one that is there."
        raise StartError(f"The workflow {flow.name} has no node `{shown}` to start at.{hint}")
    body = graph.body_of.get(id)
    if body is None or (start.only and not node.enabled):
        raise StartError(f"`{id}` is not enabled, so it would not run. Enable it, or start at another node.")
    if body.owner is not None and not start.only:
        holder = body.owner
        while (owner := graph.body_of[holder].owner) is not None:
            holder = owner
        raise StartError(
            f"`{id}` stands inside of `{holder}`, and an execution cannot start there. Start at `{holder}`, the "
            f"{flow.nodes[holder].do} that holds it, or run `{id}` alone."
        )

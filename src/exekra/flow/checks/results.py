"""What can be read of each node once it ran: the outputs of its activity, or of the workflow that it calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exekra.flow.calls import CALL_WORKFLOW, call_of, calls_of
from exekra.flow.checks.calls import FindWorkflow
from exekra.flow.model import Flow
from exekra.sdk.catalogue import CatalogueEntry

Schemas = Mapping[str, Mapping[str, Any]]
Results = Mapping[str, Schemas | None]
"""For each node its outputs by name, with the schema of each; None where anything may be there.

Nodes that give nothing are left out.
"""


def called_workflows(flow: Flow, find: FindWorkflow | None) -> dict[str, Flow | None]:
    """The workflows that a flow calls, by the key of the call; None for those that do not exist."""
    return {call.key: find(call.key) for call in calls_of(flow)} if find is not None else {}


def results_of(
    flow: Flow, entries: Mapping[str, CatalogueEntry | None], called: Mapping[str, Flow | None]
) -> dict[str, Schemas | None]:
    """What can be read of each node of a flow.

    Args:
        flow: The flow.
        entries: What is known of each node's kind.
        called: The workflows that it calls, from `called_workflows`.
    """
    results: dict[str, Schemas | None] = {}
    by_entry: dict[str, Schemas] = {}
    for id, node in flow.nodes.items():
        entry = entries[id]
        call = call_of(node)
        if entry is None or (node.do == CALL_WORKFLOW and call is None):
            results[id] = None
        elif call is not None:
            other = called.get(call.key)
            results[id] = {output: {} for output in other.outputs} if other is not None else None
        elif entry.outputs:
            if entry.id not in by_entry:
                by_entry[entry.id] = {output.name: output.schema for output in entry.outputs}
            results[id] = by_entry[entry.id]
    return results

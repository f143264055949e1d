"""The figures of an execution's nodes, as its column `node_totals` has them by node.

They are [count, seconds, failures], and where a node wrote warnings also their number and the last of them.
"""

from __future__ import annotations

from typing import Any

from exekra.flow.events import LONGEST_WARNING, NodeTotal

StoredTotals = dict[str, list[Any]]
"""The column's value."""


def stored(total: NodeTotal) -> list[Any]:
    """The figures of one node as they are stored."""
    figures: list[Any] = [total.count, total.seconds, total.failures]
    if total.warnings:
        # PostgreSQL refuses NUL in a jsonb.
        figures += [total.warnings, (total.warning or "").replace("\0", "")[:LONGEST_WARNING]]
    return figures


def read(totals: StoredTotals | None) -> dict[str, NodeTotal]:
    """The figures of all nodes from their stored form."""
    return {node: NodeTotal(node, *figures) for node, figures in (totals or {}).items()}

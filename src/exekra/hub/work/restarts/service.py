"""Finds the values with which an execution can start in the middle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cachetools import LRUCache

from exekra.flow.serialization import resources_in
from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Conflict
from exekra.hub.design.workflows import executable_store
from exekra.hub.work.ledger import checkpoint_store
from exekra.hub.work.ledger.checkpoint_store import BegunExecution
from exekra.hub.work.ledger.summary_store import ExecutionDetailRow
from exekra.hub.work.restarts.values import (
    ReportedVisit,
    first_scope,
    rebuild,
    restore_given_files,
    with_given_files,
)
from exekra.hub.work.restarts.version_graph import VersionGraph
from exekra.kit import json

REMEMBERED_BYTES = 16 * 1024 * 1024
"""The size of the cache of documents, in bytes of JSON; in memory they take several times as much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Values for a node.

    Attributes:
        scope: Values by name.
        exact: Whether they are what the node had, or would have had.
        missing: Names whose value is not known completely, or was a resource that is no longer open.
        taken_after: The node after which they were kept; None if they were not kept, or are those of the start.
    """

    scope: dict[str, Any]
    exact: bool
    missing: list[str] = field(default_factory=list)
    taken_after: str | None = None


class Restarts:
    """Finds from where, and with which values, an execution can be restarted."""

    def __init__(self) -> None:
        self._graphs: LRUCache[UUID, tuple[int, VersionGraph]] = LRUCache(
            REMEMBERED_BYTES, getsizeof=lambda sized: sized[0]
        )

    async def graph(self, connection: Connection, version_id: UUID) -> VersionGraph:
        """The nodes of a version."""
        known = self._graphs.get(version_id)
        if known is not None:
            return known[1]
        document = await executable_store.document(connection, version_id)
        graph = VersionGraph.of(document)
        self._graphs[version_id] = (min(len(json.encode(document)), REMEMBERED_BYTES), graph)
        return graph

    async def restartable_from(self, connection: Connection, execution: ExecutionDetailRow) -> str | None:
        """The node from which an execution can continue with its own values; None if there is none.

        Args:
            connection: The connection to read with.
            execution: The execution.
        """
        last = await checkpoint_store.last_checkpoint(connection, execution.id)
        if last is None:
            return execution.started_from_node
        graph = await self.graph(connection, execution.version_id)
        return graph.successor(last.body["node"], last.body["port"])

    async def find(
        self, connection: Connection, execution: BegunExecution, node: str, *, version_id: UUID | None = None
    ) -> Found:
        """The values with which `node` could start.

        Args:
            connection: The connection to read with.
            execution: What it began with.
            node: The node.
            version_id: The version that the node is in, if it may differ from the execution's.
        """
        graph = await self.graph(connection, version_id or execution.version_id)
        began_at = execution.start_at
        begun_with = first_scope(graph, execution.inputs)
        if began_at is not None:
            begun_with |= began_at["scope"]
        if node == (began_at["node"] if began_at is not None else graph.analysis.main.first):
            return Found(scope=begun_with, exact=True)
        kept = await self._checkpoint(connection, execution.id, graph.leading_to(node))
        if kept is not None:
            scope = with_given_files(kept["scope"], begun_with)
            return Found(scope=scope, exact=True, missing=resources_in(scope), taken_after=kept["node"])
        rebuilt = rebuild(graph, node, begun_with, await self._last_visits(connection, execution, graph, node))
        restore_given_files(rebuilt, str(execution.id), begun_with)
        return Found(scope=rebuilt.scope, exact=False, missing=rebuilt.missing)

    async def _checkpoint(
        self, connection: Connection, execution_id: UUID, leading: Sequence[tuple[str, str]]
    ) -> dict[str, Any] | None:
        """The last checkpoint at one of these nodes and ports."""
        if not leading:
            return None
        rows = await checkpoint_store.checkpoints_after(connection, execution_id, [node for node, _ in leading])
        bodies = (row.body for row in rows)
        return next((body for body in bodies if (body["node"], body["port"]) in leading), None)

    async def _last_visits(
        self, connection: Connection, execution: BegunExecution, graph: VersionGraph, node: str
    ) -> dict[str, ReportedVisit]:
        totals = execution.node_totals or {}
        rows = await checkpoint_store.last_results(connection, execution.id, list(graph.flow.nodes), before_node=node)
        return {
            row.node: ReportedVisit(
                sequence=row.sequence,
                count=row.body.get("count", 1),
                total=totals.get(row.node, [0])[0],
                preview=row.body.get("preview"),
            )
            for row in rows
            if row.body.get("failure") is None
        }


def no_values(node: str, found: Found) -> Conflict:
    """The error that there is no checkpoint before that node."""
    unknown = f" Not known completely: {', '.join(found.missing[:10])}." if found.missing else ""
    return Conflict(
        f"The execution kept no values from which {node!r} could continue.{unknown}",
        code="no-checkpoint",
        where="body.from_node",
        hint="Values are kept for some days between nodes of the outermost body, unless they are tables, secrets or "
        "larger than 64 kB. Run it from the start, or start at the node with values of your own "
        "(start_at.scope).",
    )

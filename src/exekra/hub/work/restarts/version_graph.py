"""Where an execution can be restarted: which node follows a checkpoint. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from exekra.flow.checks.scope import Scopes
from exekra.flow.control import entry_of
from exekra.flow.document import parse_document
from exekra.flow.errors import Problems
from exekra.flow.graph import Graph, analyse_graph
from exekra.flow.model import Flow
from exekra.flow.starts import why_not_start
from exekra.sdk.catalogue import Catalogue

_NO_ACTIVITIES = Catalogue(())  # Only control nodes have bodies, so activities need not be known.


@dataclass(frozen=True)
class VersionGraph:
    """The nodes of one version, and how the token goes from one to the next."""

    flow: Flow
    analysis: Graph

    @classmethod
    def of(cls, document: dict[str, Any]) -> Self:
        """The graph of a stored document."""
        flow = parse_document(document)
        return cls(flow, analyse_graph(flow, _NO_ACTIVITIES, Problems()))

    @cached_property
    def scopes(self) -> Scopes:
        """Which names each node can read."""
        entries = {id: entry_of(node, _NO_ACTIVITIES) for id, node in self.flow.nodes.items()}
        return Scopes(self.flow, self.analysis, entries)

    def successor(self, node: str, port: str) -> str | None:
        """The node that follows a node of the outermost body; None where the flow ends."""
        return self.analysis.next.get((node, port)) if self.is_outermost(node) else None

    def leading_to(self, node: str) -> list[tuple[str, str]]:
        """The nodes and ports of the outermost body from which the token comes to `node`."""
        if not self.is_outermost(node):
            return []
        return [place for place, target in self.analysis.next.items() if target == node]

    def is_outermost(self, node: str) -> bool:
        """Whether the node is in the outermost body."""
        return self.analysis.body_of.get(node) is self.analysis.main

    def why_not(self, node: str, *, only: bool) -> str | None:
        """Why an execution cannot start at `node`; None if it can."""
        return why_not_start(self.flow, self.analysis, node, only=only)

"""Refuse to begin where an execution cannot."""

from __future__ import annotations

from exekra.flow.debugging import StartAt
from exekra.flow.graph import Graph
from exekra.flow.model import Flow
from exekra.flow.starts import why_not_start
from exekra.sdk.errors import DocumentError


class StartError(DocumentError):
    """The execution cannot begin at that node."""


def check_start(flow: Flow, graph: Graph, start: StartAt) -> None:
    """See whether an execution can begin there.

    Raises:
        StartError: It cannot; says where it can.
    """
    reason = why_not_start(flow, graph, start.node, only=start.only)
    if reason is not None:
        raise StartError(reason)

"""Describes one visit of a node, from its events. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from exekra.flow.events import NodeTotal
from exekra.hub.work.ledger.event_store import VisitEvents
from exekra.hub.work.ledger.states import FINAL
from exekra.sdk.errors import StoppedError


def visit_of(row: VisitEvents, state: str) -> dict[str, Any]:
    """The visit that a row of `store.last_visits` or `store.visits` is about.

    Args:
        row: The events of the token's arrival and departure.
        state: The execution's state.
    """
    body = row.left_body
    if body is None or row.left_at is None or (row.entered_sequence or 0) > (row.left_sequence or 0):
        return _unended(row, state)
    count, failure, seconds = body.get("count", 1), body.get("failure"), body["seconds"]
    same = row.entered_body is not None and row.entered_body.get("count", 1) == count
    return {
        "sequence": row.left_sequence,
        "node": row.node,
        "state": _state_after(failure),
        "count": count,
        "entered_at": row.entered_at if same else row.left_at - timedelta(seconds=seconds),
        "left_at": row.left_at,
        "seconds": seconds,
        "port": body["port"],
        "inputs": body.get("inputs"),
        "preview": body.get("preview"),
        "size": body.get("size"),
        "failure": failure,
    }


def _state_after(failure: Mapping[str, Any] | None) -> str:
    if failure is None:
        return "done"
    return "stopped" if failure["type"] == StoppedError.__name__ else "failed"


def _unended(row: VisitEvents, state: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("left_at", "seconds", "port", "inputs", "preview", "size", "failure"))
    return {
        "sequence": row.entered_sequence,
        "node": row.node,
        "state": "stopped" if state in FINAL else "running",
        "count": (row.entered_body or {}).get("count", 1),
        "entered_at": row.entered_at,
        **nothing,
    }


def with_totals(visit: dict[str, Any], totals: Mapping[str, NodeTotal]) -> dict[str, Any]:
    """The visit, with the figures of all visits of its node."""
    total = totals.get(visit["node"]) or NodeTotal(visit["node"], 0, 0.0)
    return visit | {
        "visits": total.count,
        "failures": total.failures,
        "warnings": total.warnings,
        "warning": total.warning,
        "total_seconds": total.seconds,
    }

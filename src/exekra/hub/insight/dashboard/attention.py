"""What a person should look at, in few lines: similar findings are combined. Pure: the store finds the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from exekra.hub.insight.dashboard.rows import ExecutionUnderway, LatestFailure, RegisteredRunner
from exekra.hub.insight.dashboard.schemas import Attention, WaitingGroup, production_filter
from exekra.hub.work.executions.waiting import HOPELESS
from exekra.hub.work.ledger.states import Source, State

MOST_NAMED = 20
MOST_FAILING_WORKFLOWS = 20
WAITING_TOO_LONG = timedelta(minutes=5)
NOT_BEGUN = timedelta(minutes=1)
NOT_STOPPED = timedelta(minutes=1)
LONG_RUN = timedelta(minutes=10)
"""An execution that has run for less is never reported as stuck."""
LONGER_THAN_USUAL = 3.0
"""How many times longer than 95 of 100 completed executions."""

_ORDER = {"error": 0, "warning": 1, "info": 2}


def in_order(found: Sequence[Attention]) -> list[Attention]:
    """Errors first, then the latest."""
    latest_first = sorted(found, key=lambda one: -one.since.timestamp() if one.since else 0.0)
    return sorted(latest_first, key=lambda one: _ORDER[one.severity])


def failures(
    latest: Sequence[LatestFailure], counts: Mapping[UUID, int], since: datetime, until: datetime
) -> list[Attention]:
    """One line for each workflow that failed, with the latest message; a warning where it has succeeded since."""
    return [
        Attention(
            kind="failed",
            severity="warning" if row.recovered else "error",
            title=f"{row.name} failed {_times(counts[row.workflow_id])}",
            detail=_failure(row.failure) + (" It has been completed since." if row.recovered else ""),
            count=counts[row.workflow_id],
            since=row.finished_at,
            workflow_id=row.workflow_id,
            execution_ids=[row.id],
            filter=production_filter(state=State.FAILED, workflow_id=row.workflow_id, since=since, until=until),
        )
        for row in latest[:MOST_FAILING_WORKFLOWS]
    ]


def stuck(underway: Sequence[ExecutionUnderway], usual: Mapping[UUID, float], now: datetime) -> list[Attention]:
    """Executions that Runners hold and that make no progress, one line for each reason and workflow; who runs something
    in Studio sees it there.

    Args:
        underway: What Runners hold.
        usual: In how many seconds 95 of 100 executions of a workflow complete.
        now: The current time.
    """
    groups: dict[tuple[str, UUID], list[ExecutionUnderway]] = {}
    for row in underway:
        if row.source is Source.STUDIO:
            continue
        reason = _stuck_because(row, usual, now)
        if reason is not None:
            groups.setdefault((reason, row.workflow_id), []).append(row)
    return [
        Attention(
            kind="stuck",
            severity="error",
            title=f"{rows[0].workflow_name}: {_number(len(rows), 'execution')} {_verb(rows, 'is', 'are')} stuck",
            detail=reason,
            count=len(rows),
            since=min(row.started_at or row.assigned_at for row in rows),
            workflow_id=workflow_id,
            execution_ids=[row.id for row in rows[: -MOST_NAMED - 1 : -1]],
            runner_ids=list({row.runner_id for row in rows if row.runner_id})[:MOST_NAMED],
        )
        for (reason, workflow_id), rows in groups.items()
    ]


def may_run_too_long(row: ExecutionUnderway, now: datetime) -> bool:
    """Whether the usual duration of executions of its workflow must be known."""
    return row.state is State.RUNNING and row.started_at is not None and row.started_at < now - LONG_RUN


def _stuck_because(row: ExecutionUnderway, usual: Mapping[UUID, float], now: datetime) -> str | None:
    if row.runner_id is None:
        return "The Runner that holds it was removed."
    if not row.online:
        return f"Its Runner {row.runner_name!r} is OFFLINE."
    if row.stop_requested_at is not None and row.stop_requested_at < now - NOT_STOPPED:
        return "It was asked to stop more than a minute ago and is still running."
    if row.state == State.ASSIGNED and row.assigned_at < now - NOT_BEGUN:
        return f"It was assigned to {row.runner_name!r} more than a minute ago and has not started."
    usually = usual.get(row.workflow_id)
    if usually is None or row.started_at is None or not may_run_too_long(row, now):
        return None
    if (now - row.started_at).total_seconds() <= usually * LONGER_THAN_USUAL:
        return None
    return (
        f"It has been running for more than {LONGER_THAN_USUAL:g} times as long as usual: 95 of 100 executions "
        f"take {usually:.3g} s at most."
    )


def offline_runners(runners: Sequence[RegisteredRunner]) -> list[Attention]:
    """One line for all Runners that were connected before and are not connected now."""
    gone = [row for row in runners if row.state == "OFFLINE" and row.known]
    if not gone:
        return []
    names = ", ".join(row.name for row in gone[:5]) + (f" and {len(gone) - 5} more" if len(gone) > 5 else "")
    times = [row.lost_at for row in gone if row.lost_at is not None]
    return [
        Attention(
            kind="runner-offline",
            severity="error" if len(gone) == len(runners) else "warning",
            title=f"{_number(len(gone), 'Runner')} {_verb(gone, 'is', 'are')} OFFLINE",
            detail=f"{names}.",
            count=len(gone),
            since=max(times, default=None),
            runner_ids=[row.id for row in gone[:MOST_NAMED]],
        )
    ]


def waiting(groups: Sequence[WaitingGroup], now: datetime) -> list[Attention]:
    """Executions that no Runner will take, and those that have been waiting for a long time."""
    found = []
    for group in groups:
        hopeless = group.code in HOPELESS
        if not hopeless and group.oldest_at > now - WAITING_TOO_LONG:
            continue
        verb = "wait" if group.count > 1 else "waits"
        found.append(
            Attention(
                kind="no-runner" if hopeless else "waiting-too-long",
                severity="error" if hopeless else "warning",
                title=f"{_number(group.count, 'execution')} {verb} "
                + ("for a Runner that is not available" if hopeless else "for more than 5 minutes"),
                detail=group.message,
                count=group.count,
                since=group.oldest_at,
                execution_ids=[group.execution_id],
            )
        )
    return found


def _failure(failure: Mapping[str, Any] | None) -> str:
    if not failure:
        return "No reason was reported."
    node = f" (node {failure['node']})" if failure.get("node") else ""
    return f"{failure.get('type', 'Error')}: {str(failure.get('message', ''))[:500]}{node}"


def _verb(of: Sequence[object], one: str, several: str) -> str:
    return one if len(of) == 1 else several


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"

"""Says why an execution has not begun, in one sentence. Pure: `store.waiting_facts` finds what it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from exekra.hub.executions.schemas import Waiting

MOST_COUNTED = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the answer depends on.

    Attributes:
        requirement: What the execution asks of a Runner.
        runners: All Runners, with `pin_fits`, `type_fits`, `labels_fit`, `activities_fit`, their state and labels.
        ahead: How many waiting executions go first, counted up to `MOST_COUNTED` + 1; None where that is no matter.
        missing_activities: Those of the workflow that no Runner which fits otherwise can do.
    """

    requirement: Mapping[str, Any]
    runners: Sequence[Mapping[str, Any]]
    ahead: int | None
    missing_activities: Sequence[str]


def why_queued(facts: Facts, now: datetime) -> Waiting:
    """Why a QUEUED execution waits."""
    requirement, runners = facts.requirement, facts.runners
    if not runners:
        return Waiting(code="no-runner", message="No Runner is registered.")
    if requirement["runner_id"] is not None:
        runners = [runner for runner in runners if runner["pin_fits"]]
        if not runners:
            return Waiting(code="runner-removed", message="The Runner that it was meant for has been removed.")
    if not any(runner["type_fits"] for runner in runners):
        return Waiting(code="no-runner-of-type", message=f"No Runner is {requirement['runner_type']}.")
    runners = [runner for runner in runners if runner["type_fits"]]
    if not any(runner["labels_fit"] for runner in runners):
        return Waiting(code="no-runner-with-label", message=_missing_labels(requirement["labels"], runners))
    runners = [runner for runner in runners if runner["labels_fit"]]
    if not any(runner["activities_fit"] for runner in runners):
        names = ", ".join(facts.missing_activities[:5]) or "all of its activities"
        return Waiting(code="no-runner-with-activity", message=f"No Runner that fits can do {names}.")
    runners = [runner for runner in runners if runner["activities_fit"]]
    return _all_taken(runners, facts.ahead, now)


def why_not_now(facts: Facts, now: datetime) -> Waiting:
    """Why no Runner can begin an execution at once that goes past the queue."""
    return why_queued(replace(facts, ahead=None), now)


def why_assigned(row: Mapping[str, Any], runner: Mapping[str, Any] | None, now: datetime) -> Waiting:
    """Why an ASSIGNED execution has not begun."""
    if runner is None:
        return Waiting(code="runner-removed", message="The Runner that it was assigned to has been removed.")
    seconds = max(0, round((now - row["assigned_at"]).total_seconds()))
    if runner["state"] == "OFFLINE":
        return Waiting(
            code="runner-offline",
            message=f"It was assigned to {runner['name']!r}, which is OFFLINE; it will be queued again.",
        )
    return Waiting(
        code="not-begun",
        message=f"It was assigned to {runner['name']!r} {seconds} s ago, which has not begun it yet.",
    )


def _missing_labels(labels: Sequence[str], runners: Sequence[Mapping[str, Any]]) -> str:
    unknown = [label for label in labels if not any(label in runner["labels"] for runner in runners)]
    if unknown:
        return f"No Runner has the label {', '.join(map(repr, unknown))}."
    return f"No Runner has all of the labels {', '.join(map(repr, labels))}."


def _all_taken(runners: Sequence[Mapping[str, Any]], ahead: int | None, now: datetime) -> Waiting:
    names = repr(runners[0]["name"]) if len(runners) == 1 else f"All {len(runners)} Runners that can take it"
    verb = "is" if len(runners) == 1 else "are"
    online = [runner for runner in runners if runner["state"] != "OFFLINE"]
    if not online:
        return Waiting(code="all-offline", message=f"{names} {verb} OFFLINE.", ahead=ahead)
    free = [runner for runner in online if runner["state"] == "ONLINE"]
    before = _ahead(ahead)
    if not free:
        off = len(runners) - len(online)
        busy = names if not off else f"Of {len(runners)} Runners that can take it, {off} are OFFLINE and the others"
        return Waiting(code="all-busy", message=f"{busy} {verb if not off else 'are'} busy{before}.", ahead=ahead)
    if all(runner["resting_until"] is not None and runner["resting_until"] > now for runner in free):
        return Waiting(
            code="declined",
            message=f"{free[0]['name']!r} declined to work a moment ago; it is asked again.",
            ahead=ahead,
        )
    if not any(runner["connection_id"] for runner in free):
        return Waiting(code="reconnecting", message=f"{free[0]['name']!r} has lost its connection.", ahead=ahead)
    return Waiting(code="next", message=f"It is about to be assigned{before}.", ahead=ahead)


def _ahead(ahead: int | None) -> str:
    if ahead is None:
        return ""
    count = f"more than {MOST_COUNTED:,}" if ahead > MOST_COUNTED else str(ahead)
    return f"; {count} execution{' is' if ahead == 1 else 's are'} ahead of it"

"""Says in one sentence why an execution has not started. Pure: `store.waiting_facts` finds what it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from exekra.hub.fleet.runners.requirement_store import FittingRunner, LackingRunner, Requirement
from exekra.hub.fleet.runners.store import RunnerAtWork
from exekra.hub.work.executions.schemas import Waiting

MOST_COUNTED = 1_000
MOST_NAMED = 5

_CAPABILITIES = {"files": "fetch the files of an execution"}
"""What a Runner of an older version cannot do."""

HOPELESS = frozenset(
    {
        "no-runner",
        "runner-removed",
        "runner-offline",
        "no-runner-of-type",
        "no-runner-with-label",
        "runner-too-old",
        "no-runner-with-activity",
        "no-runner-with-capability",
        "all-offline",
        "runner-problem",
    }
)
"""Reasons for waiting that a free Runner does not resolve."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the answer depends on.

    Attributes:
        requirement: What the execution requires of a Runner.
        runners: All Runners, and how far each fits.
        ahead: How many waiting executions go first, counted up to `MOST_COUNTED` + 1; None if that does not matter.
        missing_activities: Activities of the workflow that no otherwise suitable Runner can do.
        lacking: Those that a Runner has, and its machine lacks something for.
    """

    requirement: Requirement
    runners: Sequence[FittingRunner]
    ahead: int | None
    missing_activities: Sequence[str]
    lacking: Sequence[LackingRunner] = ()


def why_queued(facts: Facts, now: datetime) -> Waiting:
    """Why a QUEUED execution waits."""
    requirement, runners = facts.requirement, facts.runners
    if not runners:
        return Waiting(code="no-runner", message="No Runner is registered: register one and start it.")
    any_online = any(runner.state != "OFFLINE" for runner in runners)
    if requirement.runner_id is not None:
        runners = [runner for runner in runners if runner.pin_fits]
        if not runners:
            return Waiting(code="runner-removed", message="The Runner that it was restricted to has been removed.")
    if not any(runner.type_fits for runner in runners):
        return Waiting(code="no-runner-of-type", message=f"No Runner is {requirement.runner_type}.")
    runners = [runner for runner in runners if runner.type_fits]
    if not any(runner.labels_fit for runner in runners):
        return Waiting(code="no-runner-with-label", message=_missing_labels(requirement.labels, runners))
    runners = [runner for runner in runners if runner.labels_fit]
    # A Runner that has never connected has not reported its version either.
    new_enough = [runner for runner in runners if runner.capabilities_fit or not runner.known]
    if not new_enough:
        return _too_old(requirement.capabilities, [runner.name for runner in runners])
    runners = new_enough
    able = [runner for runner in runners if runner.activities_fit]
    if not able:
        # A Runner that has never connected has not reported what it can do: as far as is known, it lacks nothing.
        able = [runner for runner in runners if not runner.known]
        if not able or any(runner.state != "OFFLINE" for runner in runners):
            known = [runner for runner in runners if runner.known]
            return _lacking(facts, known) or _missing_activities(facts.missing_activities, known)
    if all(runner.state == "OFFLINE" for runner in able):
        return _none_connected(able, facts.ahead, now, any_online=any_online)
    well = [runner for runner in able if runner.problem is None or runner.state == "OFFLINE"]
    if all(runner.state == "OFFLINE" for runner in well):
        return _all_have_problems([runner for runner in able if runner not in well], facts.ahead)
    return _all_taken(well, facts.ahead, now)


def why_not_now(facts: Facts, now: datetime) -> Waiting:
    """Why no Runner can immediately start an execution that bypasses the queue."""
    return why_queued(replace(facts, ahead=None), now)


def why_not_free(requirement: Requirement, runner: RunnerAtWork | None, now: datetime) -> Waiting:
    """Why a specific Runner cannot start an execution immediately."""
    if runner is None:
        return Waiting(code="runner-removed", message="The Runner that it was restricted to has been removed.")
    name = repr(runner.name)
    if runner.state == "OFFLINE":
        message = f"{name} {_offline_in_words(runner, now)}: start it, or choose another Runner."
        return Waiting(code="runner-offline", message=message)
    if runner.execution_id is not None:
        return Waiting(code="runner-busy", message=f"{name} is busy with the execution {runner.execution_id}.")
    if not set(requirement.capabilities) <= set(runner.capabilities):
        return _too_old(requirement.capabilities, [runner.name])
    if runner.problem is not None:
        return Waiting(code="runner-problem", message=f"{name} cannot start executions right now. {runner.problem}")
    return Waiting(code="reconnecting", message=f"{name} has lost its connection.")


def why_assigned(
    assigned_at: datetime, runner: RunnerAtWork | None, now: datetime, *, fetching_at: datetime | None = None
) -> Waiting:
    """Why an ASSIGNED execution has not started; `fetching_at` is when its Runner last fetched a part of a file."""
    if runner is None:
        return Waiting(code="runner-removed", message="The Runner that it was assigned to has been removed.")
    seconds = max(0, round((now - assigned_at).total_seconds()))
    if runner.state == "OFFLINE":
        return Waiting(
            code="runner-offline",
            message=f"It was assigned to {runner.name!r}, which is OFFLINE; it will be queued again.",
        )
    if fetching_at is not None and fetching_at >= assigned_at:
        why = "" if runner.problem is None else f" {runner.problem}"
        return Waiting(code="fetching-files", message=f"{runner.name!r} is fetching the files that it needs.{why}")
    return Waiting(
        code="not-begun",
        message=f"It was assigned to {runner.name!r} {seconds} s ago and has not started yet.",
    )


def _too_old(capabilities: Sequence[str], runners: Sequence[str]) -> Waiting:
    what = _listed([_CAPABILITIES.get(capability, capability) for capability in capabilities])
    verb, them = ("is", "it") if len(runners) == 1 else ("are", "one of them")
    names = _listed([repr(name) for name in runners])
    message = f"{names} {verb} too old to {what}: upgrade {them} to the version of the Hub."
    return Waiting(code="runner-too-old", message=message)


def _missing_labels(labels: Sequence[str], runners: Sequence[FittingRunner]) -> str:
    unknown = [label for label in labels if not any(label in runner.labels for runner in runners)]
    if unknown:
        return f"No Runner has the label {', '.join(map(repr, unknown))}."
    return f"No Runner has all of the labels {', '.join(map(repr, labels))}."


def _missing_activities(missing: Sequence[str], runners: Sequence[FittingRunner]) -> Waiting:
    names = _listed(missing) if missing else "all of its activities"
    who = f"{runners[0].name!r} cannot" if len(runners) == 1 else "No suitable Runner can"
    message = f"{who} do {names}: install what provides it, and restart the Runner."
    return Waiting(code="no-runner-with-activity", message=message)


def _lacking(facts: Facts, runners: Sequence[FittingRunner]) -> Waiting | None:
    """What machines lack, if nothing else prevents at least one of them; the activity, and what is missing where."""
    named = {runner.name for runner in runners}
    lacks: dict[str, set[str]] = {}
    found: dict[str, set[str]] = {}
    for row in facts.lacking:
        if row.runner in named:
            found.setdefault(row.activity, set()).update(row.lacks)
            lacks.setdefault(row.runner, set()).update(row.lacks)
    if not lacks or set(facts.missing_activities) - found.keys():
        return None  # An activity that is installed nowhere comes first.
    what = [f"{activity} needs {_listed(sorted(wanted))}" for activity, wanted in sorted(found.items())]
    where = [f"{runner!r} lacks {_listed(sorted(wanted))}" for runner, wanted in sorted(lacks.items())]
    return Waiting(
        code="no-runner-with-capability",
        message=f"{_listed(what)}, and {_listed(where)}: install it there, and restart the Runner.",
    )


def _none_connected(runners: Sequence[FittingRunner], ahead: int | None, now: datetime, *, any_online: bool) -> Waiting:
    whose = "No Runner that can take it is connected" if any_online else "No Runner is connected"
    told = _listed([f"{runner.name!r} {_offline_in_words(runner, now)}" for runner in runners])
    start = "it" if len(runners) == 1 else "one of them"
    return Waiting(code="all-offline", message=f"{whose}: {told}. Start {start}.", ahead=ahead)


def _offline_in_words(runner: FittingRunner | RunnerAtWork, now: datetime) -> str:
    """How long a Runner has been OFFLINE, in words."""
    if not runner.known:
        return "has not connected yet"
    minutes = int((now - (runner.lost_at or now)).total_seconds() // 60)
    for count, unit in ((minutes // 1440, "day"), (minutes // 60, "hour"), (minutes, "minute")):
        if count > 0:
            return f"has been OFFLINE for {count} {unit}{'' if count == 1 else 's'}"
    return "has been OFFLINE for less than a minute"


def _listed(names: Sequence[str]) -> str:
    shown = [*names[:MOST_NAMED], *([f"{len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _all_taken(runners: Sequence[FittingRunner], ahead: int | None, now: datetime) -> Waiting:
    names = repr(runners[0].name) if len(runners) == 1 else f"All {len(runners)} Runners that can take it"
    verb = "is" if len(runners) == 1 else "are"
    online = [runner for runner in runners if runner.state != "OFFLINE"]
    free = [runner for runner in online if runner.state == "ONLINE"]
    before = _ahead(ahead)
    if not free:
        off = len(runners) - len(online)
        busy = f"{names} {verb} busy"
        if off:
            busy = f"Of {len(runners)} Runners that can take it, {off} are OFFLINE and {len(online)} busy"
        return Waiting(code="all-busy", message=f"{busy}{before}.", ahead=ahead)
    if all(runner.resting_until is not None and runner.resting_until > now for runner in free):
        return Waiting(
            code="declined",
            message=f"{free[0].name!r} declined work a moment ago and will be asked again.",
            ahead=ahead,
        )
    if not any(runner.connection_id for runner in free):
        return Waiting(code="reconnecting", message=f"{free[0].name!r} has lost its connection.", ahead=ahead)
    return Waiting(code="next", message=f"It is about to be assigned{before}.", ahead=ahead)


def _all_have_problems(runners: Sequence[FittingRunner], ahead: int | None) -> Waiting:
    names = _listed([repr(runner.name) for runner in runners])
    message = f"{names} cannot start executions right now. {runners[0].problem}"
    return Waiting(code="runner-problem", message=message, ahead=ahead)


def _ahead(ahead: int | None) -> str:
    if ahead is None:
        return ""
    count = f"more than {MOST_COUNTED:,}" if ahead > MOST_COUNTED else str(ahead)
    return f"; {count} execution{' is' if ahead == 1 else 's are'} ahead of it"

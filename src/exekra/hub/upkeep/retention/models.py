"""The kinds of data that expire, and after how long. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from exekra.hub.work.ledger.partition_store import Part


class Kind(StrEnum):
    """A kind of data with its own retention time."""

    EXECUTIONS = "executions"
    LOGS = "logs"
    EVENTS = "events"
    VALUES = "values"
    FILES = "files"


PARTS: Mapping[Part, Kind] = {Part.LOGS: Kind.LOGS, Part.VALUES: Kind.VALUES, Part.EVENTS: Kind.EVENTS}
"""The kind whose time applies to a part of a partition."""

MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Times:
    """How long each kind is kept, in days; None means for ever."""

    days: Mapping[Kind, int | None]

    def too_long(self) -> Kind | None:
        """A kind that would be kept longer than its executions, if any."""
        whole = self.days[Kind.EXECUTIONS]
        if whole is None:
            return None
        return next((kind for kind, days in self.days.items() if days is None or days > whole), None)

    def cutoff(self, kind: Kind, now: datetime) -> datetime | None:
        """The moment before which executions must have ended for their data to expire; None if it is kept for ever."""
        days = self.days[kind]
        return None if days is None else now - timedelta(days=days)

    def cutoff_of_all(self, now: datetime) -> datetime | None:
        """As `cutoff`, for a partition that holds logs, values and other events."""
        cutoffs = [self.cutoff(kind, now) for kind in PARTS.values()]
        known = [cutoff for cutoff in cutoffs if cutoff is not None]
        return min(known) if len(known) == len(cutoffs) else None

"""Ids that sort by the time of their creation: UUID version 7 (RFC 9562).

Rows keyed by them are inserted at the end of an index, and a list "newest first" needs no column of its own.
"""

from __future__ import annotations

import os
import threading
import time
from datetime import datetime
from uuid import UUID

_VERSION_AND_VARIANT = (0x7 << 76) | (0b10 << 62)
_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """Generate an id; within one process, each is greater than the previous one, even within a millisecond.

    The 48-bit count of milliseconds since 1970 is followed by 12 bits of the fraction of a millisecond
    (RFC 9562, section 6.2, method 3) and 62 random bits.
    """
    global _last  # noqa: PLW0603 - the order of ids is a property of the process, not of an object
    nanoseconds = time.time_ns()
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    stamp = (milliseconds << 12) | (rest * 4096 // 1_000_000)
    with _lock:
        stamp = max(stamp, _last + 1)
        _last = stamp
    random = int.from_bytes(os.urandom(8)) >> 2
    return UUID(int=((stamp >> 12) << 80) | _VERSION_AND_VARIANT | ((stamp & 0xFFF) << 64) | random)


def first_id(moment: datetime) -> UUID:
    """The smallest id that may have been generated in that millisecond: a bound for rows keyed by time."""
    milliseconds = min(max(int(moment.timestamp() * 1000), 0), 2**48 - 1)
    return UUID(int=milliseconds << 80)

"""What every workflow needs: a line in the log, a pause."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from exekra.activities.json_text import plain_text
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.table import Table
from exekra.sdk.types import Seconds

CATEGORY = "General"
ICON = "message"

_LONGEST_LINE = 20_000
_MOST_ROWS = 100


@activity(title="Log message")
def log(context: Context, /, *, message: Any, level: Literal["debug", "info", "warning", "error"] = "info") -> None:
    """Write a line into the execution's log.

    Args:
        message: The line; lists, objects and tables (their first 100 rows) are written as JSON.
        level: Severity of the line.
    """
    text = plain_text(message.preview(_MOST_ROWS) if isinstance(message, Table) else message)
    context.log(text if len(text) <= _LONGEST_LINE else f"{text[:_LONGEST_LINE]}... ({len(text):,} characters)", level)


@activity(title="Wait", icon="hourglass")
async def wait(*, duration: Seconds) -> None:
    """Wait for some time.

    Args:
        duration: How long to wait.
    """
    await asyncio.sleep(duration)

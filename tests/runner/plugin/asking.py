"""Activities that ask the Hub: as somebody else's package would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from exekra.sdk.activity import activity
from exekra.sdk.context import Context

WhenAway = Literal["wait", "fail"]


@dataclass(frozen=True)
class Answered:
    """The answer.

    Attributes:
        answer: What the Hub said.
    """

    answer: Any


@activity()
async def ask(
    context: Context, *, topic: str, body: Any = None, deadline: float = 60, when_away: WhenAway = "wait"
) -> Answered:
    """Ask the Hub.

    Args:
        topic: What is asked.
        body: What it is asked with.
        deadline: Seconds to wait.
        when_away: What becomes of it while the Hub is away.
    """
    return Answered(await context.ask(topic, body, deadline=deadline, when_away=when_away))


@activity(blocking=True)
def ask_in_thread(context: Context, *, topic: str, body: Any = None, deadline: float = 60) -> Answered:
    """Ask the Hub from a thread.

    Args:
        topic: What is asked.
        body: What it is asked with.
        deadline: Seconds to wait.
    """
    return Answered(context.ask_and_wait(topic, body, deadline=deadline))


@activity()
async def measure(context: Context, *, topic: str, times: int) -> Answered:
    """Ask the Hub again and again; the answer is how long each took, in milliseconds.

    Args:
        topic: What is asked.
        times: How often.
    """
    import time

    took = []
    for _ in range(times):
        began = time.perf_counter()
        await context.ask(topic)
        took.append((time.perf_counter() - began) * 1000)
    return Answered(took)

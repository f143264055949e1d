"""How an activity's question reaches the Hub, as far as the engine knows."""

from __future__ import annotations

import asyncio
import concurrent.futures
import math
from dataclasses import dataclass
from typing import Any, Protocol, get_args

import msgspec

from exekra.kit.text import well_formed
from exekra.sdk.context import LARGEST_ASK_BYTES, WhenAway
from exekra.sdk.errors import AskTimedOutError, DefinitionError, InputError, NoHubError, StoppedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an activity asks; `body` is JSON, `seconds` how long it waits (None: without limit)."""

    topic: str
    body: bytes
    seconds: float | None
    when_away: WhenAway


class HubConnection(Protocol):
    """The way to the Hub."""

    async def ask(self, question: Question) -> Any:
        """The answer as JSON-like data; the question is withdrawn when the waiting task is cancelled.

        Raises:
            AskError: There is no answer.
        """
        ...


class HubQuestions:
    """Asks the Hub for the activities of one execution.

    Args:
        hub: The way to the Hub; None where there is none.
    """

    def __init__(self, hub: HubConnection | None) -> None:
        self._hub = hub
        self._loop = asyncio.get_running_loop()

    async def ask(self, topic: str, body: Any, deadline: float | None, when_away: WhenAway) -> Any:
        """As `Context.ask`."""
        _check(topic, deadline, when_away)
        if self._hub is None:
            raise NoHubError(
                f"There is no Hub here that can be asked for {topic!r}. Run the workflow on a Hub's Runner."
            )
        question = Question(topic=topic, body=_encoded(topic, body), seconds=deadline, when_away=when_away)
        try:
            async with asyncio.timeout(deadline) as timer:
                return await self._hub.ask(question)
        except TimeoutError:
            if not timer.expired():
                raise
            raise AskTimedOutError(f"The Hub did not answer {topic!r} within {deadline:g} s.") from None

    def begin(self, topic: str, body: Any, deadline: float | None, when_away: WhenAway) -> PendingAnswer:
        """Ask from a thread.

        Raises:
            DefinitionError: This is the thread of the event loop, which would wait for itself.
        """
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            asking = asyncio.run_coroutine_threadsafe(self.ask(topic, body, deadline, when_away), self._loop)
            return PendingAnswer(asking)
        raise DefinitionError(
            "`ask_and_wait` works in a thread only: declare the activity with `@activity(blocking=True)`, or make it "
            "`async` and use `await context.ask(...)`."
        )


class PendingAnswer:
    """The answer that a thread waits for."""

    def __init__(self, asking: concurrent.futures.Future[Any]) -> None:
        self._asking = asking

    def cancel(self) -> None:
        """Withdraw the question; safe to call from any thread."""
        self._asking.cancel()

    def wait(self) -> Any:
        """The answer.

        Raises:
            AskError: There is no answer.
            StoppedError: The question was withdrawn.
        """
        try:
            return self._asking.result()
        except concurrent.futures.CancelledError:
            raise StoppedError("The step was asked to stop.") from None


def _check(topic: Any, deadline: Any, when_away: Any) -> None:
    """Activities are not all type-checked, and what they pass here leaves their process."""
    if not isinstance(topic, str) or well_formed(topic) != topic:
        raise InputError(f"The topic of a question must be a text; {_shown(topic)} is not.")
    what = repr(topic[:100])
    if deadline is not None and not _is_seconds(deadline):
        raise InputError(f"The deadline of {what} must be a number of seconds or None, not {_shown(deadline)}.")
    if when_away not in get_args(WhenAway):
        raise InputError(f"`when_away` of {what} must be 'wait' or 'fail', not {_shown(when_away)}.")


def _shown(value: Any) -> str:
    try:
        return well_formed(repr(value))[:100]
    except Exception:  # Its class fails to give it, or it has too many digits.
        return f"a value of type {type(value).__name__}"


def _is_seconds(deadline: Any) -> bool:
    if isinstance(deadline, bool) or not isinstance(deadline, int | float):
        return False
    try:
        return not math.isnan(deadline)
    except OverflowError:
        return False


def _encoded(topic: str, body: Any) -> bytes:
    try:
        encoded = msgspec.json.encode(body)
        # JSON has no such numbers, and the encoder writes null for them.
        if len(encoded) <= LARGEST_ASK_BYTES and b"null" in encoded and _has_no_number(msgspec.to_builtins(body)):
            raise InputError(f"What {topic!r} is asked with holds a number that is infinite or not a number (NaN).")
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise InputError(f"What {topic!r} is asked with is not JSON-like data: {error}.") from None
    if len(encoded) > LARGEST_ASK_BYTES:
        raise InputError(
            f"What {topic!r} is asked with has {len(encoded):,} bytes as JSON; at most {LARGEST_ASK_BYTES:,} are sent."
        )
    return encoded


def _has_no_number(value: Any) -> bool:
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, float) and not math.isfinite(value):
            return True
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list | tuple):
            waiting += value
    return False

"""The child's connection to its Hub: questions are sent over the pipe of the events, answers come back with the
commands.
"""

from __future__ import annotations

import asyncio
import itertools
import queue
import threading
from collections.abc import Callable
from typing import Any

import msgspec

from exekra.engine.services.asking import Question
from exekra.protocol.messages import AskFailure
from exekra.runner.children.channel import Answered, Asked, Kind, frame
from exekra.sdk.errors import AskError, AskRefusedError, AskTimedOutError, HubAwayError, UnknownTopicError

_ERRORS: dict[str, type[AskError]] = {
    "hub-away": HubAwayError,
    "timed-out": AskTimedOutError,
    "unknown-topic": UnknownTopicError,
}


class PipedHub:
    """The Hub as the engine of a child sees it.

    Args:
        write: Writes one frame; may block, and is called from a thread of its own.
    """

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._ids = itertools.count(1)
        self._waiting: dict[int, tuple[asyncio.AbstractEventLoop, asyncio.Future[Answered]]] = {}
        self._frames: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None

    async def ask(self, question: Question) -> Any:
        """As `HubConnection.ask`."""
        loop = asyncio.get_running_loop()
        id = next(self._ids)
        answered: asyncio.Future[Answered] = loop.create_future()
        self._waiting[id] = (loop, answered)
        asked = Asked(
            id=id,
            topic=question.topic,
            body=msgspec.Raw(question.body),
            seconds=question.seconds,
            when_away=question.when_away,
        )
        self._send(frame(Kind.ASK, msgspec.json.encode(asked)))
        try:
            answer = await answered
        finally:
            del self._waiting[id]
            if not answered.done() or answered.cancelled():
                self._send(frame(Kind.WITHDRAW, b"%d" % id))
        if answer.failure is not None:
            raise _error(answer.failure)
        return msgspec.json.decode(answer.body)

    def hear(self, answer: Answered) -> None:
        """Receive an answer; called from the thread that reads the commands."""
        waiting = self._waiting.get(answer.id)
        if waiting is not None:
            loop, answered = waiting
            loop.call_soon_threadsafe(_settle, answered, answer)

    def _send(self, data: bytes) -> None:
        """Write in a thread: while the Runner does not read, everything else in the execution continues."""
        if self._writer is None:
            self._writer = threading.Thread(target=self._work, daemon=True, name="questions")
            self._writer.start()
        self._frames.put(data)

    def _work(self) -> None:
        while True:
            self._write(self._frames.get())


def _settle(answered: asyncio.Future[Answered], answer: Answered) -> None:
    if not answered.done():
        answered.set_result(answer)


def _error(failure: AskFailure) -> AskError:
    kind = _ERRORS.get(failure.code)
    if kind is not None:
        return kind(failure.message, retryable=failure.retryable)
    return AskRefusedError(failure.message, code=failure.code, kind=failure.kind, retryable=failure.retryable)

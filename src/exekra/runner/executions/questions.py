"""Sends questions of executions to the Hub, and passes the answers back.

A question is sent again over each new connection until its answer has come, with the same id: the Hub makes sure that
what must not happen twice does not. If the Hub is unreachable, each question says whether to wait or to fail.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Never

import msgspec

from exekra.protocol.messages import Answer, Ask, AskFailure, EndAsk
from exekra.protocol.versions import Capability
from exekra.runner.children.channel import Answered, Asked

REPEAT_SECONDS = 1.0
"""Seconds until a Hub that cannot answer now is asked again."""
Reply = Callable[[Answered], None]
Say = Callable[[Ask | EndAsk], Awaitable[None]]
_Key = tuple[str, int, int]
"""Execution, lease, and the question's number."""


@dataclass(slots=True, kw_only=True)
class _Pending:
    asked: Asked
    reply: Reply
    ends_at: float | None


class Questions:
    """All questions that are waiting for an answer."""

    def __init__(self) -> None:
        self._pending: dict[_Key, _Pending] = {}
        self._outgoing: list[Ask | EndAsk] = []
        self._news = asyncio.Event()
        self._capabilities: Collection[str] | None = None

    @property
    def are_pending(self) -> bool:
        """Whether a question is waiting for an answer."""
        return bool(self._pending)

    def ask(self, execution_id: str, lease: int, asked: Asked, reply: Reply) -> None:
        """Accept a question; `reply` is called once, unless it is withdrawn."""
        ends_at = None if asked.seconds is None else time.monotonic() + asked.seconds
        key = (execution_id, lease, asked.id)
        self._pending[key] = _Pending(asked=asked, reply=reply, ends_at=ends_at)
        if self._capabilities is not None:
            self._send(key)
        elif asked.when_away == "fail":
            self._fail(key, _AWAY)

    def withdraw(self, execution_id: str, lease: int, id: int) -> None:
        """Drop a question whose answer is no longer needed."""
        if self._pending.pop((execution_id, lease, id), None) is not None:
            self._end(EndAsk(execution_id=execution_id, lease=lease, id=id))

    def withdraw_all(self, execution_id: str, lease: int) -> None:
        """Drop all questions of an execution that has ended."""
        for id in [id for ex, le, id in self._pending if (ex, le) == (execution_id, lease)]:
            self.withdraw(execution_id, lease, id)

    def answered(self, message: Answer) -> None:
        """Handle the Hub's answer."""
        key = (message.execution_id, message.lease, message.id)
        if message.remembered:
            self._end(EndAsk(execution_id=message.execution_id, lease=message.lease, id=message.id))
        pending = self._pending.get(key)
        if pending is None:
            return
        if message.failure is not None and message.failure.code == _AWAY.code and pending.asked.when_away == "wait":
            asyncio.get_running_loop().call_later(REPEAT_SECONDS, self._send, key)
            return
        del self._pending[key]
        pending.reply(Answered(id=message.id, body=message.body, failure=message.failure))

    async def over(self, say: Say, capabilities: Collection[str]) -> Never:
        """Send what is waiting, and then whatever comes, over a connection to a Hub with these capabilities.

        Raises:
            LinkLostError: The connection is gone.
        """
        self._capabilities = capabilities
        self._outgoing = []
        for key in list(self._pending):
            self._send(key)
        try:
            while True:
                self._news.clear()
                outgoing, self._outgoing = self._outgoing, []
                for message in outgoing:
                    await say(message)
                if not self._outgoing:
                    await self._news.wait()
        finally:
            self._capabilities = None
            for key, pending in list(self._pending.items()):
                if pending.asked.when_away == "fail":
                    self._fail(key, _AWAY)

    def _send(self, key: _Key) -> None:
        pending = self._pending.get(key)
        if pending is None or self._capabilities is None:
            return
        if Capability.ASK not in self._capabilities:
            self._fail(key, _TOO_OLD)
            return
        execution_id, lease, id = key
        seconds = None if pending.ends_at is None else max(0.0, pending.ends_at - time.monotonic())
        asked = pending.asked
        self._outgoing.append(
            Ask(execution_id=execution_id, lease=lease, id=id, topic=asked.topic, body=asked.body, seconds=seconds)
        )
        self._news.set()

    def _end(self, message: EndAsk) -> None:
        if self._capabilities is not None and Capability.ASK in self._capabilities:
            self._outgoing.append(message)
            self._news.set()

    def _fail(self, key: _Key, failure: AskFailure) -> None:
        pending = self._pending.pop(key)
        pending.reply(Answered(id=key[2], body=msgspec.Raw(b"null"), failure=failure))


_AWAY = AskFailure(
    code="hub-away",
    message="The Hub is not reachable, and the question was not meant to wait for it.",
    retryable=True,
)
_TOO_OLD = AskFailure(
    code="unknown-topic",
    message="The Hub is too old to answer questions of executions: upgrade the Hub.",
)

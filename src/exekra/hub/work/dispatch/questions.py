"""Answers the questions of running executions, using the topics that slices registered (`hub/core/topics.py`).

Only the Runner that holds the execution's assignment may ask. After a reconnect, it repeats a question until it has the
answer. A topic whose handler must not run twice for one question (`Topics.add_once`) works in the same transaction that
stores its answer: either both are committed or neither, whichever Hub the question reaches.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Literal
from uuid import UUID

import msgspec

from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Forbidden, HubError, Invalid, NotFound, TooLarge, TooMany, Unavailable
from exekra.hub.core.hub import Hub
from exekra.hub.core.topics import HandleOnce, Question, Topic
from exekra.hub.fleet.runners.connections import RunnerConnection
from exekra.hub.work.dispatch import answer_store
from exekra.hub.work.ledger import held_store
from exekra.hub.work.ledger.states import UNDERWAY
from exekra.protocol.messages import Answer, Ask, AskFailure, EndAsk
from exekra.sdk.context import LARGEST_ASK_BYTES
from exekra.sdk.errors import ExekraError

MOST_AT_ONCE = 100
"""The most questions of one connection that may wait for answers."""
logger = logging.getLogger(__name__)
_NULL = msgspec.Raw(b"null")
_Key = tuple[str, int, int]
"""Execution, lease, and the question's number."""


@dataclass(slots=True, eq=False)
class _Pending:
    key: _Key
    connection: RunnerConnection
    topic: Topic | None
    message: Ask
    task: asyncio.Task[None] | None = None

    @property
    def once(self) -> bool:
        return self.topic is not None and self.topic.handle_once is not None


class Questions:
    """The questions that this Hub process is answering."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._pending: dict[_Key, _Pending] = {}
        self._forgetting: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer questions for the duration of the block."""
        try:
            yield
        finally:
            tasks = [*self._tasks(list(self._pending.values())), *self._forgetting]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def ask(self, connection: RunnerConnection, message: Ask) -> None:
        """Start answering; the answer goes into the mailbox of the connection that asked last."""
        key = (message.execution_id, message.lease, message.id)
        pending = self._pending.get(key)
        if pending is not None and pending.connection.runner_id == connection.runner_id:
            pending.connection = connection
            return
        if pending is not None or len(self._of(connection)) >= MOST_AT_ONCE:
            error = TooMany(
                f"{MOST_AT_ONCE} questions of this execution are already waiting.", code="too-many-questions"
            )
            connection.send(_answer(message, failure=_failure(error)))
            return
        pending = self._pending[key] = _Pending(key, connection, self._hub.topics.find(message.topic), message)
        pending.task = asyncio.create_task(self._work(pending), name="question of an execution")

    def end(self, connection: RunnerConnection, message: EndAsk) -> None:
        """The execution has its answer, or no longer waits for it."""
        pending = self._pending.get((message.execution_id, message.lease, message.id))
        if pending is not None and pending.connection is connection:
            self._drop(pending)
        task = asyncio.create_task(self._forget(connection.runner_id, message), name="removing an answer")
        self._forgetting.add(task)
        task.add_done_callback(self._forgetting.discard)

    def leave(self, connection: RunnerConnection) -> None:
        """The connection is lost: a question that may be asked again will be, so work on it stops until then."""
        for pending in self._of(connection):
            if not pending.once:
                self._drop(pending)

    async def settle(self, connection: RunnerConnection, seconds: float) -> None:
        """Wait until all questions of the connection are answered, but no longer than that."""
        if tasks := self._tasks(self._of(connection)):
            await asyncio.wait(tasks, timeout=seconds)

    def _of(self, connection: RunnerConnection) -> list[_Pending]:
        return [pending for pending in self._pending.values() if pending.connection is connection]

    @staticmethod
    def _tasks(pending: list[_Pending]) -> list[asyncio.Task[None]]:
        return [one.task for one in pending if one.task is not None]

    def _drop(self, pending: _Pending) -> None:
        """Stop answering a question. The same question may be asked again before its task has noticed."""
        del self._pending[pending.key]
        if pending.task is not None:
            pending.task.cancel()

    async def _work(self, pending: _Pending) -> None:
        try:
            answer = await self._answered(pending)
            pending.connection.send(answer)
        finally:
            if self._pending.get(pending.key) is pending:
                del self._pending[pending.key]

    async def _answered(self, pending: _Pending) -> Answer:
        topic, message = pending.topic, pending.message
        try:
            async with asyncio.timeout(message.seconds):
                question = _read(pending.connection.runner_id, topic, message)
                if topic is not None and topic.handle_once is not None:
                    body = await self._once(topic.handle_once, question, message)
                    return _answer(message, body, remembered=True)
                async with self._hub.database.reading() as reading:
                    await _check_lease(reading, question, message)
                assert topic is not None
                assert topic.handle is not None
                return _answer(message, _encoded(await topic.handle(question), message))
        except TimeoutError:
            failure = AskFailure(code="timed-out", message=f"The Hub did not answer {message.topic!r} in time.")
        except Unavailable as error:
            failure = AskFailure(code="hub-away", message=error.message, retryable=True)
        except ExekraError as error:
            failure = _failure(error)
        except Exception:
            logger.exception("%s asked %s, which failed", message.execution_id, message.topic)
            failure = AskFailure(
                code="internal", message="An internal error occurred in the Hub; its log has the details."
            )
        return _answer(message, failure=failure)

    async def _once(self, handle: HandleOnce[Any], question: Question[Any], message: Ask) -> msgspec.Raw:
        key = (question.execution_id, message.lease, message.id)
        async with self._hub.database.transaction() as transaction:
            await _check_lease(transaction, question, message)
            if not await answer_store.begin_answer(transaction, key, question.runner_id):
                return await answer_store.remembered_answer(transaction, key)
            answer = _encoded(await handle(question, transaction), message)
            await answer_store.remember_answer(transaction, key, answer)
            return answer

    async def _forget(self, runner_id: UUID, message: EndAsk) -> None:
        try:
            key = (UUID(message.execution_id), message.lease, message.id)
            async with self._hub.database.transaction() as transaction:
                await answer_store.forget_answer(transaction, key, runner_id)
        except (ValueError, Unavailable):
            return  # The sweep removes it once the execution has ended.


def _read(runner_id: UUID, topic: Topic | None, message: Ask) -> Question[Any]:
    if topic is None:
        raise NotFound(
            f"The Hub (version {version('exekra')}) does not know the topic {message.topic[:100]!r}. It may be "
            "older than the activity that asks.",
            code="unknown-topic",
        )
    if len(memoryview(message.body)) > LARGEST_ASK_BYTES:
        raise TooLarge(f"A question must not exceed {LARGEST_ASK_BYTES:,} bytes.")
    try:
        execution_id = UUID(message.execution_id)
        body = msgspec.json.decode(message.body, type=topic.body)
    except (ValueError, msgspec.ValidationError, RecursionError) as error:
        raise Invalid(f"The question for the topic {message.topic!r} is not valid: {error}.") from None
    return Question(
        id=f"{message.execution_id}/{message.lease}/{message.id}",
        execution_id=execution_id,
        runner_id=runner_id,
        body=body,
    )


async def _check_lease(connection: Connection, question: Question[Any], message: Ask) -> None:
    rows = await held_store.find(connection, [question.execution_id])
    held = rows[0] if rows and rows[0].lease == message.lease else None
    if held is None or held.runner_id != question.runner_id or held.state not in UNDERWAY:
        raise Forbidden(
            "The assignment was revoked: the execution can no longer ask the Hub.", code="assignment-given-up"
        )


def _encoded(answer: Any, message: Ask) -> msgspec.Raw:
    encoded = msgspec.json.encode(answer)
    if len(encoded) > LARGEST_ASK_BYTES:
        raise TooLarge(
            f"The answer to {message.topic!r} has {len(encoded):,} bytes; at most {LARGEST_ASK_BYTES:,} can be sent.",
            code="answer-too-large",
        )
    return msgspec.Raw(encoded)


def _answer(
    message: Ask,
    body: msgspec.Raw = _NULL,
    *,
    failure: AskFailure | None = None,
    remembered: bool = False,
) -> Answer:
    return Answer(
        execution_id=message.execution_id,
        lease=message.lease,
        id=message.id,
        body=body,
        failure=failure,
        remembered=remembered,
    )


def _failure(error: ExekraError) -> AskFailure:
    code = error.code if isinstance(error, HubError) else "refused"
    kind: Literal["business", "application"] = "business" if error.kind == "business" else "application"
    return AskFailure(code=code, message=error.message, kind=kind, retryable=error.retryable)

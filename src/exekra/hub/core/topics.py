"""What running executions may ask the Hub: each slice registers its topics here at start-up.

A handler gets the question with its body decoded to the topic's type, and returns JSON-like data. It refuses with any
`HubError`, which the activity sees as an `AskRefusedError` with its code.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from exekra.hub.core.database import Connection

Body = TypeVar("Body")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[Body]):
    """What an activity asked.

    Attributes:
        id: The same when the question is asked again after a lost connection: an idempotency key.
        execution_id: The execution that asks.
        runner_id: The Runner that holds it.
        body: The decoded body.
    """

    id: str
    execution_id: UUID
    runner_id: UUID
    body: Body


Handle = Callable[[Question[Body]], Awaitable[Any]]
HandleOnce = Callable[[Question[Body], Connection], Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A kind of question; exactly one of `handle` and `handle_once` is set."""

    name: str
    body: Any
    handle: Handle[Any] | None = None
    handle_once: HandleOnce[Any] | None = None


class Topics:
    """All topics that this Hub can be asked about."""

    def __init__(self) -> None:
        self._by_name: dict[str, Topic] = {}

    def add(self, name: str, body: type[Body] | None, handle: Handle[Body]) -> None:
        """Let `handle` answer; it may be called again for the same question if the first answer was lost."""
        self._add(Topic(name=name, body=body, handle=handle))

    def add_once(self, name: str, body: type[Body] | None, handle: HandleOnce[Body]) -> None:
        """Let `handle` answer, with effects that happen exactly once.

        It works in the given transaction, in which its answer is stored too: a repeated question gets that answer. It
        must be quick, and wait for nothing but PostgreSQL.
        """
        self._add(Topic(name=name, body=body, handle_once=handle))

    def find(self, name: str) -> Topic | None:
        """The topic with that name."""
        return self._by_name.get(name)

    def _add(self, topic: Topic) -> None:
        if topic.name in self._by_name:
            raise ValueError(f"The topic {topic.name} is registered twice.")
        self._by_name[topic.name] = topic

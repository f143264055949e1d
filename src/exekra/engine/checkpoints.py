"""Checkpoints: the scope between two nodes of the outermost body, so that an execution can be run again from there.

They are told about once a second, and for an execution that fails or is stopped the last one too. A fast flow that
completes tells none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from exekra.engine.observation import Observer
from exekra.engine.steps import Next, Step, Token
from exekra.flow.events import Checkpoint

LARGEST_BYTES = 64 * 1024
"""A scope that is larger as JSON is not stored."""

INTERVAL_SECONDS = 1.0
DEEPEST = 50


class Checkpoints:
    """Notices where the token is in the outermost body."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._due = observer.clock() + INTERVAL_SECONDS
        self._place: tuple[str, str] | None = None
        self._scope: Mapping[str, Any] = {}
        self._kept: dict[str, Any] | None = None

    def between(self, node: str, port: str, follow: Step, *, keep: bool) -> Step:
        """A step between `node` and the step `follow`.

        With `keep` the scope is copied at once, because the following node runs bodies, which change it on the way.
        """

        def step(token: Token) -> Next:
            self._place = (node, port)
            self._scope = token.scope
            self._kept = None
            if token.at >= self._due:
                self._due = token.at + INTERVAL_SECONDS
                self.tell()
            elif keep:
                self._kept = storable(token.scope)
                if self._kept is None:
                    self._place = None
            return follow

        return step

    def tell(self) -> None:
        """Tell of the last place reached, unless that is done or its scope cannot be stored."""
        if self._place is None:
            return
        (node, port), self._place = self._place, None
        scope = self._kept if self._kept is not None else storable(self._scope)
        # A masked scope could not be gone on with, and an open one must not be stored.
        if scope is not None and self._observer.masker.data(scope) == scope:
            self._observer.emit(Checkpoint(at=self._observer.now(), node=node, port=port, scope=scope))


def storable(scope: Mapping[str, Any]) -> dict[str, Any] | None:
    """A copy of the scope, when it is JSON-like data and not too large; None otherwise."""
    try:
        copied = _Copy().of(scope, 0)
    except _NotStorableError:
        return None
    assert isinstance(copied, dict)
    return copied if len(msgspec.json.encode(copied)) <= LARGEST_BYTES else None


class _NotStorableError(Exception):
    pass


class _Copy:
    """Copies JSON-like data; gives up as soon as it is clear that there is too much, or something else."""

    def __init__(self) -> None:
        self._left = LARGEST_BYTES

    def of(self, value: Any, depth: int) -> Any:
        self._left -= 2 + (len(value) if isinstance(value, str) else 0)
        if self._left < 0 or depth > DEEPEST:
            raise _NotStorableError
        if value is None or isinstance(value, bool | float | str):
            return value
        if isinstance(value, int) and abs(value) < 2**63:
            return value
        if isinstance(value, list):
            return [self.of(item, depth + 1) for item in value]
        if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
            return {key: self.of(item, depth + 1) for key, item in value.items()}
        raise _NotStorableError

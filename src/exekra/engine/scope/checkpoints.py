"""Checkpoints: the scope between two nodes of the outermost body, so that an execution can be run again from there.

They are reported about once a second, and for an execution that fails or is stopped the last one too. A fast flow that
completes reports none, unless each is requested.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exekra.engine.observe.observer import Observer
from exekra.engine.steps import Next, Step
from exekra.engine.tokens import Token
from exekra.flow.events import Checkpoint
from exekra.flow.serialization import encode_scope

MOST_EACH = 500
"""How many are reported one by one if each is requested; after that, the interval applies."""

INTERVAL_SECONDS = 1.0


class Checkpoints:
    """Notices where the token is in the outermost body; with `each` reports all of its places."""

    def __init__(self, observer: Observer, *, each: bool = False) -> None:
        self._observer = observer
        self._each_left = MOST_EACH if each else 0
        self._due = observer.clock() + INTERVAL_SECONDS
        self._reached: tuple[str, str] | None = None
        self._scope: Mapping[str, Any] = {}
        self._kept: dict[str, Any] | None = None

    def between(self, node: str, port: str, follow: Step, *, keep: bool) -> Step:
        """A step between `node` and the step `follow`.

        With `keep`, the scope is copied immediately, because the next node runs bodies, which change it meanwhile.
        """

        def step(token: Token) -> Next:
            self._reached = (node, port)
            self._scope = token.scope
            self._kept = None
            if self._each_left or token.at >= self._due:
                self._each_left = max(0, self._each_left - 1)
                self._due = token.at + INTERVAL_SECONDS
                self.emit()
            elif keep:
                self._kept = encode_scope(token.scope)
                if self._kept is None:
                    self._reached = None
            return follow

        return step

    def emit(self) -> None:
        """Report the last place reached, unless that is done or its scope cannot be stored."""
        if self._reached is None:
            return
        (node, port), self._reached = self._reached, None
        scope = self._kept if self._kept is not None else encode_scope(self._scope)
        # A masked scope could not be gone on with, and an open one must not be stored.
        if scope is not None and self._observer.masker.data(scope) == scope:
            self._observer.emit(Checkpoint(at=self._observer.now(), node=node, port=port, scope=scope))

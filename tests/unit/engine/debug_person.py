"""A person who debugs, as tests need one: answers each pause with the next commands of a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exekra.engine.run import RunControl
from exekra.flow.debugging import AnyDebugCommand, DebugOptions, Resume, StepInto, StepOut, StepOver
from exekra.flow.events import DebugPaused, Event
from exekra.testing.flows import FlowRun, run_flow_text

HEAD = "format: exekra.flow/1\nname: Test\n"
OVER, INTO, OUT, GO = StepOver(), StepInto(), StepOut(), Resume()

Answer = AnyDebugCommand | tuple[AnyDebugCommand, ...] | Callable[[RunControl], None]


class Person:
    """Gives `answers` one by one at each pause, then `last` for ever."""

    def __init__(self, *answers: Answer, last: Answer = GO) -> None:
        self.control = RunControl()
        self.pauses: list[DebugPaused] = []
        self._answers = list(answers)
        self._last = last

    def __call__(self, event: Event) -> None:
        if not isinstance(event, DebugPaused):
            return
        self.pauses.append(event)
        answer = self._answers.pop(0) if self._answers else self._last
        if callable(answer):
            answer(self.control)
            return
        for command in answer if isinstance(answer, tuple) else (answer,):
            self.control.command(command)

    @property
    def nodes(self) -> list[str]:
        """Where it was paused."""
        return [pause.node for pause in self.pauses]

    @property
    def reasons(self) -> list[str]:
        """Why it was paused."""
        return [pause.reason for pause in self.pauses]


async def debugged(text: str, person: Person, options: DebugOptions | None = None, **more: Any) -> FlowRun:
    """Run a workflow while the person debugs it."""
    return await run_flow_text(
        HEAD + text,
        control=person.control,
        debug=options or DebugOptions(),
        on_event=person,
        **more,
    )

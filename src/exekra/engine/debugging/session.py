"""Receives a debugger's commands, and stops the execution when the session is abandoned."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from exekra.engine.control import RunControl
from exekra.engine.debugging.debugger import Debugger, Paused
from exekra.engine.debugging.showing import shown_value
from exekra.engine.observe.observer import Observer
from exekra.engine.scope.inputs import arrive_as_declared
from exekra.engine.tokens import waiting_tokens
from exekra.flow.debugging import (
    DEBUGGER_GONE,
    AnyDebugCommand,
    Breakpoint,
    DebugOptions,
    Evaluate,
    Pause,
    Resume,
    SetBreakpoints,
    SetVariable,
    StepInto,
    StepOut,
    StepOver,
)
from exekra.flow.errors import nearest_name
from exekra.flow.events import DebugEvaluated, Failure, VariableChanged
from exekra.flow.expressions import compile_expression
from exekra.flow.serialization import encode_scope
from exekra.sdk.errors import ExekraError, RefusedError

LARGEST_VALUE = 1024 * 1024
"""Bytes, as JSON, of a value that a variable is given."""

LONGEST_EXPRESSION = 10_000
"""Characters."""

_LONGEST_NAME = 200
_LONGEST_MESSAGE = 2_000


class Session:
    """Obeys the commands that came to a RunControl, in their order."""

    def __init__(self, debugger: Debugger, options: DebugOptions, control: RunControl, observer: Observer) -> None:
        self._debugger = debugger
        self._options = options
        self._control = control
        self._observer = observer

    def begin(self) -> None:
        """Take the breakpoints that the session begins with, and the commands that came before the execution began."""
        self._set_breakpoints(self._options.breakpoints)
        self.obey()

    def obey(self) -> None:
        """Carry out all commands that came since the last time."""
        commands, dropped = self._control.take()
        for command in commands:
            self._obey(command)
        if dropped:
            self._debugger.refuse(
                _name(commands[-1]),
                f"{dropped:,} commands were dropped: they came faster than they could be handled.",
            )

    async def watch(self, stop: Callable[[Failure], None]) -> None:
        """Stop the execution, with the reason, when no command came for `alive_seconds`."""
        began, patience = time.monotonic(), self._options.alive_seconds
        while True:
            left = max(began, self._control.heard_at) + patience - time.monotonic()
            if left <= 0:
                message = (
                    f"Nobody watched the debug session for {patience:g} s, so it was stopped. Start it again, and keep "
                    "its page open."
                )
                self._observer.log(message, "warning")
                stop(Failure(type=DEBUGGER_GONE, message=message))
                return
            await asyncio.sleep(left)

    def _obey(self, command: AnyDebugCommand) -> None:
        try:
            self._carry_out(command)
        except Exception as error:
            said = error.message if isinstance(error, ExekraError) else f"It failed ({type(error).__name__})."
            if isinstance(command, Evaluate):
                self._answer(command, error=said)
            else:
                self._debugger.refuse(_name(command), said[:_LONGEST_MESSAGE])

    def _carry_out(self, command: AnyDebugCommand) -> None:
        debugger = self._debugger
        match command:
            case SetBreakpoints():
                self._set_breakpoints(command.breakpoints)
            case Pause():
                if debugger.paused is not None:
                    raise RefusedError("The execution is already paused.")
                debugger.want_pause()
            case Resume():
                debugger.resume()
            case StepOver():
                debugger.step_over(self._paused())
            case StepInto():
                debugger.step_into(self._paused())
            case StepOut():
                debugger.step_out(self._paused())
            case SetVariable():
                self._set_variable(command, self._paused())
            case Evaluate():
                self._evaluate(command, self._paused())

    def _paused(self) -> Paused:
        paused = self._debugger.paused
        if paused is None:
            raise RefusedError("The execution is not paused. Pause it first, or wait for a breakpoint.")
        return paused

    def _set_breakpoints(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        for refusal in self._debugger.breakpoints.set(breakpoints):
            self._debugger.refuse("set_breakpoints", refusal[:_LONGEST_MESSAGE])

    def _set_variable(self, command: SetVariable, paused: Paused) -> None:
        name, token = command.name, paused.token
        if name not in token.scope:
            shown = name[:_LONGEST_NAME]
            nearest = nearest_name(shown, token.scope)
            hint = f" Did you mean `{nearest}`?" if nearest else " Choose one of the values that are shown."
            raise RefusedError(f"There is no `{shown}` here to change.{hint}")
        if encode_scope({"value": command.value}, LARGEST_VALUE) is None:
            raise RefusedError(
                f"The value for `{name}` is too large or nested too deeply; the limit is {LARGEST_VALUE // 1024:,} kB."
            )
        value = arrive_as_declared(paused.runner.flow, name, command.value)
        # The branch of a Parallel gives back only what its nodes set, so those around it get the value too.
        for one in (token, *waiting_tokens(token)):
            if one.frame is token.frame and name in one.scope:
                one.scope[name] = value
        observer = self._observer
        observer.emit(VariableChanged(at=observer.now(), name=name, preview=shown_value(value, observer)))

    def _evaluate(self, command: Evaluate, paused: Paused) -> None:
        if len(command.expression) > LONGEST_EXPRESSION:
            raise RefusedError(
                f"The expression has {len(command.expression):,} characters; the limit is {LONGEST_EXPRESSION:,}."
            )
        value = compile_expression(command.expression).evaluate(paused.token.scope)
        self._answer(command, value=shown_value(value, self._observer))

    def _answer(self, command: Evaluate, *, value: object = None, error: str | None = None) -> None:
        observer = self._observer
        said = None if error is None else observer.text(error)[:_LONGEST_MESSAGE]
        observer.emit(DebugEvaluated(at=observer.now(), id=command.id[:_LONGEST_NAME], value=value, error=said))


def _name(command: AnyDebugCommand) -> str:
    return str(command.__struct_config__.tag)

"""Nodes that use an activity: bind its inputs, lend what it asks for, call it, and keep its result."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Mapping
from functools import partial
from typing import Any

from exekra.engine.nodes.context import NodeContext
from exekra.engine.observe.statistics import NodeStatistics
from exekra.engine.services.context import ActivityContext
from exekra.engine.services.services import ActivityServices
from exekra.engine.steps import Act, Evaluate, Port, Step, WaitingAct
from exekra.engine.tokens import Token
from exekra.flow.elements import compile_input
from exekra.flow.expressions.values import describe
from exekra.flow.model import NEXT
from exekra.flow.templates import compile_value
from exekra.sdk.activity import ActivityDefinition
from exekra.sdk.context import Context
from exekra.sdk.errors import ApplicationError, InputError
from exekra.sdk.resources import Resource

_PASSED_ON = (Exception, asyncio.CancelledError, GeneratorExit, KeyboardInterrupt)
"""What an activity may raise, and what it is ended with from outside. Anything else would end the process."""


class ProcessEndError(ApplicationError):
    """An activity tried to end the process."""

    retryable = False


def activity_step(context: NodeContext, definition: ActivityDefinition, services: ActivityServices) -> Step:
    """The step of a node that uses `definition`; `services` lend what it asks for.

    Raises:
        InputError: All inputs are literals and one of them is wrong.
        TemplateError: A text starts like an expression but is not one.
    """
    inputs = _Inputs(context, definition)
    contexts = any(issubclass(kind, Context) for kind in definition.lends)
    resources = definition.opens or definition.takes or any(issubclass(kind, Resource) for kind in definition.lends)
    if definition.mode == "inline" and not resources and not inputs.credentials and context.node.timeout is None:
        location, warned = context.runner.location, context.runner.statistics.warned
        lent = (services.context(location.label, context.flow, warned),) if contexts else ()

        def noted(scope: Mapping[str, Any]) -> Mapping[str, Any]:
            return inputs.bind(_noted(context.runner.statistics, inputs, scope))

        return context.runner.instant(
            _inline(context, definition, inputs.arguments(), lent), _inline(context, definition, noted, lent)
        )
    return context.runner.waiting(_waiting(context, definition, inputs, services))


class _Inputs:
    """The inputs of one node: what is literal is read once, what is a template each time."""

    def __init__(self, context: NodeContext, definition: ActivityDefinition) -> None:
        self._definition = definition
        self._literal: dict[str, Any] = {}
        self._templates: list[tuple[str, Evaluate]] = []
        self.credentials: list[tuple[str, str]] = []
        fields = {entry.name: entry for entry in definition.entry.inputs}
        for name, value in context.node.inputs.items():
            field = fields.get(name)
            if field is not None and field.mode != "template":
                self._literal[name] = value
                continue
            compiled = compile_value(value) if field is None else compile_input(field, value, context.flow.elements)
            whole = compiled.templates[0] if compiled.templates else None
            if whole is not None and whole[0] == () and whole[1].credential is not None:
                self.credentials.append((name, whole[1].credential))
            elif compiled.literal and value is not None and name in definition.takes:
                raise InputError(
                    f"`{name}` must be a {definition.takes[name].__name__} that a node before opened, such as "
                    f"`{{open.result}}`, but is {describe(value)}."
                )
            elif compiled.literal:
                self._literal[name] = compiled.evaluate({})
            else:
                self._templates.append((name, compiled.evaluate))
                context.runner.fields[name] = compiled.evaluate
        self._ready: dict[str, Any] | None = None
        if not self._templates and not self.credentials:
            self._ready = definition.validate(self._literal)
            self._shared = not any(isinstance(value, list | dict) for value in self._ready.values())

    def evaluate(self, scope: Mapping[str, Any]) -> dict[str, Any]:
        """The values as the node has them now, without credentials."""
        values = dict(self._literal)
        for name, evaluate in self._templates:
            values[name] = evaluate(scope)
        return values

    def bind(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The arguments for the activity.

        Raises:
            InputError: A value does not fit.
        """
        if self._ready is None:
            return self._definition.validate(values)
        return self._ready if self._shared else copy.deepcopy(self._ready)

    def arguments(self) -> Evaluate:
        """A function from the scope to the arguments: `evaluate` and `bind` in one, for a node without credentials.

        Where templates fill only fields that take every value of one class, a value of it needs no check: the literal
        ones were checked before, and never change.
        """
        if self._ready is not None:
            return lambda scope: self.bind({})
        classes = self._definition.plain_classes
        if not all(name in classes for name, _ in self._templates):
            return lambda scope: self.bind(self.evaluate(scope))
        fields = tuple((name, evaluate, classes[name]) for name, evaluate in self._templates)
        checked: dict[str, Any] | None = None

        def arguments(scope: Mapping[str, Any]) -> Mapping[str, Any]:
            if checked is None:
                return first(scope)
            values = dict(checked)
            for name, evaluate, wanted in fields:
                value = evaluate(scope)
                if value.__class__ is not wanted:
                    return self.bind(self.evaluate(scope))
                values[name] = value
            return values

        def first(scope: Mapping[str, Any]) -> Mapping[str, Any]:
            nonlocal checked
            bound = self.bind(self.evaluate(scope))
            literal = {name: bound[name] for name in self._literal}
            if not any(isinstance(value, list | dict) for value in literal.values()):
                checked = literal
            return bound

        return arguments


def _noted(statistics: NodeStatistics, inputs: _Inputs, scope: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the node has them now, noted for a visit that is reported. Credentials are not among them."""
    values = inputs.evaluate(scope)
    statistics.note_inputs(values)
    return values


def _inline(
    context: NodeContext, definition: ActivityDefinition, bind: Evaluate, lent: tuple[ActivityContext, ...]
) -> Act:
    function, result, id = definition.function, definition.result, context.id

    def act(token: Token) -> str:
        arguments = bind(token.scope)
        for own in lent:
            own.begin_call()
        try:
            token.scope[id] = result(function(*lent, **arguments))
        except BaseException as error:
            if isinstance(error, _PASSED_ON):
                raise
            raise _process_end(definition) from None
        return NEXT

    return act


def _waiting(
    context: NodeContext, definition: ActivityDefinition, inputs: _Inputs, services: ActivityServices
) -> WaitingAct:
    function, id, statistics = definition.function, context.id, context.runner.statistics
    label, log, flow = context.runner.location.label, context.observer.log, context.flow
    needs_context = definition.mode != "async" or any(issubclass(kind, Context) for kind in definition.lends)

    async def act(token: Token) -> Port:
        values = _noted(statistics, inputs, token.scope) if statistics.reporting else inputs.evaluate(token.scope)
        for name, credential in inputs.credentials:
            values[name] = await services.credential(credential, field=name)
        if not definition.takes:
            returned = await call(inputs.bind(values))
        else:
            async with services.resources.use(values, definition.takes) as used:
                returned = await call(inputs.bind(used))
                for name in definition.closes:
                    if values.get(name) is not None:
                        await services.resources.close_one(values[name], label)
        result = definition.result(returned)
        token.scope[id] = services.resources.keep(result, label) if definition.opens else result
        return NEXT

    async def call(arguments: Mapping[str, Any]) -> Any:
        own = services.context(label, flow, statistics.warned) if needs_context else None
        lent: list[Any] = [
            own if issubclass(kind, Context) else await services.resources.lend(kind) for kind in definition.lends
        ]
        try:
            if own is None or definition.mode == "async":
                return await function(*lent, **arguments)
            return await services.threads.run(
                partial(function, *lent, **arguments),
                ask_to_stop=own.ask_to_stop,
                left_behind=lambda: log(
                    f"{definition.id} did not stop when asked to. It was left behind and keeps running in the "
                    "background until it ends by itself or the process does.",
                    "warning",
                    label,
                ),
            )
        except BaseException as error:
            if isinstance(error, _PASSED_ON):
                raise
            raise _process_end(definition) from None

    return act


def _process_end(definition: ActivityDefinition) -> ProcessEndError:
    return ProcessEndError(f"{definition.id} tried to end the whole process, which an activity must not.")

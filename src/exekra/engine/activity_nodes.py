"""Nodes that use an activity: bind its inputs, lend what it asks for, call it, and keep its result."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from exekra.engine.observation import Tally
from exekra.engine.place import Evaluate
from exekra.engine.site import Site
from exekra.engine.steps import Act, Port, Step, Token
from exekra.flow.model import NEXT
from exekra.flow.templates import compile_value
from exekra.sdk.activity import ActivityDefinition
from exekra.sdk.context import Context
from exekra.sdk.errors import ApplicationError


class CredentialError(ApplicationError):
    """A credential cannot be had."""

    retryable = False


class ProcessEndError(ApplicationError):
    """An activity tried to end the process."""

    retryable = False


def activity_step(site: Site, definition: ActivityDefinition) -> Step:
    """The step of a node that uses `definition`.

    Raises:
        InputError: All inputs are literals and one of them is wrong.
        TemplateError: A text starts like an expression and is none.
    """
    inputs = _Inputs(site, definition)
    contexts = any(issubclass(kind, Context) for kind in definition.lends)
    resources = any(not issubclass(kind, Context) for kind in definition.lends)
    if definition.mode == "inline" and not resources and not inputs.credentials and site.node.timeout is None:
        context = site.execution.context(site.place.tally.node) if contexts else None
        lent = (context,) if contexts else ()
        noting = partial(_noted, site.place.tally, inputs)
        return site.place.instant(
            _inline(site, definition, inputs.evaluate, inputs.bind, lent),
            _inline(site, definition, noting, inputs.bind, lent),
        )
    return site.place.waiting(_waiting(site, definition, inputs))


class _Inputs:
    """The inputs of one node: what is literal is read once, what is a template each time."""

    def __init__(self, site: Site, definition: ActivityDefinition) -> None:
        self._definition = definition
        self._literal: dict[str, Any] = {}
        self._templates: list[tuple[str, Evaluate]] = []
        self.credentials: list[tuple[str, str]] = []
        as_written = {entry.name for entry in definition.entry.inputs if entry.mode != "template"}
        for name, value in site.node.inputs.items():
            if name in as_written:
                self._literal[name] = value
                continue
            compiled = compile_value(value)
            whole = compiled.templates[0] if compiled.templates else None
            if whole is not None and whole[0] == () and whole[1].credential is not None:
                self.credentials.append((name, whole[1].credential))
            elif compiled.literal:
                self._literal[name] = compiled.evaluate({})
            else:
                self._templates.append((name, compiled.evaluate))
                site.place.fields[name] = compiled.evaluate
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


def _noted(tally: Tally, inputs: _Inputs, scope: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the node has them now, noted for a visit that is told. Credentials are not among them."""
    values = inputs.evaluate(scope)
    tally.note(values)
    return values


def _inline(
    site: Site, definition: ActivityDefinition, evaluate: Evaluate, bind: Callable[..., Any], lent: tuple[Any, ...]
) -> Act:
    function, result, id = definition.function, definition.result, site.id

    def act(token: Token) -> str:
        arguments = bind(evaluate(token.scope))
        try:
            token.scope[id] = result(function(*lent, **arguments))
        except SystemExit:
            raise _process_end(definition) from None
        return NEXT

    return act


def _waiting(site: Site, definition: ActivityDefinition, inputs: _Inputs) -> Callable[..., Any]:
    execution, function, id, tally = site.execution, definition.function, site.id, site.place.tally
    label = tally.node
    needs_context = definition.mode != "async" or any(issubclass(kind, Context) for kind in definition.lends)

    async def act(token: Token) -> Port:
        values = _noted(tally, inputs, token.scope) if tally.telling else inputs.evaluate(token.scope)
        for name, credential in inputs.credentials:
            values[name] = await _secret(site, name, credential)
        arguments = inputs.bind(values)
        context = execution.context(label) if needs_context else None
        lent: list[Any] = [
            context if issubclass(kind, Context) else await execution.resources.lend(kind) for kind in definition.lends
        ]
        try:
            if context is None or definition.mode == "async":
                returned = await function(*lent, **arguments)
            else:
                returned = await execution.threads.run(
                    partial(function, *lent, **arguments),
                    ask_to_stop=context.ask_to_stop,
                    left_behind=lambda: execution.observer.log(
                        f"{definition.id} did not react to the wish to stop. It was left behind and goes on in the "
                        "background until it ends by itself or the process does.",
                        "warning",
                        label,
                    ),
                )
        except SystemExit:
            raise _process_end(definition) from None
        token.scope[id] = definition.result(returned)
        return NEXT

    return act


async def _secret(site: Site, field: str, credential: str) -> str:
    """The value of a credential; from now on it is masked wherever it appears."""
    secrets = site.execution.secrets
    if secrets is None:
        name = f"the credential {credential}" if credential else "a credential"
        raise CredentialError(
            f"`{field}` needs {name}, and there is no vault here. Run the workflow on a Hub's Runner."
        )
    value = await secrets.get(credential)
    site.execution.masker.add(value)
    return value


def _process_end(definition: ActivityDefinition) -> ProcessEndError:
    return ProcessEndError(f"{definition.id} tried to end the whole process, which an activity must not.")

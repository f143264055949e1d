"""Reads the templates of a flow and checks every name in them: is it known at that place, and has it that field?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exekra.flow.checks.results import Results
from exekra.flow.checks.scope import Known, Scopes
from exekra.flow.checks.types import Kind, kind_of_expression, kind_of_schema, kind_of_type
from exekra.flow.errors import Problems, Severity
from exekra.flow.events import Failure
from exekra.flow.expressions import Expression
from exekra.flow.model import ERROR, Flow
from exekra.flow.templates import Template, TemplateError, compile_template
from exekra.sdk.errors import ExekraError

_ERROR_FIELDS = Failure.__struct_fields__


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an expression stands, and what is known there."""

    known: Known | None
    node: str | None
    field: str
    path: tuple[str, ...]
    offset: int
    source: str
    element: str | None

    def of(self, name: str) -> int:
        """Where a name or a path begins in the field's text; where the expression does when it is written otherwise."""
        found = re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", self.source)
        return self.offset + (found.start() if found else 0)


class Names:
    """Every name of a flow, and what is known of it.

    Attributes:
        read: The names that the checked templates read.

    Args:
        outputs: What nodes give, from `results_of`.
    """

    def __init__(
        self,
        flow: Flow,
        scopes: Scopes,
        outputs: Results,
        problems: Problems,
    ) -> None:
        self._flow = flow
        self._scopes = scopes
        self._outputs = outputs
        self._problems = problems
        self.read: set[str] = set()

    def template(self, text: str, node: str | None, field: str, path: tuple[str, ...]) -> Template | None:
        """Compile a template; a wrong one is a problem and gives None."""
        try:
            return compile_template(text)
        except ExekraError as error:
            position, arguments = None, {}
            if isinstance(error, TemplateError):
                position, arguments = error.position, {"problem": error.problem}
            self._problems.error(
                "template",
                error.message,
                node=node,
                field=field,
                path=path,
                position=position,
                arguments=arguments,
            )
            return None

    def check(
        self,
        template: Template,
        known: Known | None,
        node: str | None,
        field: str,
        path: tuple[str, ...],
        element: str | None = None,
    ) -> None:
        """Check the names of a template at a place where `known` is known (None: the token never gets there).

        `element` is the name of the element that holds the template, where the field only refers to it.
        """
        for offset, expression in template.expressions:
            self.read |= expression.names
            place = _Place(known, node, field, path, offset, expression.source, element)
            for name in sorted(expression.names):
                self._check_name(name, place)
            for fields in expression.paths:
                self._check_path(fields, place)

    def _tell(
        self,
        severity: Severity,
        code: str,
        message: str,
        name: str,
        place: _Place,
        arguments: Mapping[str, str] | None = None,
    ) -> None:
        tell = self._problems.error if severity == "error" else self._problems.warning
        if place.element is not None:
            message = f"{message} The element `{place.element}` uses it."
        position = place.of(name) if place.element is None else None
        tell(
            code,
            message,
            node=place.node,
            field=place.field,
            path=place.path,
            position=position,
            arguments=arguments or {"name": name},
        )

    def _check_name(self, name: str, place: _Place) -> None:
        flow, known, arguments = self._flow, place.known, {"name": name}
        if name in flow.inputs or name in flow.variables:
            return
        if name == ERROR:
            if known is None or self._scopes.certain(known, ERROR):
                return
            if self._scopes.possible(known, ERROR):
                message = "`error` may be missing here: the token can also come without an error."
                self._tell("warning", "maybe-unset", message, name, place)
                return
            message = "`error` is known only in a Catch, and after an `error` port."
        elif known is not None and name in known.items:
            return
        elif name in flow.nodes:
            self._check_result(name, place)
            return
        elif name in self._scopes.items:
            if known is None:
                return
            message = f"`{name}` is known only in the body of `{self._scopes.items[name]}`."
        else:
            unknown = self._problems.unknown(name, self._visible(known))
            message, arguments = f"There is no `{name}` here.{unknown.hint}", unknown.arguments
        self._tell("error", "unknown-name", message, name, place, arguments)

    def _check_result(self, name: str, place: _Place) -> None:
        """Check that the node `name` has a result, and that it ran before."""
        other, known = self._flow.nodes[name], place.known
        if name not in self._outputs:
            message = f"`{name}` has no result: {other.do} returns nothing that can be read."
            self._tell("error", "no-result", message, name, place)
        elif not other.enabled:
            message = f"`{name}` is not enabled, so its outputs are null."
            self._tell("warning", "not-enabled", message, name, place)
        elif known is None or self._scopes.certain(known, name):
            return
        elif self._scopes.possible(known, name):
            message = f"`{name}` may not have run when this is reached; then it has no result and this fails."
            self._tell("warning", "maybe-unset", message, name, place)
        else:
            message = f"`{name}` never runs before this."
            if name == place.node:
                message = "A node cannot read its own result."
            self._tell("error", "too-early", message, name, place)

    def _check_path(self, fields: tuple[str, ...], place: _Place) -> None:
        if len(fields) < 2 or fields[0] in self._flow.inputs or fields[0] in self._flow.variables:
            return
        name, part = fields[0], fields[1]
        if name == ERROR:
            known: Mapping[str, Any] | None = dict.fromkeys(_ERROR_FIELDS)
        else:
            known = self._outputs.get(name)
        if known is not None and part not in known:
            unknown = self._problems.unknown(part, known)
            hint = unknown.hint or f" It has {', '.join(f'`{k}`' for k in known)}."
            arguments = {**unknown.arguments, "owner": name}
            self._tell("error", "unknown-field", f"`{name}` has no `{part}`.{hint}", f"{name}.{part}", place, arguments)

    def _visible(self, known: Known | None) -> Iterator[str]:
        yield from self._flow.inputs
        yield from self._flow.variables
        yield from self._outputs
        if known is not None:
            yield from known.items

    def kind_of(self, expression: Expression) -> Kind | None:
        """The kind of value that an expression gives, as far as it is known."""
        return kind_of_expression(expression.source, self._kind_of_path)

    def _kind_of_path(self, fields: tuple[str, ...]) -> Kind | None:
        name = fields[0]
        if len(fields) == 1:
            if name in self._flow.variables:
                return kind_of_type(self._flow.variables[name].type)
            if name in self._flow.inputs:
                return kind_of_type(self._flow.inputs[name].type)
            return "object" if name in self._outputs else None
        outputs = self._outputs.get(name)
        if len(fields) == 2 and outputs and name not in self._flow.inputs and name not in self._flow.variables:
            return kind_of_schema(outputs.get(fields[1], {}))
        return None


def texts(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text inside JSON-like data, with its path. Keys are not templates."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, (*path, str(index)))

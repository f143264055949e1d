"""Reads the templates of a flow and checks every name in them: is it known at that place, and has it that field?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from exekra.flow.checks.results import Results
from exekra.flow.checks.scope import Known, Scopes
from exekra.flow.checks.types import Kind, kind_of_expression, kind_of_schema, kind_of_type
from exekra.flow.errors import Problems
from exekra.flow.events import Failure
from exekra.flow.expressions import Expression
from exekra.flow.model import ERROR, Flow
from exekra.flow.templates import Template, compile_template
from exekra.sdk.errors import ExekraError

_ERROR_FIELDS = Failure.__struct_fields__


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
            self._problems.error("template", error.message, node=node, field=field, path=path)
            return None

    def check(
        self, template: Template, known: Known | None, node: str | None, field: str, path: tuple[str, ...]
    ) -> None:
        """Check the names of a template at a place where `known` is known (None: the token never gets there)."""
        for _, expression in template.expressions:
            self.read |= expression.names
            for name in sorted(expression.names):
                self._check_name(name, known, node, field, path)
            for fields in expression.paths:
                self._check_path(fields, node, field, path)

    def _check_name(self, name: str, known: Known | None, node: str | None, field: str, path: tuple[str, ...]) -> None:
        flow = self._flow
        if name in flow.inputs or name in flow.variables:
            return
        if name == ERROR:
            code, message = "unknown-name", "`error` is known only in a Catch, and after an `error` port."
            if known is None or self._scopes.certain(known, ERROR):
                return
            if self._scopes.possible(known, ERROR):
                message = "`error` may be missing here: the token can also come without an error."
                self._problems.warning("maybe-unset", message, node=node, field=field, path=path)
                return
        elif known is not None and name in known.items:
            return
        elif name in flow.nodes:
            self._check_result(name, known, node, field, path)
            return
        elif name in self._scopes.items:
            if known is None:
                return
            code = "unknown-name"
            message = f"`{name}` is known only in the body of `{self._scopes.items[name]}`."
        else:
            code = "unknown-name"
            message = f"There is no `{name}` here.{self._problems.suggest(name, self._visible(known))}"
        self._problems.error(code, message, node=node, field=field, path=path)

    def _check_result(
        self, name: str, known: Known | None, node: str | None, field: str, path: tuple[str, ...]
    ) -> None:
        """Check that the node `name` has a result, and that it ran before."""
        other = self._flow.nodes[name]
        if name not in self._outputs:
            message = f"`{name}` has no result: {other.do} gives nothing that can be read."
            self._problems.error("no-result", message, node=node, field=field, path=path)
        elif not other.enabled:
            message = f"`{name}` is not enabled, so its outputs are null."
            self._problems.warning("not-enabled", message, node=node, field=field, path=path)
        elif known is None or self._scopes.certain(known, name):
            return
        elif self._scopes.possible(known, name):
            message = f"`{name}` may not have run when this is reached; then it has no result and this fails."
            self._problems.warning("maybe-unset", message, node=node, field=field, path=path)
        else:
            own = "A node cannot read its own result." if name == node else f"`{name}` never runs before this."
            self._problems.error("too-early", own, node=node, field=field, path=path)

    def _check_path(self, fields: tuple[str, ...], node: str | None, field: str, path: tuple[str, ...]) -> None:
        if len(fields) < 2 or fields[0] in self._flow.inputs or fields[0] in self._flow.variables:
            return
        name, part = fields[0], fields[1]
        if name == ERROR:
            known: Mapping[str, Any] | None = dict.fromkeys(_ERROR_FIELDS)
        else:
            known = self._outputs.get(name)
        if known is not None and part not in known:
            hint = self._problems.suggest(part, known) or f" It has {', '.join(f'`{k}`' for k in known)}."
            message = f"`{name}` has no `{part}`.{hint}"
            self._problems.error("unknown-field", message, node=node, field=field, path=path)

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
    """Every text inside JSON-like data, with its path. Keys are no templates."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, (*path, str(index)))

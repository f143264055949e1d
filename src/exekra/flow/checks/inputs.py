"""Checks what stands in a node's fields: literals against the entry's schemas, templates against what is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from exekra.flow.checks.names import Names, texts
from exekra.flow.checks.scope import Known, Scopes
from exekra.flow.checks.types import CALLED, Kind, cannot_be, kind_of_schema, kind_of_type
from exekra.flow.checks.values import held_misfit, misfit
from exekra.flow.document_reader import name_problem
from exekra.flow.elements import UnknownElementError, compile_selector, element_name, selector_places
from exekra.flow.errors import Problems, UnknownName, nearest_name, quoted
from exekra.flow.expressions import ExpressionSyntaxError, compile_expression
from exekra.flow.model import Flow, Node
from exekra.flow.templates import Template, TemplateError
from exekra.sdk.catalogue import CatalogueEntry, InputEntry
from exekra.sdk.selector_parts import SelectorError

_ALMOST_AN_EXPRESSION = re.compile(r"(?<![\\{])\{(?P<inner>\s+[^{}]+|[-(\[\d][^{}]*)\}")


def check_inputs(id: str, flow: Flow, entry: CatalogueEntry, scopes: Scopes, names: Names, problems: Problems) -> None:
    """Check every field of one node."""
    node = flow.nodes[id]
    known_fields = {field.name: field for field in entry.inputs}
    meant: set[str | None] = set()
    for name in node.inputs:
        if name not in known_fields:
            meant.add(nearest_name(name, known_fields) if len(meant) < 5 else None)
            has = f" It has {quoted(known_fields)}." if known_fields else " It has none."
            unknown = problems.unknown(name, known_fields)
            message = f"`{node.do}` has no field `{name}`.{unknown.hint or has}"
            path = ("nodes", id, "with", name)
            problems.error("unknown-input", message, node=id, field=name, path=path, arguments=unknown.arguments)
    check = _Fields(id, flow, scopes, names, problems)
    for field in entry.inputs:
        if field.name in node.inputs:
            check.field(field, node.inputs[field.name])
        elif field.required and field.name not in meant:
            problems.error(
                "missing-input",
                f"{field.title} is required.",
                node=id,
                field=field.name,
                path=("nodes", id, "with"),
            )


class _Fields:
    def __init__(self, id: str, flow: Flow, scopes: Scopes, names: Names, problems: Problems) -> None:
        self.id = id
        self.flow = flow
        self.node: Node = flow.nodes[id]
        self.scopes = scopes
        self.names = names
        self.problems = problems

    def field(self, field: InputEntry, value: Any) -> None:
        if field.mode == "name":
            self._declared_name(field, value)
        elif field.mode == "variable":
            self._variable(field, value)
        elif field.mode == "text":
            self._literal(field, value, open_texts=frozenset())
        elif not self._selectors(field, value):
            self._template(field, value)

    def _selectors(self, field: InputEntry, value: Any) -> bool:
        """Check the selectors in a field; False where there are none."""
        places = dict(selector_places(field.schema, value))
        for path, selector in places.items():
            self._selector(".".join((field.name, *map(str, path))), selector)
        return bool(places)

    def _selector(self, place: str, selector: Any) -> None:
        element = element_name(selector)
        try:
            compiled = compile_selector(selector, self.flow.elements)
        except UnknownElementError as error:
            self._error("unknown-element", error.message, place, error.unknown.arguments)
            return
        except SelectorError as error:
            self._error("selector", error.problem, ".".join((place, *error.path)))
            return
        except TemplateError as error:
            if element is None:  # Problems of an element are reported for the element itself.
                inner = ".".join((place, *map(str, error.path)))
                self._error("template", error.message, inner, {"problem": error.problem})
            return
        for path, template in compiled.templates:
            within = ".".join((place, *map(str, path))) if isinstance(selector, Mapping) else place
            where = ("nodes", self.id, "with", *within.split("."))
            self.names.check(template, self.scopes.at.get(self.id), self.id, within, where, element)

    def _error(self, code: str, message: str, field: str, arguments: Mapping[str, str] | None = None) -> None:
        path = ("nodes", self.id, "with", *field.split("."))
        self.problems.error(code, message, node=self.id, field=field, path=path, arguments=arguments)

    def _declared_name(self, field: InputEntry, value: Any) -> None:
        if value is None and not field.required:
            return
        reason = name_problem(value) if isinstance(value, str) else "must be a text"
        if reason:
            self._error("name", f"The name `{str(value)[:80]}` {reason}. Choose another.", field.name)
        elif field.name == "index" and value == self.node.inputs.get("item", "item"):
            self._error("shadow", f"The item and its number have the same name `{value}`.", field.name)

    def _variable(self, field: InputEntry, value: Any) -> None:
        variables = self.flow.variables
        if isinstance(value, str) and value in variables:
            return
        shown = str(value)[:80]
        unknown = UnknownName(shown, None)
        if isinstance(value, str) and value.strip("{}") in variables:
            unknown = UnknownName(shown, value.strip("{}"))
            message = f"Write the variable's name without braces: `{unknown.meant}`."
        elif shown in self.flow.inputs:
            message = f"`{shown}` is an input, which cannot be changed. Declare a variable."
        else:
            unknown = self.problems.unknown(shown, variables)
            message = f"There is no variable `{shown}`.{unknown.hint or ' Declare it under `variables`.'}"
        self._error("unknown-variable", message, field.name, unknown.arguments)

    def _template(self, field: InputEntry, value: Any) -> None:
        known = self.scopes.at.get(self.id)
        if field.name == "condition":
            known = self.scopes.condition.get(self.id, known)
        open_texts: set[str] = set()
        broken = False
        for inner, text in texts(value):
            if "{" not in text:
                continue
            place = ".".join((field.name, *inner))
            path = ("nodes", self.id, "with", field.name, *inner)
            self._plain_braces(text, place, path)
            template = self.names.template(text, self.id, place, path)
            if template is None:
                broken = True
                continue
            if not template.literal:
                open_texts.add(text)
            self._credential(template, field, inner, place)
            self._escaped(template, known, place)
            self.names.check(template, known, self.id, place, path)
            if not inner and template.expressions:
                self._kind(field, template)
        if not broken:
            self._literal(field, value, open_texts=frozenset(open_texts))

    def _credential(self, template: Template, field: InputEntry, inner: tuple[str, ...], place: str) -> None:
        if template.credential is None:
            return
        if inner or field.schema.get("x-widget") != "credential":
            message = f"`{template.source}` cannot be used here: only a field for a secret accepts a credential."
            self._error("credential", message, place)

    def _escaped(self, template: Template, known: Known | None, place: str) -> None:
        for position, name in template.escaped:
            if name in self.flow.inputs or name in self.flow.variables or name in self.flow.nodes:
                message = (
                    f"The backslash at character {position + 1} makes `{{{name}}}` plain text. If a path is meant, "
                    f"write two: `\\\\{{{name}}}`."
                )
                path = ("nodes", self.id, "with", *place.split("."))
                self.problems.warning("escaped", message, node=self.id, field=place, path=path)

    def _plain_braces(self, text: str, place: str, path: tuple[str, ...]) -> None:
        """Warn of what would be an expression with names of this workflow, if it began with a letter."""
        own = {*self.flow.inputs, *self.flow.variables, *self.flow.nodes}
        for found in _ALMOST_AN_EXPRESSION.finditer(text):
            inner = found["inner"].strip()
            try:
                names = compile_expression(inner).names
            except ExpressionSyntaxError:
                continue
            if not names or not names <= own:
                continue
            meant = inner if inner[0].isalpha() else f"default({inner}, [])" if inner[0] == "[" else f"number({inner})"
            message = (
                f"`{found[0][:80]}` is plain text, because an expression begins with a letter right behind its brace. "
                f"If it is meant as one, write `{{{meant[:80]}}}`."
            )
            self.problems.warning("plain-braces", message, node=self.id, field=place, path=path)

    def _kind(self, field: InputEntry, template: Template) -> None:
        """Compare the kind of value that the whole field gives with what is wanted."""
        offset, expression = template.expressions[0]
        whole = offset == 1 and len(expression.source) == len(template.source) - 2
        actual: Kind | None = self.names.kind_of(expression) if whole else "text"
        expected, strict = self._expected(field)
        if actual is not None and cannot_be(expected, actual, strict=strict):
            assert expected is not None
            message = f"It must be {CALLED[expected]}, and `{template.source[:80]}` is {CALLED[actual]}."
            self._error("wrong-type", message, field.name)
        elif field.name == "items" and self.node.do == "for_each" and actual in ("text", "number", "boolean"):
            message = f"For Each needs a list, a table or an object, and `{template.source[:80]}` is {CALLED[actual]}."
            self._error("wrong-type", message, field.name)

    def _expected(self, field: InputEntry) -> tuple[Kind | None, bool]:
        if self.node.do == "set_variable" and field.name == "value":
            variable = self.flow.variables.get(str(self.node.inputs.get("variable")))
            return (kind_of_type(variable.type) if variable else None), True
        return kind_of_schema(field.schema), field.name == "condition"

    def _literal(self, field: InputEntry, value: Any, *, open_texts: frozenset[str]) -> None:
        found = misfit(field.schema, value, open_texts.__contains__)
        if found:
            inner, reason = found
            place = ".".join((field.name, *inner))
            self._error("wrong-value", f"The value does not fit: {reason}.", place)
            return
        is_open = isinstance(value, str) and value in open_texts
        if self.node.do == "for_each" and field.name == "items" and not isinstance(value, list | dict):
            if not is_open:
                self._error("wrong-type", "For Each needs a list, a table or an object.", field.name)
        elif self.node.do == "set_variable" and field.name == "value" and not is_open:
            variable = self.flow.variables.get(str(self.node.inputs.get("variable")))
            reason_type = held_misfit(variable.type, value) if variable else None
            if reason_type:
                self._error("wrong-value", f"The value does not fit the variable: {reason_type}.", field.name)
        elif field.schema.get("x-widget") == "credential" and isinstance(value, str) and not is_open:
            message = "A secret should not stand in a workflow. Use `{{credential:NAME}}`."
            path = ("nodes", self.id, "with", field.name)
            self.problems.warning("secret", message, node=self.id, field=field.name, path=path)

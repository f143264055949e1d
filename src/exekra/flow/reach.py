"""Which names an expression may use at one place of a flow, and what is behind each: what an editor offers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from exekra.flow.calls import call_of
from exekra.flow.checks.calls import FindWorkflow
from exekra.flow.checks.names import Names
from exekra.flow.checks.results import called_workflows, results_of
from exekra.flow.checks.scope import Known, Scopes
from exekra.flow.checks.types import kind_of_schema
from exekra.flow.control import entry_of
from exekra.flow.errors import Problems
from exekra.flow.events import Failure
from exekra.flow.graph import analyse_graph
from exekra.flow.model import ERROR, Flow, ValueType
from exekra.flow.templates import compile_template
from exekra.sdk.catalogue import Catalogue, OutputEntry
from exekra.sdk.errors import ExekraError

NameKind = Literal["input", "variable", "result", "loop-item", "error"]


class NameField(msgspec.Struct, frozen=True, kw_only=True):
    """One field of the value of a name."""

    name: str
    type: ValueType = "any"
    description: str = ""


class NameInReach(msgspec.Struct, frozen=True, kw_only=True):
    """A name that an expression may use.

    `source` is the node that gives the value. `certain` is false for what may be missing when the token comes here.
    `fields` is empty where nothing is known of them.
    """

    name: str
    kind: NameKind
    type: ValueType = "any"
    description: str = ""
    source: str | None = None
    certain: bool = True
    fields: tuple[NameField, ...] = ()


def names_in_reach(
    flow: Flow,
    catalogue: Catalogue,
    node: str | None,
    *,
    field: str | None = None,
    workflows: FindWorkflow | None = None,
) -> tuple[NameInReach, ...]:
    """The names that an expression in a node's field may use, in the order of the document.

    Where the token never comes to the node, as to a new one without an edge, every result is offered as uncertain.

    Args:
        flow: The flow; it may have problems.
        catalogue: The activities that may be used; control nodes are known.
        node: The node; None for the flow's outputs.
        field: The node's field: a loop asks its condition where results of its body may be there.
        workflows: Gives the workflow that a call with that key gets, or None.
    """
    return tuple(_Reach(flow, catalogue, workflows).names(node, field))


class _Reach:
    def __init__(self, flow: Flow, catalogue: Catalogue, find: FindWorkflow | None) -> None:
        self._flow = flow
        self._entries = {id: entry_of(node, catalogue) for id, node in flow.nodes.items()}
        self._called = called_workflows(flow, find)
        self._known_fields: dict[str, tuple[NameField, ...]] = {}
        problems = Problems()
        graph = analyse_graph(flow, catalogue, problems)
        too_deep = any(problem.code == "too-deep" for problem in problems)
        self._scopes = None if too_deep else Scopes(flow, graph, self._entries)

    def names(self, node: str | None, field: str | None) -> Iterator[NameInReach]:
        flow = self._flow
        for name, parameter in flow.inputs.items():
            yield NameInReach(name=name, kind="input", type=parameter.type, description=parameter.description)
        for name, variable in flow.variables.items():
            yield NameInReach(name=name, kind="variable", type=variable.type, description=variable.description)
        known = self._known(node, field)
        if known is not None and self._scopes is not None:
            for name, loop in known.items.items():
                yield self._item(name, loop)
            if self._scopes.possible(known, ERROR) or self._scopes.certain(known, ERROR):
                yield _error(self._scopes.certain(known, ERROR))
        for id in flow.nodes:
            if id != node or field == "condition":
                yield from self._result(id, known)

    def _known(self, node: str | None, field: str | None) -> Known | None:
        if self._scopes is None:
            return None
        if node is None:
            return self._scopes.end
        if field == "condition" and node in self._scopes.condition:
            return self._scopes.condition[node]
        return self._scopes.at.get(node)

    def _result(self, id: str, known: Known | None) -> Iterator[NameInReach]:
        """The result of a node, where it has one that can be read."""
        node, entry = self._flow.nodes[id], self._entries[id]
        if not node.enabled or (entry is not None and not entry.outputs and call_of(node) is None):
            return
        certain = False
        if known is not None and self._scopes is not None:
            certain = self._scopes.certain(known, id)
            if not certain and not self._scopes.possible(known, id):
                return
        title = entry.title if entry else node.do
        yield NameInReach(
            name=id,
            kind="result",
            type="object",
            description=title,
            source=id,
            certain=certain,
            fields=self._fields(id),
        )

    def _fields(self, id: str) -> tuple[NameField, ...]:
        entry, call = self._entries[id], call_of(self._flow.nodes[id])
        other = self._called.get(call.key) if call is not None else None
        if other is not None:
            return tuple(
                NameField(name=output, type=declared.type, description=declared.description)
                for output, declared in other.outputs.items()
            )
        if entry is None:
            return ()
        if entry.id not in self._known_fields:  # Hundreds of nodes are of few kinds.
            self._known_fields[entry.id] = tuple(
                NameField(name=made.name, type=_type(made), description=made.description) for made in entry.outputs
            )
        return self._known_fields[entry.id]

    def _item(self, name: str, loop: str) -> NameInReach:
        node = self._flow.nodes[loop]
        if name == node.inputs.get("index"):
            description = f"The number of the turn of `{loop}`, from 0."
            return NameInReach(name=name, kind="loop-item", type="number", description=description, source=loop)
        description = f"The current item of `{loop}`."
        return NameInReach(
            name=name,
            kind="loop-item",
            type="object" if self._goes_through_table(loop) else "any",
            description=description,
            source=loop,
        )

    def _goes_through_table(self, loop: str) -> bool:
        items = self._flow.nodes[loop].inputs.get("items")
        if not isinstance(items, str) or self._scopes is None:
            return False
        try:
            expressions = compile_template(items).expressions
        except ExekraError:
            return False
        if len(expressions) != 1:
            return False
        names = Names(self._flow, self._scopes, results_of(self._flow, self._entries, self._called), Problems())
        return names.kind_of(expressions[0][1]) == "table"


def _error(certain: bool) -> NameInReach:
    fields = tuple(
        NameField(name=name, type=type, description=description) for name, (type, description) in _ERROR_FIELDS.items()
    )
    description = "What went wrong."
    return NameInReach(name=ERROR, kind="error", type="object", description=description, certain=certain, fields=fields)


_ERROR_FIELDS: Mapping[str, tuple[ValueType, str]] = {
    "type": ("text", "The error's name, such as FileMissingError."),
    "message": ("text", "What happened, for a person."),
    "kind": ("text", "`business` or `application`."),
    "retryable": ("boolean", "Whether trying again may help."),
    "node": ("text", "The node that failed."),
    "workflow": ("text", "The called workflow in which that node stands; null for this one."),
}
assert tuple(_ERROR_FIELDS) == Failure.__struct_fields__  # A field added there must be described here.


def _type(output: OutputEntry) -> ValueType:
    """The type of an output, in the words of declared types."""
    shapes: list[Mapping[str, Any]] = [output.schema, *output.schema.get("anyOf", ())]
    if any(shape.get("format") in ("date", "date-time") for shape in shapes):
        return "date"
    return kind_of_schema(output.schema) or "any"

"""What the rules look at: a flow with its graph, what is known of its nodes, and which names are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from exekra.flow.checks.names import texts
from exekra.flow.graph import Body, Graph
from exekra.flow.model import Flow, Node
from exekra.flow.templates import Template, compile_template
from exekra.sdk.catalogue import CatalogueEntry
from exekra.sdk.errors import ExekraError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is doubtful: the rule's code, a sentence with what to do, and the place as in `Problem`."""

    code: str
    message: str
    node: str | None = None
    field: str | None = None
    path: tuple[str, ...] = ()


RuleCheck = Callable[["Subject"], Iterator[Finding]]


@dataclass(frozen=True)
class Subject:
    """A flow, as the rules see it.

    Attributes:
        flow: The flow.
        graph: Where its token goes.
        entries: What is known of each node's kind.
        read: The names that expressions of enabled nodes and of outputs read; None while the flow has errors, since a
            misspelt name leaves the right one unread.
    """

    flow: Flow
    graph: Graph
    entries: Mapping[str, CatalogueEntry | None]
    read: frozenset[str] | None = field(default=frozenset())

    def enabled(self) -> Iterator[tuple[str, Node]]:
        """The nodes that run, where the token can reach them."""
        for id, node in self.flow.nodes.items():
            if node.enabled and id in self.graph.body_of:
                yield id, node

    @cached_property
    def bodies(self) -> Mapping[str, tuple[Body, ...]]:
        """The bodies that each control node runs; nodes without one are not there."""
        found: dict[str, tuple[Body, ...]] = {}
        for (owner, _), bodies in self.graph.bodies.items():
            found[owner] = (*found.get(owner, ()), *bodies)
        return found

    def within(self, body: Body, *, into: Callable[[Node], bool] = lambda node: True) -> Iterator[str]:
        """The enabled nodes of a body and of all bodies inside it, except those that `into` does not go into."""
        waiting = [body]
        while waiting:
            for id in waiting.pop().nodes:
                node = self.flow.nodes[id]
                if node.enabled:
                    yield id
                    if into(node):
                        waiting.extend(self.bodies.get(id, ()))

    def around(self, id: str) -> Iterator[str]:
        """The control nodes whose bodies a node stands in, from the inside out."""
        body = self.graph.body_of.get(id)
        while body is not None and body.owner is not None:
            yield body.owner
            body = self.graph.body_of.get(body.owner)

    @cached_property
    def setters(self) -> Mapping[str, tuple[str, ...]]:
        """For each variable the enabled nodes that set it."""
        found: dict[str, tuple[str, ...]] = {}
        for id, node in self.flow.nodes.items():
            name = self.sets(id)
            if node.enabled and name is not None:
                found[name] = (*found.get(name, ()), id)
        return found

    def sets(self, id: str) -> str | None:
        """The variable that a node sets, or None."""
        entry = self.entries[id]
        field = next((field.name for field in entry.inputs if field.mode == "variable"), None) if entry else None
        name = self.flow.nodes[id].inputs.get(field) if field else None
        return name if isinstance(name, str) else None


def template_of(text: Any) -> Template | None:
    """The template of a text; None for what is not a text, and for one that is wrong (the check reports it)."""
    if not isinstance(text, str):
        return None
    try:
        return compile_template(text)
    except ExekraError:
        return None


def names_in(value: Any) -> Iterator[str]:
    """The names that the templates in a value read."""
    for _, text in texts(value):
        template = template_of(text) if "{" in text else None
        if template is not None:
            yield from template.names

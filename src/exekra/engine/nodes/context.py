"""What the builder of a node gets: the node, its runner, and the compiled bodies that it runs."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from exekra.engine.nodes.runner import NodeRunner
from exekra.engine.observe.observer import Observer
from exekra.engine.scheduling import Scheduler
from exekra.engine.steps import END, Evaluate, Next, Step
from exekra.engine.tokens import Token
from exekra.flow.calls import Call
from exekra.flow.model import Flow, Node
from exekra.flow.templates import compile_value

CallFlow = Callable[[Mapping[str, Any], Token], Coroutine[Any, Any, dict[str, Any]]]
"""Runs a compiled flow with these inputs, called by this token, and gives its outputs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeContext:
    """One node that is being compiled.

    Attributes:
        bodies: The first step of each body by port; a Parallel's port has several.
        names_set: For each body, by port, the names of the nodes in it and of the variables that they set.
        find_flow: Compiles the flow that this node calls.
    """

    scheduler: Scheduler
    observer: Observer
    flow: Flow
    id: str
    node: Node
    runner: NodeRunner
    bodies: Mapping[str, tuple[Next, ...]]
    names_set: Mapping[str, tuple[frozenset[str], ...]]
    find_flow: Callable[[Call], CallFlow]

    def body(self, port: str) -> Next:
        """The first step of the body behind a port; the end where no edge leaves it."""
        return self.bodies.get(port, (END,))[0]

    def literal(self, field: str, default: Any = None) -> Any:
        """The value of a field that is taken as it is written."""
        return self.node.inputs.get(field, default)

    def field(self, field: str, default: Any = None) -> Evaluate:
        """A function from the scope to the value of a field."""
        evaluate = self.runner.fields.get(field)
        if evaluate is None:
            evaluate = self.runner.fields[field] = compile_value(self.node.inputs.get(field, default)).evaluate
        return evaluate

    def noted(self, field: str, default: Any = None) -> Evaluate:
        """As `field`, but for a visit that is reported: the function notes the value."""
        evaluate, statistics = self.field(field, default), self.runner.statistics

        def note(scope: Mapping[str, Any]) -> Any:
            value = evaluate(scope)
            statistics.note_inputs({field: value})
            return value

        return note

    def warn(self, message: str) -> None:
        """Say that something about this visit is doubtful, as activities do by their context."""
        self.runner.statistics.warned(message)
        self.observer.log(message, "warning", self.runner.location.label)


Builder = Callable[[NodeContext], Step]
"""Makes the step of one kind of node."""

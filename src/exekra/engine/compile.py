"""A flow made ready to run: every node compiled into a step that knows the steps behind its ports.

Bodies are compiled from their last node to their first, so a step holds its successors directly, and walking needs
no look-up in the graph.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import CoroutineType
from typing import Any

import msgspec

from exekra.engine.debugging.debugger import Debugger
from exekra.engine.debugging.node_runner import DebugNodeRunner
from exekra.engine.failures import describe
from exekra.engine.nodes.activity import activity_step
from exekra.engine.nodes.context import CallFlow, NodeContext
from exekra.engine.nodes.control import CONTROL_NODES
from exekra.engine.nodes.runner import NodeRunner
from exekra.engine.observe.observer import Observer
from exekra.engine.observe.statistics import ExecutionStatistics, NodeStatistics
from exekra.engine.scheduling import Scheduler
from exekra.engine.scope.checkpoints import Checkpoints
from exekra.engine.scope.inputs import first_values, take_inputs, values_at
from exekra.engine.services.services import ActivityServices
from exekra.engine.start import check_start
from exekra.engine.steps import BREAK, CONTINUE, END, RETURN, Next, NodeError, Port, Step, walk
from exekra.engine.tokens import NO_VISIT, CallFrame, NodeLocation, Token
from exekra.flow.calls import CALL_WORKFLOW, Call, call_of_key
from exekra.flow.control import SETTERS, entry_of, passing_port, ports_of
from exekra.flow.debugging import StartAt
from exekra.flow.errors import nearest_name
from exekra.flow.graph import Body, build_graph
from exekra.flow.model import ERROR, NEXT, Flow, Node
from exekra.flow.templates import compile_value
from exekra.flow.typed_values import check
from exekra.sdk.activity import ActivityDefinition, find_activity
from exekra.sdk.catalogue import Catalogue, CatalogueEntry
from exekra.sdk.errors import DocumentError


class UnknownActivityError(DocumentError):
    """A node uses an activity that is not installed here."""


class UnknownWorkflowError(DocumentError):
    """A node calls a workflow that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionParts:
    """What the flows of one execution are compiled with. Each kind of node is handed only what it uses.

    Attributes:
        workflows: The flows that may be called, by the keys of the calls.
        debugger: What pauses the tokens; None when nobody debugs.
    """

    workflows: Mapping[str, Flow]
    scheduler: Scheduler
    observer: Observer
    statistics: ExecutionStatistics
    checkpoints: Checkpoints
    services: ActivityServices
    debugger: Debugger | None


class CompiledFlow:
    """One flow, compiled for one execution.

    Attributes:
        flow: The flow.
        prefix: What stands before the ids of its nodes in events: nothing, or the calling nodes (`call/`).
    """

    def __init__(
        self, parts: ExecutionParts, flow: Flow, *, prefix: str = "", callers: Mapping[int, CompiledFlow] | None = None
    ) -> None:
        """Compile a flow.

        Args:
            parts: What it is compiled with.
            flow: A flow without errors.
            prefix: See the attribute.
            callers: The compiled flows on the way to this one by the identity of their flows, so that a flow that calls
                itself is compiled once.

        Raises:
            NodeError: A node cannot be compiled; names it.
            FlowError: The edges are wrong.
        """
        self.flow = flow
        self.prefix = prefix
        self._parts = parts
        self._workflow = flow.name if callers else None
        self._callers = {**(callers or {}), id(flow): self}
        self._called: dict[tuple[str, Call], CallFlow] = {}
        self._results_of_disabled: dict[str, Any] = {}
        self._steps: dict[str, Next] = {}
        self._definitions = self._find_definitions()
        catalogue = Catalogue(definition.entry for definition in self._definitions.values())
        self._entries = {id: entry_of(node, catalogue) for id, node in flow.nodes.items()}
        self._graph = build_graph(flow, catalogue)
        self._outputs = {
            name: compile_value(output.value).evaluate
            for name, output in flow.outputs.items()
            if output.value is not msgspec.UNSET
        }
        self._first, _ = self._compile_body(self._graph.main)

    async def run(self, inputs: Mapping[str, Any], caller: Token | None = None) -> dict[str, Any]:
        """Run the flow and give its outputs; `caller` is the token of the flow that calls it.

        Raises:
            InputError: An input is missing, unknown or of the wrong type, or an output is of the wrong type.
            NodeError: A node failed.
        """
        token = self._token({**take_inputs(self.flow, inputs), **first_values(self.flow)}, caller)
        await walk(self._first, token)
        return self._end(token)

    async def run_from(self, start: StartAt, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Run the flow from a node on and give its outputs; none of a node that runs alone.

        Raises:
            StartError: The flow cannot begin there.
            InputError: A value is of the wrong type.
            NodeError: A node failed.
        """
        check_start(self.flow, self._graph, start)
        token = self._token(values_at(self.flow, inputs, start.scope), None)
        step = self._steps[start.node]
        if not start.only:
            await walk(step, token)
            return self._end(token)
        moved = step(token) if step else step
        if type(moved) is CoroutineType:
            await moved
        return {}

    def _token(self, scope: dict[str, Any], caller: Token | None) -> Token:
        whole = {**{id: dict(result) for id, result in self._results_of_disabled.items()}, **scope}
        now, debugger = self._parts.scheduler.clock(), self._parts.debugger
        if caller is None:
            return Token(whole, now, CallFrame(), visit=debugger.root if debugger is not None else NO_VISIT)
        frame = CallFrame(caller.frame.depth + 1)
        return Token(whole, now, frame, cleaning=caller.cleaning, visit=caller.visit)

    def _end(self, token: Token) -> dict[str, Any]:
        """The outputs at the end."""
        returned = token.frame.returned or {}
        outputs = {}
        for name, output in self.flow.outputs.items():
            if name in returned:
                value = returned[name]
            elif name in self._outputs:
                value = self._outputs[name](token.scope)
            else:
                value = token.scope.get(name)
            outputs[name] = check(value, output.type, f"The output `{name}`")
        return outputs

    def _find_definitions(self) -> dict[str, ActivityDefinition]:
        """The definition of each node that uses an activity."""
        found = {}
        for id, node in self.flow.nodes.items():
            if node.do in CONTROL_NODES:
                continue
            definition = find_activity(node.do)
            if definition is not None:
                found[id] = definition
            elif node.enabled:
                error = UnknownActivityError(
                    f"There is no activity {node.do} here. Install the package that brings it, or use another one."
                )
                raise self._located(error, id)
        return found

    def _compile_body(self, body: Body) -> tuple[Next, list[NodeStatistics]]:
        """The first step of a body, and the figures of all nodes in it at any depth."""
        statistics: list[NodeStatistics] = []
        for id in reversed(body.nodes):
            self._steps[id] = self._compile_node(id, statistics)
        return (self._steps[body.first] if body.first is not None else END), statistics

    def _compile_node(self, id: str, statistics: list[NodeStatistics]) -> Next:
        node, entry, graph = self.flow.nodes[id], self._entries[id], self._graph
        follows = self._follows(id)
        if entry is None:
            return follows.get(NEXT, END)  # Only a node that is not enabled may use what is not installed.
        empty = {output.name: None for output in entry.outputs}
        passing = passing_port(node, entry)
        if not node.enabled:
            self._results_of_disabled[id] = empty
            return follows[passing] if passing is not None else END
        parts, debugger = self._parts, self._parts.debugger
        location = NodeLocation(id, self.prefix + id, node.do, self._workflow)
        runner = (NodeRunner if debugger is None else DebugNodeRunner)(
            location,
            node,
            scheduler=parts.scheduler,
            observer=parts.observer,
            statistics=parts.statistics.add(location.label, _result_name(id, node, entry)),
            follows=follows,
            passing_port=passing,
            empty=empty,
        )
        statistics.append(runner.statistics)
        bodies = {port: graph.bodies[id, port] for port in entry.bodies if (id, port) in graph.bodies}
        inner: list[NodeStatistics] = []
        firsts: dict[str, tuple[Next, ...]] = {}
        for port, bodies_of_port in bodies.items():
            compiled = [self._compile_body(body) for body in bodies_of_port]
            found = (first for first, _ in compiled)
            firsts[port] = tuple(
                found if debugger is None else (debugger.body(node.do, port, first) for first in found)
            )
            inner += [each for _, made in compiled for each in made]
        runner.inner = tuple(inner)
        statistics += inner
        context = NodeContext(
            scheduler=parts.scheduler,
            observer=parts.observer,
            flow=self.flow,
            id=id,
            node=node,
            runner=runner,
            bodies=firsts,
            names_set={port: tuple(self._names_set(body) for body in found) for port, found in bodies.items()},
            find_flow=lambda call: self._find_flow(id, call),
        )
        try:
            build = CONTROL_NODES.get(node.do)
            if build is not None:
                step = build(context)
            else:
                step = activity_step(context, self._definitions[id], parts.services)
        except Exception as error:
            step = _failing(runner, error)
        if debugger is None:
            return step
        assert isinstance(runner, DebugNodeRunner)
        runner.flow, runner.catches = self.flow, "catch" in firsts
        return debugger.around(runner, step, nests=bool(entry.bodies) or node.do == CALL_WORKFLOW)

    def _follows(self, id: str) -> dict[Port, Next]:
        """The next step behind each port of a node; `error` only where it is connected."""
        entry = self._entries[id]
        ports = ports_of(self.flow.nodes[id], entry) if entry is not None else (NEXT,)
        follows: dict[Port, Next] = {BREAK: BREAK, CONTINUE: CONTINUE, RETURN: RETURN, **dict.fromkeys(ports, END)}
        for port in (*ports, ERROR):
            after = self._graph.next.get((id, port))
            if after is not None:
                follows[port] = self._behind(id, port, self._steps[after], after)
        return follows

    def _behind(self, id: str, port: str, step: Next, after: str) -> Next:
        """The step behind a port; in the execution's outermost body with a checkpoint before it."""
        if self._workflow is not None or self._graph.body_of[id] is not self._graph.main or not step:
            return step
        entry = self._entries[after]
        keep = entry is not None and bool(entry.bodies)
        return self._parts.checkpoints.between(id, port, step, keep=keep)

    def _names_set(self, body: Body) -> frozenset[str]:
        """The nodes of a body, at any depth, and the variables that they set."""
        names: set[str] = set()
        for id in body.nodes:
            node, entry = self.flow.nodes[id], self._entries[id]
            names.add(id)
            if node.do in SETTERS:
                names.add(node.inputs["variable"])
            for port in entry.bodies if entry is not None else ():
                for part in self._graph.bodies.get((id, port), ()):
                    names |= self._names_set(part)
        return frozenset(names)

    def _find_flow(self, caller: str, call: Call) -> CallFlow:
        """The flow that the node `caller` calls, compiled at its first call."""
        key = (caller, call)
        if key not in self._called:
            flow = self._parts.workflows.get(call.key)
            if flow is None:
                raise UnknownWorkflowError(self._why_not(call))
            compiled = self._callers.get(id(flow)) or CompiledFlow(
                self._parts, flow, prefix=f"{self.prefix}{caller}/", callers=self._callers
            )
            self._called[key] = compiled.run
        return self._called[key]

    def _why_not(self, call: Call) -> str:
        if call.version is not None:
            return (
                f"There is no version {call.version} of the workflow {call.name} to call: it was never published, or "
                "the workflow is archived."
            )
        nearest = nearest_name(call.name, (call_of_key(key).name for key in self._parts.workflows))
        hint = f" Did you mean {nearest}?" if nearest else ""
        return f"There is no workflow {call.name} to call.{hint}"

    def _located(self, error: Exception, id: str) -> NodeError:
        location = NodeLocation(id, self.prefix + id, self.flow.nodes[id].do, self._workflow)
        return NodeError(describe(error, location))


def _failing(runner: NodeRunner, error: Exception) -> Step:
    """The step of a node that cannot be compiled: it fails when the token comes to it; others are not concerned."""

    def act(token: Token) -> Port:
        raise error.with_traceback(None)

    return runner.instant(act, act)


def _result_name(id: str, node: Node, entry: CatalogueEntry) -> str | None:
    """The name under which the node's result stands in the scope."""
    if node.do in SETTERS:
        variable = node.inputs.get("variable")
        return variable if isinstance(variable, str) else None
    return id if entry.outputs or node.do == CALL_WORKFLOW else None

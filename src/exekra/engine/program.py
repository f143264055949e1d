"""A flow made ready to run: every node compiled into a step that knows the steps behind its ports.

Bodies are compiled from their last node to their first, so a step holds its successors directly, and walking needs
no look-up in the graph.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import CoroutineType
from typing import Any

import msgspec

from exekra.engine.activity_nodes import activity_step
from exekra.engine.block_nodes import BLOCK_NODES
from exekra.engine.debugging.debug_place import DebugPlace
from exekra.engine.execution import Execution
from exekra.engine.failures import describe
from exekra.engine.inputs import first_values, take_inputs, values_at
from exekra.engine.leaf_nodes import LEAF_NODES
from exekra.engine.levels import NOWHERE
from exekra.engine.loop_nodes import LOOP_NODES
from exekra.engine.observation import Tally
from exekra.engine.place import Place
from exekra.engine.site import Builder, CallFlow, Site
from exekra.engine.start import check_start
from exekra.engine.steps import BREAK, CONTINUE, END, RETURN, Frame, Next, NodeError, Port, Step, Token, walk
from exekra.engine.values import check
from exekra.flow.calls import CALL_WORKFLOW, Call, call_of_key
from exekra.flow.control import SETTERS, entry_of, passing_port, ports_of
from exekra.flow.debugging import StartAt
from exekra.flow.errors import nearest_name
from exekra.flow.graph import Body, build_graph
from exekra.flow.model import ERROR, NEXT, Flow, Node
from exekra.flow.templates import compile_value
from exekra.sdk.activity import ActivityDefinition, find_activity
from exekra.sdk.catalogue import Catalogue, CatalogueEntry
from exekra.sdk.errors import DocumentError

_BUILDERS: Mapping[str, Builder] = {**LEAF_NODES, **LOOP_NODES, **BLOCK_NODES}


class UnknownActivityError(DocumentError):
    """A node uses an activity that is not installed here."""


class UnknownWorkflowError(DocumentError):
    """A node calls a workflow that is not there."""


class Program:
    """One flow, compiled for one execution.

    Attributes:
        flow: The flow.
        prefix: What stands before the ids of its nodes in events: nothing, or the calling nodes (`call/`).
    """

    def __init__(
        self, execution: Execution, flow: Flow, *, prefix: str = "", callers: Mapping[int, Program] | None = None
    ) -> None:
        """Compile a flow.

        Args:
            execution: The execution that it is compiled for.
            flow: A flow without errors.
            prefix: See the attribute.
            callers: The programs on the way to this one by the identity of their flows, so that a flow that calls
                itself is compiled once.

        Raises:
            NodeError: A node cannot be compiled; names it.
            FlowError: The edges are wrong.
        """
        self.flow = flow
        self.prefix = prefix
        self._execution = execution
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
        now, debugger = self._execution.clock(), self._execution.debugger
        if caller is None:
            return Token(whole, now, Frame(), level=debugger.root if debugger is not None else NOWHERE)
        frame = Frame(caller.frame.depth + 1)
        return Token(whole, now, frame, cleaning=caller.cleaning, level=caller.level)

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
            if node.do in _BUILDERS:
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

    def _compile_body(self, body: Body) -> tuple[Next, list[Tally]]:
        """The first step of a body, and the figures of all nodes in it at any depth."""
        tallies: list[Tally] = []
        for id in reversed(body.nodes):
            self._steps[id] = self._compile_node(id, tallies)
        return (self._steps[body.first] if body.first is not None else END), tallies

    def _compile_node(self, id: str, tallies: list[Tally]) -> Next:
        node, entry, graph = self.flow.nodes[id], self._entries[id], self._graph
        follows = self._follows(id)
        if entry is None:
            return follows.get(NEXT, END)  # Only a node that is not enabled may use what is not installed.
        empty = {output.name: None for output in entry.outputs}
        passing = passing_port(node, entry)
        if not node.enabled:
            self._results_of_disabled[id] = empty
            return follows[passing] if passing is not None else END
        debugger = self._execution.debugger
        place = (Place if debugger is None else DebugPlace)(
            self._execution,
            id=id,
            node=node,
            workflow=self._workflow,
            tally=self._execution.observer.tally(self.prefix + id, _result_name(id, node, entry)),
            follows=follows,
            passing_port=passing,
            empty=empty,
        )
        tallies.append(place.tally)
        bodies = {port: graph.bodies[id, port] for port in entry.bodies if (id, port) in graph.bodies}
        inner: list[Tally] = []
        firsts: dict[str, tuple[Next, ...]] = {}
        for port, parts in bodies.items():
            compiled = [self._compile_body(part) for part in parts]
            found = (first for first, _ in compiled)
            firsts[port] = tuple(
                found if debugger is None else (debugger.body(node.do, port, first) for first in found)
            )
            inner += [tally for _, made in compiled for tally in made]
        place.inner = tuple(inner)
        tallies += inner
        site = Site(
            execution=self._execution,
            flow=self.flow,
            id=id,
            node=node,
            place=place,
            bodies=firsts,
            names_set={port: tuple(self._names_set(part) for part in parts) for port, parts in bodies.items()},
            find_flow=lambda call: self._find_flow(id, call),
        )
        try:
            build = _BUILDERS.get(node.do)
            step = build(site) if build is not None else activity_step(site, self._definitions[id])
        except Exception as error:
            step = _failing(place, error)
        if debugger is None:
            return step
        assert isinstance(place, DebugPlace)
        place.flow, place.catches = self.flow, "catch" in firsts
        return debugger.around(place, step, nests=bool(entry.bodies) or node.do == CALL_WORKFLOW)

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
        return self._execution.checkpoints.between(id, port, step, keep=keep)

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
            flow = self._execution.workflows.get(call.key)
            if flow is None:
                raise UnknownWorkflowError(self._why_not(call))
            program = self._callers.get(id(flow)) or Program(
                self._execution, flow, prefix=f"{self.prefix}{caller}/", callers=self._callers
            )
            self._called[key] = program.run
        return self._called[key]

    def _why_not(self, call: Call) -> str:
        if call.version is not None:
            return (
                f"There is no version {call.version} of the workflow {call.name} to call: it was never published, or "
                "the workflow is archived."
            )
        nearest = nearest_name(call.name, (call_of_key(key).name for key in self._execution.workflows))
        hint = f" Did you mean {nearest}?" if nearest else ""
        return f"There is no workflow {call.name} to call.{hint}"

    def _located(self, error: Exception, id: str) -> NodeError:
        return NodeError(describe(error, node=id, do=self.flow.nodes[id].do, workflow=self._workflow))


def _failing(place: Place, error: Exception) -> Step:
    """The step of a node that cannot be compiled: it fails when the token comes to it; others are not concerned."""

    def act(token: Token) -> Port:
        raise error.with_traceback(None)

    return place.instant(act, act)


def _result_name(id: str, node: Node, entry: CatalogueEntry) -> str | None:
    """The name under which the node's result stands in the scope."""
    if node.do in SETTERS:
        variable = node.inputs.get("variable")
        return variable if isinstance(variable, str) else None
    return id if entry.outputs or node.do == CALL_WORKFLOW else None

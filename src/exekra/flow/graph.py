"""The graph behind the edges: which node belongs to which body, and where the token goes.

Every node belongs to exactly one body, decided from the edges alone. Bodies are free of cycles: only loops repeat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from exekra.flow.control import LOOPS, entry_of, ports_of
from exekra.flow.errors import Problems, quoted
from exekra.flow.model import ERROR, NEXT, START, Edge, Flow
from exekra.sdk.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Body:
    """A part of the flow that is run as a whole.

    Attributes:
        owner: The control node that runs it; None for the flow's own body.
        port: The owner's port that begins it; `next` for the flow's own.
        branch: Its number, from 0, among the bodies of the same port; only a Parallel has more than one.
        first: The node that the token reaches first; None for an empty body.
        nodes: Its nodes, without those of bodies inside it. A node comes after all that lead to it.
    """

    owner: str | None
    port: str
    branch: int
    first: str | None
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """Where the token goes.

    Attributes:
        main: The flow's own body.
        bodies: The bodies of a node's port; a port without an edge is not there.
        next: Where the token goes from a node's port, in the same body; where it is absent, the body ends.
        body_of: The body that a node belongs to; unreachable nodes are not there.
    """

    main: Body
    bodies: Mapping[tuple[str, str], tuple[Body, ...]] = field(default_factory=dict)
    next: Mapping[tuple[str, str], str] = field(default_factory=dict)
    body_of: Mapping[str, Body] = field(default_factory=dict)


def build_graph(flow: Flow, catalogue: Catalogue) -> Graph:
    """The flow's graph. `catalogue` holds the activities; control nodes are known.

    Raises:
        FlowError: With all problems of the edges: unknown nodes and ports, cycles, nodes in two bodies or in none.
    """
    problems = Problems()
    graph = analyse_graph(flow, catalogue, problems)
    problems.raise_errors()
    return graph


def analyse_graph(flow: Flow, catalogue: Catalogue, problems: Problems) -> Graph:
    """As `build_graph`, but adds to `problems` and gives as much of the graph as can be made out."""
    return _Analysis(flow, catalogue, problems).run()


DEEPEST_BODIES = 50
"""How many bodies may stand inside one another."""

_Key = tuple[str | None, str, int]  # A body by owner, port and branch.
_MAIN: _Key = (None, NEXT, 0)


class _Analysis:
    def __init__(self, flow: Flow, catalogue: Catalogue, problems: Problems) -> None:
        self.flow = flow
        self.problems = problems
        self.entries = {id: entry_of(node, catalogue) for id, node in flow.nodes.items()}
        self.first: str | None = None
        self.too_deep = False
        self.next: dict[tuple[str, str], str] = {}
        self.bodies: dict[tuple[str, str], list[str]] = {}
        self.leaving: dict[str, list[tuple[str, str]]] = {id: [] for id in flow.nodes}

    def run(self) -> Graph:
        self._sort_edges()
        order = self._order()
        keys = self._assign(order)
        self._unreachable(keys)
        nodes: dict[_Key, list[str]] = {}
        for id in order:
            if id in keys:
                nodes.setdefault(keys[id], []).append(id)
        made: dict[_Key, Body] = {}

        def make(key: _Key, first: str | None) -> Body:
            body = made[key] = Body(*key, first, tuple(nodes.get(key, ())))
            return body

        main = make(_MAIN, self.first)
        bodies = {
            (owner, port): tuple(make((owner, port, branch), first) for branch, first in enumerate(targets))
            for (owner, port), targets in self.bodies.items()
        }
        return Graph(main, bodies, self.next, {id: made[key] for id, key in keys.items()})

    def _sort_edges(self) -> None:
        """Sort edges into `first`, `next` and `bodies`; refuse those whose ends do not exist."""
        nodes = self.flow.nodes
        for edge in self.flow.edges:
            shown = f"{edge.source}.{edge.port}" if edge.port != NEXT else edge.source
            if edge.target not in nodes:
                reason = "begins the flow; no edge may lead to it" if edge.target == START else "is not a node"
                hint = self.problems.unknown(edge.target, nodes).hint
                self._edge("edge-target", f"In `{shown} -> {edge.target}`, `{edge.target}` {reason}.{hint}", edge)
            elif edge.source == START:
                if edge.port != NEXT:
                    self._edge(
                        "unknown-port", f"`start` has no port `{edge.port}`. Write `start -> {edge.target}`.", edge
                    )
                elif self.first is not None:
                    message = (
                        f"Two edges leave `start`: to `{self.first}` and to `{edge.target}`. Use Parallel for both."
                    )
                    self._edge("two-edges", message, edge)
                else:
                    self.first = edge.target
            elif edge.source not in nodes:
                hint = self.problems.unknown(edge.source, nodes).hint
                self._edge("edge-source", f"In `{shown} -> {edge.target}`, `{edge.source}` is not a node.{hint}", edge)
            else:
                self._sort_edge(edge)

    def _sort_edge(self, edge: Edge) -> None:
        source, port, target = edge.source, edge.port, edge.target
        node, entry = self.flow.nodes[source], self.entries[source]
        if entry is not None and port != ERROR:
            ports = ports_of(node, entry)
            if port not in ports:
                self._unknown_port(edge, ports)
                return
            if port in entry.bodies:
                targets = self.bodies.setdefault((source, port), [])
                if targets and node.do != "parallel":
                    self._two_edges(edge, targets[0])
                elif target in targets:
                    message = f"Two branches of `{source}` begin at `{target}`. Each branch needs nodes of its own."
                    self._edge("two-edges", message, edge, node=source)
                else:
                    targets.append(target)
                    self.leaving[source].append((port, target))
                return
        if (source, port) in self.next:
            self._two_edges(edge, self.next[source, port])
            return
        self.next[source, port] = target
        self.leaving[source].append((port, target))

    def _unknown_port(self, edge: Edge, ports: tuple[str, ...]) -> None:
        source, port = edge.source, edge.port
        do = self.flow.nodes[source].do
        if not ports:
            message = f"Nothing follows `{do}`: no edge may leave it."
        elif port == NEXT:
            message = f"`{do}` has no port `next`. Name one of its ports: {quoted(f'{source}.{p}' for p in ports)}."
        else:
            hint = self.problems.unknown(port, ports).hint
            message = f"`{do}` has no port `{port}`.{hint} Its ports are {quoted((*ports, ERROR))}."
        self._edge("unknown-port", message, edge, node=source)

    def _two_edges(self, edge: Edge, known: str) -> None:
        source, port, target = edge.source, edge.port, edge.target
        again = " The same edge appears twice." if known == target else " Use Parallel to go both ways."
        message = f"Two edges leave `{source}` by `{port}`: to `{known}` and to `{target}`.{again}"
        self._edge("two-edges", message, edge, node=source)

    def _edge(self, code: str, message: str, edge: Edge, node: str | None = None) -> None:
        path = ("edges", edge.source, edge.port, edge.target)
        self.problems.error(code, message, node=node, field=f"edges.{edge.source}.{edge.port}", path=path)

    def _order(self) -> list[str]:
        """Reached nodes, each after all that lead to it; an edge that closes a cycle is a problem and is left out.

        Depth first with a stack of its own: a chain of nodes may be longer than Python's stack is deep.
        """
        if self.first is None:
            return []
        finished: list[str] = []
        state: dict[str, int] = {self.first: 1}  # 1: on the way; 2: finished.
        way = [self.first]
        waiting = [iter(list(self.leaving[self.first]))]
        while way:
            for port, target in waiting[-1]:
                if target not in state:
                    state[target] = 1
                    way.append(target)
                    waiting.append(iter(list(self.leaving[target])))
                    break
                if state[target] == 1:
                    self._cycle(way[way.index(target) :], port)
            else:
                waiting.pop()
                last = way.pop()
                state[last] = 2
                finished.append(last)
        finished.reverse()
        return finished

    def _cycle(self, around: list[str], port: str) -> None:
        """Tell of a cycle through the nodes `around`, closed by `port` of the last; drop the edge that closes it."""
        first, last = around[0], around[-1]
        self.leaving[last].remove((port, first))
        if self.next.get((last, port)) == first:
            del self.next[last, port]
        else:
            self.bodies.pop((last, port), None)
        shown = last if port == NEXT else f"{last}.{port}"
        loop = next((id for id in around if self.flow.nodes[id].do in LOOPS), None)
        steps = " -> ".join([*(around if len(around) <= 6 else [*around[:3], "...", *around[-2:]]), first])
        if loop is not None and loop == first:
            message = (
                f"The edge `{shown} -> {first}` closes a cycle. A loop repeats by itself where its body ends: "
                "remove the edge."
            )
        else:
            message = f"The edges form a cycle: {steps}. Use While to repeat nodes, and remove `{shown} -> {first}`."
        self.problems.error("cycle", message, node=last)

    def _assign(self, order: list[str]) -> dict[str, _Key]:
        """The body of each node. `order` has every node after all that lead to it."""
        keys: dict[str, _Key] = {}
        depth: dict[str | None, int] = {None: 0}
        came_from: dict[str, str] = {}
        if self.first is not None:
            keys[self.first] = _MAIN
            came_from[self.first] = START
        for id in order:
            entry = self.entries[id]
            for port, target in self.leaving[id]:
                if entry is not None and port in entry.bodies:
                    key: _Key = (id, port, self.bodies[id, port].index(target))
                else:
                    key = keys[id]
                known = keys.setdefault(target, key)
                if depth.setdefault(key[0], depth[keys[id][0]] + 1) == DEEPEST_BODIES + 1 and not self.too_deep:
                    message = (
                        f"More than {DEEPEST_BODIES} nested bodies are not allowed. "
                        "Move the inner ones to workflows of their own, and call them."
                    )
                    self.problems.error("too-deep", message, node=id)
                    self.too_deep = True
                if known == key:
                    came_from.setdefault(target, id)
                    continue
                message = (
                    f"`{target}` is in two bodies: {_called(known)} (from `{came_from[target]}`) and {_called(key)} "
                    f"(from `{id}`). A node belongs to one body: remove one of the edges, or copy the node."
                )
                self.problems.error("two-bodies", message, node=target)
                if self.next.get((id, port)) == target:
                    del self.next[id, port]
                # A body must have its first node for itself; an impossible one stays empty.
        return keys

    def _unreachable(self, keys: Mapping[str, _Key]) -> None:
        nodes = self.flow.nodes
        if nodes and self.first is None and not any(edge.source == START for edge in self.flow.edges):
            message = f"No edge leaves `start`, so nothing would run. Add `start -> {next(iter(nodes))}`."
            self.problems.error("no-start", message, field="edges", path=("edges",))
            return
        for id, node in nodes.items():
            if id not in keys and node.enabled:
                message = f"`{id}` is never reached. Add an edge to it, remove it, or set `enabled: false`."
                self.problems.error("unreachable", message, node=id)


def _called(key: _Key) -> str:
    owner, port, branch = key
    if owner is None:
        return "the flow's own"
    return f"`{owner}.{port}`" + (f" number {branch + 1}" if branch else "")

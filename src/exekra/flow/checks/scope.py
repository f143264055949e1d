"""Which names a node can read: what ran before it for certain, what may have run, and what surrounds it.

One walk over the graph carries two sets of node results, kept as the bits of whole numbers: those that are certain to
be there, and those that may be. Where ways join, the certain ones are those that all of them bring.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce

from exekra.flow.control import LOOPS, passing_port, ports_of
from exekra.flow.graph import Body, Graph
from exekra.flow.model import ERROR, NEXT, Flow
from exekra.sdk.catalogue import CatalogueEntry


@dataclass(frozen=True, slots=True)
class Known:
    """What is known at one place of the flow.

    Attributes:
        certain: The results (and `error`) that are there whenever the token is here, as bits.
        possible: Those that may be there.
        items: The names of loop items, with the node that declares each.
    """

    certain: int
    possible: int
    items: Mapping[str, str] = field(default_factory=dict)


_EVERYTHING = -1  # As bits: all of them. What a place that is never reached knows.


class Scopes:
    """Answers what each node of a flow can read.

    Attributes:
        at: What is known where a node begins; nodes that the token cannot reach are not there.
        condition: What is known where a loop's condition is asked.
        end: What is known where the flow's own body ends; None when it never does.
        items: All loop items of the flow by name, with one node that declares it.
    """

    def __init__(self, flow: Flow, graph: Graph, entries: Mapping[str, CatalogueEntry | None]) -> None:
        self._flow = flow
        self._graph = graph
        self._entries = entries
        self._bits = {id: 1 << number for number, id in enumerate((ERROR, *flow.nodes))}
        self._made_in: dict[str, int] = {}
        self._used_ports: dict[str, list[str]] = {}
        for source, port in graph.next:
            if port != ERROR:
                self._used_ports.setdefault(source, []).append(port)
        self._jumps: list[list[Known]] = []
        self._goes_on: list[list[Known]] = []
        self.at: dict[str, Known] = {}
        self.condition: dict[str, Known] = {}
        self.items: dict[str, str] = {}
        for id in flow.nodes:
            for name in self.declared_items(id):
                self.items.setdefault(name, id)
        ends = self._walk(graph.main, Known(0, 0))
        self.end: Known | None = _meet(ends, Known(0, 0)) if ends else None

    def certain(self, known: Known, name: str) -> bool:
        """Whether the result of that node, or `error`, is there for certain."""
        return bool(known.certain & self._bits[name])

    def possible(self, known: Known, name: str) -> bool:
        """Whether the result of that node, or `error`, may be there."""
        return bool(known.possible & self._bits[name])

    def declared_items(self, id: str) -> tuple[str, ...]:
        """The names that a loop declares for its body."""
        node, entry = self._flow.nodes[id], self._entries[id]
        if entry is None:
            return ()
        names = [node.inputs.get(i.name, i.default) for i in entry.inputs if i.mode == "name"]
        return tuple(name for name in names if isinstance(name, str))

    def _walk(self, body: Body, known: Known) -> list[Known]:
        """Walk through a body; gives what is known at each place where it ends."""
        arriving: dict[str, list[Known]] = {}
        if body.first is not None:
            arriving[body.first] = [known]
        ends: list[Known] = []
        for id in body.nodes:
            if id not in arriving:
                continue
            here = self.at[id] = _meet(arriving[id], known)
            for port, after in self._leave(id, here):
                target = self._graph.next.get((id, port))
                if target is not None:
                    arriving.setdefault(target, []).append(after)
                elif port != ERROR:
                    ends.append(after)
        return ends

    def _leave(self, id: str, here: Known) -> Iterable[tuple[str, Known]]:
        """What is known at each port that the token may leave by."""
        node, entry = self._flow.nodes[id], self._entries[id]
        if not node.enabled:
            port = (passing_port(node, entry) if entry else NEXT) or NEXT
            return [(port, here)]
        failed = Known(
            here.certain | self._bits[ERROR], here.possible | self._inside(id) | self._bits[ERROR], here.items
        )
        error = [(ERROR, failed)] if (id, ERROR) in self._graph.next else []
        if node.do in ("break", "continue"):
            if self._jumps:
                (self._jumps if node.do == "break" else self._goes_on)[-1].append(here)
            return []
        after = here
        if node.do in LOOPS:
            after = self._loop(id, here)
        elif node.do == "try":
            after = self._try(id, here)
        elif node.do == "parallel":
            after = self._parallel(id, here)
        after = Known(after.certain | self._bits[id], after.possible | self._bits[id], here.items)
        ports = ports_of(node, entry) if entry else self._used_ports.get(id, [NEXT])
        bodies = entry.bodies if entry else ()
        return [*((port, after) for port in ports if port not in bodies), *error]

    def _loop(self, id: str, here: Known) -> Known:
        inside = self._inside(id)
        items = {**here.items, **dict.fromkeys(self.declared_items(id), id)}
        self._jumps.append([])
        self._goes_on.append([])
        ends = self._body(id, "body", Known(here.certain, here.possible | inside, items))
        turns = ends + self._goes_on.pop()
        left = turns + self._jumps.pop()
        certain = here.certain
        asked = here
        if self._flow.nodes[id].do == "do_while":
            certain = _meet(left, here).certain
            asked = _meet(turns, here)
        self.condition[id] = Known(asked.certain, here.possible | inside, here.items)
        return self._outside(Known(certain, here.possible | inside, here.items), here)

    def _try(self, id: str, here: Known) -> Known:
        tried, caught = self._inside(id, "try"), self._inside(id, "catch")
        error = self._bits[ERROR]
        ends = self._body(id, "try", here)
        if (id, "catch") in self._graph.bodies:
            begin = Known(here.certain | error, here.possible | tried | error, here.items)
            ends += self._body(id, "catch", begin)
        begin = Known(here.certain, here.possible | tried | caught, here.items)
        last = _meet(self._body(id, "finally", begin), here)
        after = _meet(ends, here)
        return self._outside(Known(after.certain | last.certain, here.possible | self._inside(id), here.items), here)

    def _parallel(self, id: str, here: Known) -> Known:
        certain = here.certain
        for body in self._graph.bodies.get((id, "branch"), ()):
            certain |= _meet(self._walk(body, here), here).certain
        return self._outside(Known(certain, here.possible | self._inside(id), here.items), here)

    def _body(self, id: str, port: str, known: Known) -> list[Known]:
        bodies = self._graph.bodies.get((id, port), ())
        return self._walk(bodies[0], known) if bodies else [known]

    def _outside(self, after: Known, here: Known) -> Known:
        """`error` does not outlive the body that it is visible in."""
        error = self._bits[ERROR]
        return Known(
            after.certain & ~error | here.certain & error, after.possible & ~error | here.possible & error, after.items
        )

    def _inside(self, id: str, *ports: str) -> int:
        """All results that nodes in the bodies of a node make, at any depth."""
        entry = self._entries[id]
        if entry is None or not entry.bodies:
            return 0
        if not ports and id in self._made_in:
            return self._made_in[id]
        made = 0
        for port in ports or entry.bodies:
            for body in self._graph.bodies.get((id, port), ()):
                for node in body.nodes:
                    made |= self._bits[node] | self._inside(node)
        if not ports:
            self._made_in[id] = made
        return made


def _meet(ways: list[Known], otherwise: Known) -> Known:
    """What is known where several ways join; with no way at all, the place is never reached."""
    if len(ways) == 1:
        return ways[0]
    certain = reduce(lambda bits, way: bits & way.certain, ways, _EVERYTHING)
    possible = reduce(lambda bits, way: bits | way.possible, ways, otherwise.possible)
    return Known(certain, possible, ways[0].items if ways else otherwise.items)

"""Generated flows against a small interpreter: whatever control nodes are put together, the token walks as it should.

A generated program is a tree of statements. It is drawn as a flow and run by the engine, and the tree is run by a few
lines of Python; both must note the same values in the same order, and end alike.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import engine_probes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exekra.engine.run import run_flow
from exekra.flow.model import Edge, Flow, Node

Body = tuple[Any, ...]


@dataclass(frozen=True)
class Note:
    value: int


@dataclass(frozen=True)
class Exit:
    kind: str  # "break", "continue", "return", or the type of an error.


@dataclass(frozen=True)
class If:
    condition: bool
    then: Body
    other: Body


@dataclass(frozen=True)
class Loop:
    turns: int
    body: Body


@dataclass(frozen=True)
class Try:
    types: tuple[str, ...]
    body: Body
    catch: Body
    last: Body


notes = st.builds(Note, st.integers(0, 99))
errors = st.builds(Exit, st.sampled_from(["One", "Two"]))


def bodies(depth: int, *, in_loop: bool, in_finally: bool = False) -> st.SearchStrategy[Body]:
    kinds = ["return"] if not in_finally else []
    kinds += ["break", "continue"] if in_loop else []
    choices = [notes, notes, errors]
    if kinds:
        choices.append(st.builds(Exit, st.sampled_from(kinds)))
    if depth:
        inner = bodies(depth - 1, in_loop=in_loop, in_finally=in_finally)
        in_a_loop = bodies(depth - 1, in_loop=True, in_finally=in_finally)
        last = bodies(depth - 1, in_loop=False, in_finally=True)
        choices += [
            st.builds(If, st.booleans(), inner, inner),
            st.builds(Loop, st.integers(0, 3), in_a_loop),
            st.builds(Try, st.sampled_from([(), ("One",), ("Two",)]), inner, inner, last),
        ]
    return st.lists(st.one_of(choices), max_size=3).map(tuple)


class Left(Exception):
    def __init__(self, kind: str) -> None:
        self.kind = kind


class Interpreter:
    """What the program means."""

    def __init__(self) -> None:
        self.noted: list[int] = []

    def run(self, body: Body) -> str:
        try:
            self.walk(body)
        except Left as left:
            return "COMPLETED" if left.kind == "return" else left.kind
        return "COMPLETED"

    def walk(self, body: Body) -> None:
        for statement in body:
            match statement:
                case Note(value):
                    self.noted.append(value)
                case Exit(kind):
                    raise Left(kind)
                case If(condition, then, other):
                    self.walk(then if condition else other)
                case Loop(turns, inner):
                    self.loop(turns, inner)
                case Try(types, inner, catch, last):
                    self.attempt(types, inner, catch, last)

    def loop(self, turns: int, body: Body) -> None:
        for _ in range(turns):
            try:
                self.walk(body)
            except Left as left:
                if left.kind == "break":
                    return
                if left.kind != "continue":
                    raise

    def attempt(self, types: tuple[str, ...], body: Body, catch: Body, last: Body) -> None:
        try:
            try:
                self.walk(body)
            except Left as left:
                if left.kind in {"break", "continue", "return"} or not catch or (types and left.kind not in types):
                    raise
                self.walk(catch)
        finally:
            self.walk(last)


class Drawing:
    """The program as nodes and edges."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []

    def flow(self, body: Body) -> Flow:
        self.body([("start", "next")], body)
        return Flow(name="Generated", nodes=self.nodes, edges=tuple(self.edges))

    def body(self, ends: list[tuple[str, str]], body: Body) -> list[tuple[str, str]]:
        """Draw statements behind the open ends; gives the ends that are open then."""
        for statement in body:
            if not ends:
                break  # What follows can never be reached.
            ends = self.statement(ends, statement)
        return ends

    def statement(self, ends: list[tuple[str, str]], statement: Any) -> list[tuple[str, str]]:
        match statement:
            case Note(value):
                return [(self.node(ends, "probe.note", value=value), "next")]
            case Exit(("break" | "continue" | "return") as kind):
                self.node(ends, kind)
                return []
            case Exit(kind):
                self.node(ends, "fail", message=kind, type=kind)
                return []
            case If(condition, then, other):
                id = self.node(ends, "if", condition=condition)
                return self.body([(id, "then")], then) + self.body([(id, "else")], other)
            case Loop(turns, body):
                id = self.node(ends, "for_each", items=list(range(turns)), item=f"item{len(self.nodes)}")
                self.body([(id, "body")], body)
                return [(id, "done")]
            case Try(types, body, catch, last):
                id = self.node(ends, "try", errors=list(types))
                for port, part in (("try", body), ("catch", catch), ("finally", last)):
                    self.body([(id, port)], part)
                return [(id, "done")]
        raise AssertionError(statement)

    def node(self, ends: list[tuple[str, str]], do: str, **inputs: Any) -> str:
        id = f"n{len(self.nodes)}"
        self.nodes[id] = Node(do=do, inputs=inputs)
        self.edges += [Edge(source, port, id) for source, port in ends]
        return id


# The fixture of this folder makes the probes new for each test; here each example does it for itself.
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(bodies(4, in_loop=False))
def test_the_token_walks_as_the_program_says(body: Body) -> None:
    expected = Interpreter()
    ended = expected.run(body)
    engine_probes.state.noted.clear()
    flow = Drawing().flow(body)
    outcome = asyncio.run(run_flow(flow, inputs={}, emit=lambda event: None, work_folder=Path()))
    assert engine_probes.state.noted == expected.noted
    assert (outcome.failure.type if outcome.failure is not None else outcome.state) == ended

"""Reads JSON-like data into a flow: each part is read by itself, so that all problems are reported together."""

from __future__ import annotations

import keyword
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_args

from exekra.flow.errors import Problems, quoted
from exekra.flow.model import ERROR, NEXT, START, Edge, Flow, Node, Output, Parameter, Retry, ValueType, Variable
from exekra.sdk.selector import Selector
from exekra.sdk.selector_parts import SelectorError

MOST_NODES = 10_000
MOST_EDGES = 50_000
LONGEST_NAME = 64
DEEPEST_VALUE = 50
"""How many lists and objects may stand inside one another in one value, so that a document stays within YAML's 60."""

_TYPES: tuple[str, ...] = get_args(ValueType)
IDENTIFIER = "[A-Za-z_][A-Za-z0-9_]*"
"""The pattern of names: of nodes, inputs, outputs, variables and ports."""

_IDENTIFIER = re.compile(IDENTIFIER)
_RESERVED = frozenset(keyword.kwlist) | {"true", "false", "null", START, ERROR}
_ACTIVITY = re.compile(rf"{IDENTIFIER}(\.{IDENTIFIER})*")
_PORTED = re.compile(rf"({IDENTIFIER})(?:\.({IDENTIFIER}))?")
_SECTIONS = ("format", "name", "description", "inputs", "outputs", "variables", "nodes", "edges", "elements", "layout")
_WORDS = {bool: "true or false", str: "a text", int: "a whole number", float: "a number"}
_LARGEST_INTEGER = 2**63 - 1

Item = TypeVar("Item")


def name_problem(name: str) -> str | None:
    """Why `name` cannot name a node, a variable or the like; None when it can."""
    if not _IDENTIFIER.fullmatch(name):
        return "must be letters, digits and underscores, not beginning with a digit"
    if len(name) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} characters"
    if name in _RESERVED:
        return "is a reserved word"
    return None


def read_document(document: Mapping[str, Any], lines: dict[tuple[str, ...], int]) -> Flow:
    """Make a flow of a document in today's format.

    `lines` gets an entry `("edges", source, port, target)` for each edge whose line it knows.

    Raises:
        FlowError: Something has the wrong shape.
    """
    reader = _Reader(Problems(lines), lines)
    flow = reader.flow(document)
    reader.problems.raise_errors()
    return flow


class _Reader:
    def __init__(self, problems: Problems, lines: dict[tuple[str, ...], int]) -> None:
        self.problems = problems
        self.lines = lines

    def flow(self, document: Mapping[str, Any]) -> Flow:
        self._known(document, _SECTIONS, (), "A workflow")
        name = document.get("name")
        if not isinstance(name, str) or not name.strip() or len(name) > 200:
            message = "The workflow needs a name: a text of at most 200 characters."
            self.problems.error("name", message, field="name", path=("name",))
            name = "?"
        nodes = self._section(document, "nodes", self._node)
        if len(nodes) > MOST_NODES:
            message = (
                f"There are {len(nodes):,} nodes; at most {MOST_NODES:,} are allowed. Use Call Workflow to divide it."
            )
            self.problems.error("too-large", message, field="nodes", path=("nodes",))
        return Flow(
            name=self._text(name, ("name",)),
            description=self._value(document.get("description", ""), str, ("description",)) or "",
            inputs=self._section(document, "inputs", self._parameter),
            outputs=self._section(document, "outputs", self._output),
            variables=self._section(document, "variables", self._variable),
            nodes=nodes,
            edges=self._edges(document.get("edges")),
            elements=self._section(document, "elements", self._element),
            layout=self._layout(document.get("layout")),
        )

    def _section(
        self, document: Mapping[str, Any], name: str, read: Callable[[Any, tuple[str, ...]], Item | None]
    ) -> dict[str, Item]:
        section = document.get(name)
        if section is None:
            return {}
        if not isinstance(section, Mapping):
            message = f"`{name}` must be an object with a name for each of its {name}."
            self.problems.error("shape", message, field=name, path=(name,))
            return {}
        items: dict[str, Item] = {}
        for key, value in section.items():
            path = (name, str(key))
            reason = name_problem(key) if isinstance(key, str) else "must be a text"
            if reason:
                shown = str(key)[:80]
                self.problems.error(
                    "name", f"`{shown}` {reason}. Choose another name.", field=f"{name}.{shown}", path=path
                )
                continue
            item = read(value, path)
            if item is not None:
                items[key] = item
        return items

    def _node(self, value: Any, path: tuple[str, ...]) -> Node | None:
        if not self._is_object(value, path, "A node", "do: excel.read_range"):
            return None
        self._known(value, ("do", "with", "retry", "timeout", "continue_on_error", "enabled"), path, "A node")
        do = value.get("do")
        if not isinstance(do, str) or not _ACTIVITY.fullmatch(do) or len(do) > 200:
            message = "`do` must name an activity, such as `excel.read_range`, or a control node, such as `for_each`."
            self._error("shape", message, (*path, "do"))
            do = "?"
        inputs = value.get("with")
        if inputs is None:
            inputs = {}
        elif not isinstance(inputs, Mapping):
            self._error("shape", "`with` must be an object with a value for each field.", (*path, "with"))
            inputs = {}
        timeout = value.get("timeout")
        return Node(
            do=do,
            inputs={
                key: self._plain(item, (*path, "with", key)) for key, item in self._text_keys(inputs, (*path, "with"))
            },
            retry=self._retry(value.get("retry"), (*path, "retry")),
            timeout=None if timeout is None else self._value(timeout, float, (*path, "timeout")),
            continue_on_error=bool(
                self._value(value.get("continue_on_error", False), bool, (*path, "continue_on_error"))
            ),
            enabled=bool(self._value(value.get("enabled", True), bool, (*path, "enabled"))),
        )

    def _retry(self, value: Any, path: tuple[str, ...]) -> Retry | None:
        if value is None:
            return None
        if not self._is_object(value, path, "`retry`", "{times: 3, delay: 1}"):
            return None
        self._known(value, Retry.__struct_fields__, path, "`retry`")
        if "times" not in value:
            self._error("shape", "`retry` needs `times`: how often to try again.", path)
        numbers = {
            name: number
            for name in ("delay", "backoff", "longest", "jitter")
            if name in value and (number := self._value(value[name], float, (*path, name))) is not None
        }
        errors = value.get("errors", [])
        if not isinstance(errors, list) or not all(isinstance(error, str) for error in errors):
            self._error("shape", "`errors` must be a list of error types, such as [TimedOutError].", (*path, "errors"))
            errors = []
        times = self._value(value.get("times", 1), int, (*path, "times"))
        return Retry(times=times or 0, errors=tuple(self._text(error, path) for error in errors), **numbers)

    def _parameter(self, value: Any, path: tuple[str, ...]) -> Parameter | None:
        return self._declared(Parameter, value, path, "default", "An input")

    def _output(self, value: Any, path: tuple[str, ...]) -> Output | None:
        return self._declared(Output, value, path, "value", "An output")

    def _variable(self, value: Any, path: tuple[str, ...]) -> Variable | None:
        return self._declared(Variable, value, path, "default", "A variable")

    def _declared(
        self, kind: Callable[..., Item], value: Any, path: tuple[str, ...], free: str, called: str
    ) -> Item | None:
        if value is None:
            return kind()
        if not self._is_object(value, path, called, "{type: number}"):
            return None
        self._known(value, ("type", free, "description"), path, called)
        fields: dict[str, Any] = {}
        if "type" in value:
            fields["type"] = value["type"]
            if value["type"] not in _TYPES:
                shown = str(value["type"])[:60]
                hint = self.problems.unknown(shown, _TYPES).hint
                self._error(
                    "shape", f"There is no type `{shown}`.{hint} The types are {quoted(_TYPES)}.", (*path, "type")
                )
        if free in value:
            fields[free] = self._plain(value[free], (*path, free))
        if "description" in value:
            fields["description"] = self._value(value["description"], str, (*path, "description"))
        return kind(**fields)

    def _element(self, value: Any, path: tuple[str, ...]) -> Selector | None:
        plain = self._plain(value, path)
        try:
            return Selector.read(plain)
        except SelectorError as error:
            self._error("selector", error.problem, (*path, *error.path))
            return None

    def _edges(self, lines: Any) -> tuple[Edge, ...]:
        if lines is None:
            return ()
        if not isinstance(lines, list):
            message = "`edges` must be a list of lines such as `start -> read -> each`."
            self.problems.error("shape", message, field="edges", path=("edges",))
            return ()
        edges: list[Edge] = []
        for number, line in enumerate(lines):
            self._edge_line(line, number, edges)
            if len(edges) > MOST_EDGES:
                message = f"There are more than {MOST_EDGES:,} edges."
                self.problems.error("too-large", message, field="edges", path=("edges",))
                break
        return tuple(edges)

    def _edge_line(self, line: Any, number: int, edges: list[Edge]) -> None:
        parts = [part.strip() for part in line.split("->")] if isinstance(line, str) else []
        matches = [_PORTED.fullmatch(part) for part in parts]
        message = None
        if len(parts) < 2:
            message = "An edge is a line such as `start -> read` or `each.body -> price -> add`."
        elif None in matches:
            wrong = parts[matches.index(None)]
            message = f"`{wrong[:80]}` is not valid in an edge. Write `node -> node` or `node.port -> node`."
        else:
            ported = next((match for match in matches[1:] if match and match[2]), None)
            if ported:
                message = (
                    f"`{ported[0]}` names a port, which only the first node of a line may do. "
                    f"Begin another line with it: `{ported[0]} -> ...`."
                )
        if message:
            self.problems.error("edge", message, field=f"edges.{number}", path=("edges", str(number)))
            return
        first = matches[0]
        assert first is not None
        source, port = first[1], first[2] or NEXT
        line_number = self.lines.get(("edges", str(number)))
        for target in parts[1:]:
            edges.append(Edge(source=source, port=port, target=target))
            if line_number is not None:
                self.lines["edges", source, port, target] = line_number
            source, port = target, NEXT

    def _layout(self, value: Any) -> dict[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.problems.error("shape", "`layout` must be an object.", field="layout", path=("layout",))
            return {}
        plain = self._plain(dict(value), ("layout",))
        return plain if isinstance(plain, dict) else {}

    # Parts that several of the above need.

    def _error(self, code: str, message: str, path: tuple[str, ...]) -> None:
        if path[0] == "nodes" and len(path) > 1:
            rest = path[3:] if path[2:3] == ("with",) and len(path) > 3 else path[2:]
            self.problems.error(code, message, node=path[1], field=".".join(rest) or None, path=path)
        else:
            self.problems.error(code, message, field=".".join(path), path=path)

    def _is_object(self, value: Any, path: tuple[str, ...], what: str, example: str) -> bool:
        if isinstance(value, Mapping):
            return True
        self._error("shape", f"{what} must be an object such as `{example}`.", path)
        return False

    def _known(self, value: Mapping[str, Any], known: tuple[str, ...], path: tuple[str, ...], what: str) -> None:
        for key in value:
            if key not in known:
                shown = str(key)[:80]
                hint = self.problems.unknown(shown, known).hint or f" It may have {quoted(known)}."
                self._error("unknown-key", f"{what} has no `{shown}`.{hint}", (*path, shown))

    def _text_keys(self, value: Mapping[Any, Any], path: tuple[str, ...]) -> list[tuple[str, Any]]:
        pairs = []
        for key, item in value.items():
            if isinstance(key, str):
                pairs.append((self._text(key, path), item))
            else:
                self._error("shape", f"The key `{str(key)[:80]}` must be a text.", path)
        return pairs

    def _value(self, value: Any, kind: type, path: tuple[str, ...]) -> Any:
        """The value if it is of that kind, else None and a problem."""
        wrong = isinstance(value, bool) is not (kind is bool) or not isinstance(
            value, int | float if kind is float else kind
        )
        if wrong or (kind is float and not math.isfinite(value)) or (kind in (int, float) and abs(value) > 1e15):
            self._error("shape", f"It must be {_WORDS[kind]}.", path)
            return None
        return self._text(value, path) if kind is str else value

    def _text(self, value: str, path: tuple[str, ...]) -> str:
        try:
            value.encode()
        except UnicodeEncodeError:
            self._error("encoding", "The text holds half of a surrogate pair, which is not a character.", path)
            return "?"
        return value

    def _plain(self, value: Any, path: tuple[str, ...], depth: int = 0) -> Any:
        """A copy of JSON-like data; anything else is a problem."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self._text(value, path)
        if isinstance(value, int):
            if abs(value) > _LARGEST_INTEGER:
                self._error("number", "The whole number has more than 64 bits. Write it as a text.", path)
            return value
        if isinstance(value, float):
            if not math.isfinite(value):
                self._error("number", "Infinity and NaN are not valid numbers here.", path)
            return value
        if depth >= DEEPEST_VALUE:
            self._error("too-deep", f"More than {DEEPEST_VALUE} nested lists and objects are not allowed.", path[:4])
            return None
        if isinstance(value, Mapping):
            return {key: self._plain(item, (*path, key), depth + 1) for key, item in self._text_keys(value, path)}
        if isinstance(value, list | tuple):
            return [self._plain(item, (*path, str(index)), depth + 1) for index, item in enumerate(value)]
        self._error(
            "shape", f"A {type(value).__name__} cannot be part of a document, which holds only JSON values.", path
        )
        return None

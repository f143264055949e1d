"""Reading and writing a flow document. Pure: texts and data come in and go out, files are somebody else's.

What a document means is checked later and against a catalogue (`check.py`); here only its shape counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import msgspec

from exekra.flow.document_reader import read_document
from exekra.flow.errors import FlowError, Lines, Problem
from exekra.flow.migrations import upgrade
from exekra.flow.model import NEXT, Edge, Flow
from exekra.flow.yaml_text import read_yaml, write_yaml
from exekra.sdk.selector import logic_of, to_data

LARGEST = 10_000_000
"""The most characters that a document's text may have."""


@dataclass(frozen=True, slots=True)
class FlowText:
    """A flow read from text, with the line of each of its parts (none for JSON)."""

    flow: Flow
    lines: Lines = field(default_factory=dict)


def load_flow(text: str) -> Flow:
    """Read a flow from YAML or JSON text.

    Raises:
        FlowError: The text is not a flow document; `problems` has everything that was found.
    """
    return read_flow(text).flow


def read_flow(text: str) -> FlowText:
    """Read a flow from YAML or JSON text and remember the lines, for `check_flow(..., lines=...)`.

    Raises:
        FlowError: The text is not a flow document; `problems` has everything that was found.
    """
    if len(text) > LARGEST:
        _refuse("too-large", f"The document has {len(text):,} characters; at most {LARGEST:,} are read.")
    text = text.removeprefix("\ufeff")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        _refuse(
            "encoding",
            "The document holds half of a surrogate pair, which is not a character.",
            _line(text, error.start),
        )
    lines: dict[tuple[str, ...], int] = {}
    if text.lstrip().startswith("{"):
        document = _read_json(text)
    else:
        document, lines = read_yaml(text)
    if document is None:
        _refuse("empty", "The document is empty. It must hold `format`, `name`, `nodes` and `edges`.")
    if not isinstance(document, dict):
        _refuse("no-object", "The document must be an object with `format`, `name`, `nodes` and `edges` at its top.", 1)
    return FlowText(read_document(upgrade(document, lines), lines), lines)


def parse_document(document: Mapping[str, Any]) -> Flow:
    """Make a flow out of JSON-like data, which is copied. Earlier formats are upgraded.

    Raises:
        FlowError: The data is not a flow document; `problems` has everything that was found.
    """
    if not isinstance(document, Mapping):
        _refuse("no-object", "The document must be an object with `format`, `name`, `nodes` and `edges` at its top.")
    return read_document(upgrade(document), {})


def to_document(flow: Flow) -> dict[str, Any]:
    """The flow as JSON-like data, in the order in which people read it; what has its default is left out."""
    document: dict[str, Any] = {"format": flow.format, "name": flow.name}
    if flow.description:
        document["description"] = flow.description
    sections: tuple[tuple[str, Mapping[str, msgspec.Struct]], ...] = (
        ("inputs", flow.inputs),
        ("outputs", flow.outputs),
        ("variables", flow.variables),
        ("nodes", flow.nodes),
    )
    for name, section in sections:
        if section or name == "nodes":
            document[name] = {key: _part(item) for key, item in section.items()}
    document["edges"] = edge_lines(flow.edges)
    if flow.elements:
        document["elements"] = {name: to_data(element) for name, element in flow.elements.items()}
    if flow.layout:
        document["layout"] = msgspec.to_builtins(flow.layout)
    return document


def _part(item: msgspec.Struct) -> dict[str, Any]:
    part: dict[str, Any] = msgspec.to_builtins(item)
    if "errors" in part.get("retry", ()):
        part["retry"]["errors"] = list(part["retry"]["errors"])  # msgspec leaves tuples as they are.
    return part


def edge_lines(edges: tuple[Edge, ...]) -> list[str]:
    """Edges as lines such as `each.body -> price -> add`; following edges that continue by `next` share a line."""
    lines: list[str] = []
    last: str | None = None
    length = 0
    for edge in edges:
        if edge.port == NEXT and edge.source == last and length < _LONGEST_CHAIN:
            lines[-1] += f" -> {edge.target}"
            length += 1
        else:
            source = edge.source if edge.port == NEXT else f"{edge.source}.{edge.port}"
            lines.append(f"{source} -> {edge.target}")
            length = 1
        last = edge.target
    return lines


_LONGEST_CHAIN = 6  # Longer lines are hard to read, and a small change would touch too much.


def dump_yaml(flow: Flow) -> str:
    """The flow as YAML for people and for git. `load_flow` of it gives an equal flow."""
    return write_yaml(to_document(flow))


def content_hash(flow: Flow) -> str:
    """The SHA-256 (hex) of all that an execution needs: the same for flows that differ in layout, or in an order
    without meaning.

    The order of the edges that leave one port is kept: it numbers the branches of a Parallel.
    """
    return _hash(to_document(flow), flow)


def logic_hash(flow: Flow) -> str:
    """The SHA-256 (hex) of the flow's logic: `content_hash`, without what was seen when its elements were recorded."""
    document = to_document(flow)
    if flow.elements:
        document["elements"] = {name: logic_of(element) for name, element in flow.elements.items()}
    return _hash(document, flow)


def _hash(document: dict[str, Any], flow: Flow) -> str:
    document.pop("layout", None)
    ordered = sorted(flow.edges, key=lambda edge: (edge.source, edge.port))
    document["edges"] = [[edge.source, edge.port, edge.target] for edge in ordered]
    return hashlib.sha256(msgspec.json.encode(document, order="deterministic")).hexdigest()


def _read_json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number, parse_int=_integer)
    except json.JSONDecodeError as error:
        try:
            return read_yaml(text)[0]  # YAML may begin with a brace too.
        except FlowError:
            _refuse("json", f"The text is not JSON at column {error.colno}: {error.msg}.", error.lineno)
    except RecursionError:
        _refuse("too-deep", "Lists and objects are nested too deeply.")
    except ValueError as error:
        _refuse("json", f"The text cannot be read as JSON: {error}.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise FlowError([Problem(code="duplicate-key", message=f"`{key}` appears twice. Remove or rename one.")])
        found[key] = value
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a valid number")


def _integer(word: str) -> int:
    if len(word) > 20:
        raise ValueError(f"{word[:20]}... has more than 64 bits, so write it as a text")
    return int(word)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _refuse(code: str, message: str, line: int | None = None) -> NoReturn:
    raise FlowError([Problem(code=code, message=message, line=line)]) from None

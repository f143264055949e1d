"""The flow document: what a workflow is, as frozen data. Reading and writing it is `document.py`'s work.

A token starts at `start` and walks along the edges; `docs/explain/language.md` explains the meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from exekra.sdk.selector import Selector

FORMAT = "exekra.flow/1"
"""The format of documents that this version writes."""

START = "start"
"""The id under which edges name the place where the token begins; no node may have it."""

NEXT = "next"
"""The port that an edge leaves from when it names none."""

ERROR = "error"
"""The port that every node has for its failure."""

ValueType = Literal[
    "text",
    "number",
    "boolean",
    "date",
    "time",
    "duration",
    "list",
    "object",
    "table",
    "file",
    "credential",
    "any",
]


class Parameter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An input of the flow. Without a `default` it must be given."""

    type: ValueType = "any"
    default: Any = msgspec.UNSET
    description: str = ""


class Output(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An output of the flow: the value of `value` (a template) when the flow ends, or of the variable of that name.

    A Return node may set it instead.
    """

    type: ValueType = "any"
    value: Any = msgspec.UNSET
    description: str = ""


class Variable(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A variable of the flow, set by Set Variable and Add to List."""

    type: ValueType = "any"
    default: Any = None
    description: str = ""


class Retry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Try a failed node again.

    The wait before retry n (1, 2, ...) is `delay * backoff ** (n - 1)` seconds, at most `longest`, changed by a
    random share of up to `jitter` in both directions. A server that names a time (Retry-After) is asked again no
    earlier; where that is later than `longest`, the node fails at once. Only retryable errors are retried; with
    `errors`, only those types.
    """

    times: int
    delay: float = 1.0
    backoff: float = 1.0
    longest: float = 300.0
    jitter: float = 0.0
    errors: tuple[str, ...] = ()


class Node(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    rename={"inputs": "with"},
):
    """One use of an activity or a control node.

    `inputs` (`with` in the document) holds literals and templates by field name; `timeout` is in seconds and
    covers one attempt.
    """

    do: str
    inputs: Mapping[str, Any] = {}
    retry: Retry | None = None
    timeout: float | None = None
    continue_on_error: bool = False
    enabled: bool = True


class Edge(msgspec.Struct, frozen=True):
    """The token's way from a port of one node to another node."""

    source: str
    port: str
    target: str


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """A whole workflow.

    `elements` are the elements of pages that nodes refer to by name. `layout` (positions, notes, groups, breakpoints)
    has no meaning for an execution and is kept as it is.
    """

    name: str
    description: str = ""
    inputs: Mapping[str, Parameter] = {}
    outputs: Mapping[str, Output] = {}
    variables: Mapping[str, Variable] = {}
    nodes: Mapping[str, Node] = {}
    edges: tuple[Edge, ...] = ()
    elements: Mapping[str, Selector] = {}
    layout: Mapping[str, Any] = {}
    format: str = FORMAT

"""A small catalogue and short ways to write flows, for the tests of documents."""

from __future__ import annotations

from typing import Any

from exekra.flow.document import FlowText, read_flow
from exekra.sdk.catalogue import Catalogue, CatalogueEntry, InputEntry, OutputEntry


def _field(name: str, schema: dict[str, Any], *, required: bool = False, default: Any = None) -> InputEntry:
    return InputEntry(
        name=name, title=name, description=f"The {name}.", schema=schema, required=required, default=default
    )


def _output(name: str, schema: dict[str, Any]) -> OutputEntry:
    return OutputEntry(name=name, description=f"The {name}.", schema=schema)


_TEXT = {"type": "string", "x-widget": "text"}

CATALOGUE = Catalogue(
    (
        CatalogueEntry(
            id="excel.read_range",
            title="Read range",
            summary="Read rows",
            category="Excel",
            inputs=(
                _field("path", {"type": "string", "minLength": 1, "x-widget": "file"}, required=True),
                _field("sheet", {"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 1}]}, default=1),
                _field("header", {"type": "boolean", "x-widget": "switch"}, default=True),
            ),
            outputs=(_output("rows", {"x-widget": "table"}), _output("count", {"type": "integer"})),
            aliases=("excel.read",),
        ),
        CatalogueEntry(
            id="http.request",
            title="Request",
            summary="Ask a service",
            category="Web",
            inputs=(
                _field("url", _TEXT, required=True),
                _field("method", {"enum": ["GET", "POST"], "type": "string", "x-widget": "choice"}, default="GET"),
                _field("headers", {"type": "object", "additionalProperties": {"type": "string"}}, default={}),
                _field("token", {"anyOf": [{"type": "string"}, {"type": "null"}], "x-widget": "credential"}),
                _field("timeout", {"type": "number", "minimum": 0, "maximum": 100, "x-widget": "seconds"}, default=30),
            ),
            outputs=(_output("status", {"type": "integer"}), _output("json", {}), _output("body", _TEXT)),
        ),
        CatalogueEntry(
            id="general.log",
            title="Log",
            summary="Write a line",
            category="General",
            inputs=(_field("message", _TEXT, required=True),),
        ),
    )
)

HEAD = "format: exekra.flow/1\nname: Test\n"


def flow_text(body: str) -> FlowText:
    """Read a flow of which only the part after its name is given."""
    return read_flow(HEAD + body)


def nodes(**kinds: str) -> str:
    """The lines of a document that hold these nodes."""
    return "nodes:\n" + "".join(f"  {id}: {kind}\n" for id, kind in kinds.items())

"""The JSON Schema of a flow document, made from the model, so that editors help people who write one by hand."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec

from exekra.flow.document_reader import IDENTIFIER, LONGEST_NAME
from exekra.flow.model import FORMAT, Node, Output, Parameter, Variable
from exekra.sdk.selector import Selector

_NAMES = {"pattern": f"^{IDENTIFIER}$", "maxLength": LONGEST_NAME}
_EDGE = rf"^\s*{IDENTIFIER}(\.{IDENTIFIER})?(\s*->\s*{IDENTIFIER})+\s*$"


_SELECTOR = {"anyOf": [{"type": "string", "minLength": 1}, {"$ref": "#/$defs/Selector"}]}


def _components(*kinds: type) -> dict[str, Any]:
    _, components = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    for component in components.values():
        component["description"] = inspect.cleandoc(component["description"])
    return components


def selector_schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12) of a selector; `Selector.read` looks closer at some parts."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Exekra selector",
        "description": "How an element of a page is found: as a text that a person wrote, or as an object.",
        **_SELECTOR,
        "$defs": _components(Selector),
    }


def flow_schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12) of what `to_document` gives.

    `parse_document` asks for a little more (no reserved words as names) and forgives a little (an empty part).
    """
    components = _components(Parameter, Output, Variable, Node, Selector)

    def section(kind: type, description: str) -> dict[str, Any]:
        return {
            "description": description,
            "type": ["object", "null"],
            "propertyNames": _NAMES,
            "additionalProperties": {"$ref": f"#/$defs/{kind.__name__}"},
        }

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Exekra workflow",
        "description": "A workflow: nodes, and the edges along which the token walks.",
        "type": "object",
        "required": ["format", "name"],
        "additionalProperties": False,
        "properties": {
            "format": {"description": "The format of the document.", "const": FORMAT},
            "name": {"description": "What the workflow is called.", "type": "string", "minLength": 1, "maxLength": 200},
            "description": {"description": "What it is for.", "type": "string"},
            "inputs": section(Parameter, "Values that are given when it starts."),
            "outputs": section(Output, "Values that it returns when it ends."),
            "variables": section(Variable, "Values that nodes set."),
            "nodes": section(Node, "The nodes by their id, which is also the name of their result."),
            "edges": {
                "description": "Lines such as `start -> read -> each` or `each.body -> price`.",
                "type": ["array", "null"],
                "items": {"type": "string", "pattern": _EDGE},
            },
            "elements": {
                "description": "Elements of pages, which nodes name: each a text, or an object with all that is known.",
                "type": ["object", "null"],
                "propertyNames": _NAMES,
                "additionalProperties": _SELECTOR,
            },
            "layout": {
                "description": "Positions, notes and groups: kept as they are, without meaning for an execution.",
                "type": ["object", "null"],
            },
        },
        "$defs": components,
    }

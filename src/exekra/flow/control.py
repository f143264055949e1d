"""The control nodes: the language's own nodes, which steer the token. They share the entry shape of activities.

`docs/explain/language.md` explains what each does; the engine runs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from exekra.flow.calls import LARGEST_VERSION
from exekra.flow.model import Node
from exekra.sdk.catalogue import Catalogue, CatalogueEntry, ErrorEntry, InputEntry, OutputEntry

_CATEGORY = "Control"

_Mode = Literal["template", "text", "variable", "name"]


def _input(
    name: str,
    description: str,
    schema: dict[str, Any],
    *,
    required: bool = False,
    default: Any = None,
    mode: _Mode = "template",
) -> InputEntry:
    return InputEntry(
        name=name,
        title=name.replace("_", " ").capitalize(),
        description=description,
        schema=schema,
        required=required,
        default=default,
        mode=mode,
    )


_TEXT = {"type": "string", "x-widget": "text"}
_NAME = {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "x-widget": "text"}
_OPTIONAL_NAME = {"anyOf": [_NAME, {"type": "null"}], "x-widget": "text"}
_BOOLEAN = {"type": "boolean", "x-widget": "switch"}
_ANY = {"x-widget": "any"}
_ANY_ITEMS = {"x-widget": "any", "x-takes": ["table", "list"]}
_ANY_ITEMS = {"x-widget": "any", "x-takes": ["table", "list"]}
_OBJECT = {"type": "object", "x-widget": "object"}
_LIMIT = {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}], "x-widget": "number"}
_WORKFLOW = {"type": "string", "minLength": 1, "x-widget": "workflow"}
_VERSION = {
    "anyOf": [{"type": "integer", "minimum": 1, "maximum": LARGEST_VERSION}, {"type": "null"}],
    "x-widget": "workflow_version",
}
_ERRORS = {"type": "array", "items": {"type": "string"}, "x-widget": "list"}

_COUNT = OutputEntry(
    name="count",
    description="How many times the body was started.",
    schema={"type": "integer", "x-widget": "number"},
)
_CONDITION = "True or false, such as `{total > 10}`."
_VARIABLE = _input("variable", "The name of the variable.", _NAME, required=True, mode="variable")

_IF = CatalogueEntry(
    id="if",
    title="If",
    summary="Continue one way if a condition is true, another way if not",
    category=_CATEGORY,
    icon="arrows-split",
    kind="control",
    inputs=(_input("condition", _CONDITION, _BOOLEAN, required=True),),
    ports=("then", "else"),
)
_SWITCH = CatalogueEntry(
    id="switch",
    title="Switch",
    summary="Continue at the first case whose value is equal",
    category=_CATEGORY,
    icon="route",
    kind="control",
    inputs=(
        _input("value", "What is compared.", _ANY, required=True),
        _input("cases", "For each port the value that leads to it.", _OBJECT, required=True),
    ),
    ports=("default",),
)
_FOR_EACH = CatalogueEntry(
    id="for_each",
    title="For each",
    summary="Run the body once for every item of a list or row of a table",
    category=_CATEGORY,
    icon="repeat",
    kind="control",
    inputs=(
        _input("items", "The list, table or object to go through.", _ANY_ITEMS, required=True),
        _input("item", "The name of the current item in the body.", _NAME, default="item", mode="name"),
        _input("index", "The name of the item's number, counted from 0.", _OPTIONAL_NAME, mode="name"),
    ),
    outputs=(_COUNT,),
    ports=("body", "done"),
    bodies=("body",),
)
_WHILE = CatalogueEntry(
    id="while",
    title="While",
    summary="Run the body while a condition is true, checking it before each turn",
    category=_CATEGORY,
    icon="refresh",
    kind="control",
    inputs=(
        _input("condition", _CONDITION, _BOOLEAN, required=True),
        _input("limit", "Fail when the body has run this many times and the condition is still true.", _LIMIT),
    ),
    outputs=(_COUNT,),
    ports=("body", "done"),
    bodies=("body",),
    errors=(ErrorEntry(type="LoopLimitError", description="The loop reached its limit."),),
)
_DO_WHILE = CatalogueEntry(
    id="do_while",
    title="Do while",
    summary="Run the body, and again while a condition is true, checking it after each turn",
    category=_CATEGORY,
    icon="rotate-clockwise",
    kind="control",
    inputs=_WHILE.inputs,
    outputs=(_COUNT,),
    ports=("body", "done"),
    bodies=("body",),
    errors=_WHILE.errors,
)
_TRY = CatalogueEntry(
    id="try",
    title="Try",
    summary="Run nodes, and other nodes when one of them fails",
    category=_CATEGORY,
    icon="shield-check",
    kind="control",
    inputs=(_input("errors", "The types of errors to catch; all when empty.", _ERRORS, default=[], mode="text"),),
    ports=("try", "catch", "finally", "done"),
    bodies=("try", "catch", "finally"),
)
_PARALLEL = CatalogueEntry(
    id="parallel",
    title="Parallel",
    summary="Run several branches at the same time",
    category=_CATEGORY,
    icon="git-fork",
    kind="control",
    inputs=(
        _input(
            "on_error",
            "When a branch fails: stop the others immediately, or wait until they have ended.",
            {"enum": ["stop", "wait"], "type": "string", "x-widget": "choice"},
            default="stop",
        ),
        _input("at_once", "How many branches may run at the same time; all when empty.", _LIMIT),
    ),
    ports=("branch", "done"),
    bodies=("branch",),
)
_BREAK = CatalogueEntry(
    id="break",
    title="Break",
    summary="End the nearest loop",
    category=_CATEGORY,
    icon="door-exit",
    kind="control",
    ports=(),
)
_CONTINUE = CatalogueEntry(
    id="continue",
    title="Continue",
    summary="Continue with the next turn of the nearest loop",
    category=_CATEGORY,
    icon="player-track-next",
    kind="control",
    ports=(),
)
_CALL_WORKFLOW = CatalogueEntry(
    id="call_workflow",
    title="Call workflow",
    summary="Run another published workflow and return its outputs",
    category=_CATEGORY,
    icon="sitemap",
    kind="control",
    inputs=(
        _input("workflow", "The name of the workflow.", _WORKFLOW, required=True, mode="text"),
        _input(
            "version",
            "A published version to run, whatever is published later; otherwise the one that is published then.",
            _VERSION,
            mode="text",
        ),
        _input("inputs", "A value for each of its inputs.", _OBJECT, default={}),
    ),
)
_RETURN = CatalogueEntry(
    id="return",
    title="Return",
    summary="End the workflow with these outputs",
    category=_CATEGORY,
    icon="arrow-back-up",
    kind="control",
    inputs=(_input("values", "A value for each output; the others keep their own.", _OBJECT, default={}),),
    ports=(),
)
_FAIL = CatalogueEntry(
    id="fail",
    title="Fail",
    summary="Raise an error",
    category=_CATEGORY,
    icon="alert-triangle",
    kind="control",
    inputs=(
        _input("message", "What went wrong, for a person.", _TEXT, required=True),
        _input("type", "The name by which a Try can catch it.", _NAME, default="Failed", mode="text"),
        _input(
            "kind",
            "A business error is never retried; an application error may be.",
            {"enum": ["business", "application"], "type": "string", "x-widget": "choice"},
            default="business",
            mode="text",
        ),
    ),
    ports=(),
)
_SET_VARIABLE = CatalogueEntry(
    id="set_variable",
    title="Set variable",
    summary="Set a variable to a new value",
    category=_CATEGORY,
    icon="variable",
    kind="control",
    inputs=(_VARIABLE, _input("value", "The new value.", _ANY, required=True)),
)
_ADD_TO_LIST = CatalogueEntry(
    id="add_to_list",
    title="Add to list",
    summary="Add a value to the end of a list variable",
    category=_CATEGORY,
    icon="playlist-add",
    kind="control",
    inputs=(_VARIABLE, _input("value", "The value to add.", _ANY, required=True)),
)

CONTROL = Catalogue(
    (
        _IF,
        _SWITCH,
        _FOR_EACH,
        _WHILE,
        _DO_WHILE,
        _TRY,
        _PARALLEL,
        _BREAK,
        _CONTINUE,
        _CALL_WORKFLOW,
        _RETURN,
        _FAIL,
        _SET_VARIABLE,
        _ADD_TO_LIST,
    )
)
"""All control nodes."""

LOOPS = frozenset({"for_each", "while", "do_while"})
"""The control nodes that Break and Continue act on."""


SETTERS = frozenset({"set_variable", "add_to_list"})
"""The control nodes that set the variable that their field `variable` names."""


def entry_of(node: Node, catalogue: Catalogue) -> CatalogueEntry | None:
    """What is known of the node's kind: a control node, or an activity of the catalogue; None when unknown."""
    return CONTROL.entries.get(node.do) or catalogue.get(node.do)


def ports_of(node: Node, entry: CatalogueEntry) -> tuple[str, ...]:
    """The ports by which the token may leave, without `error`. A Switch has one for each case, then `default`."""
    if entry is _SWITCH:
        cases = node.inputs.get("cases")
        if isinstance(cases, Mapping):
            return (*cases, *entry.ports)
    return entry.ports


def bodies_of(entry: CatalogueEntry) -> tuple[str, ...]:
    """The ports whose chain the node runs by itself, so that the token comes back to it."""
    return entry.bodies


def passing_port(node: Node, entry: CatalogueEntry) -> str | None:
    """The port by which the token passes through the node when it is not enabled.

    It is the last one: `next`, `done`, `else` or `default`. None (Break, Return, ...) ends the body.
    """
    return ports_of(node, entry)[-1] if entry.ports else None

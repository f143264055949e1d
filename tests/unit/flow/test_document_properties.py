"""Generated flows, texts and data: nothing is lost in a document, and what is not a flow is refused in words."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from test_document import HEAD

from exekra.flow.document import content_hash, dump_yaml, load_flow, parse_document, to_document
from exekra.flow.document_reader import name_problem
from exekra.flow.errors import FlowError
from exekra.flow.model import Edge, Flow, Node, Output, Parameter, Retry, Variable

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    [
        "yes",
        "on",
        "1_000",
        "012",
        "1e5",
        "0o7",
        "null",
        "~",
        "",
        " ",
        "a\nb",
        "a\n\n\nb\n\n",
        " a\nb",
        "a \nb",
        "\ta\nb",
        "- a",
        "a: b",
        "a #b",
        "{a}",
        "\\{a}",
        '"',
        "'",
        "\u2028",
        "\x85",
        "\ufeff",
        "---",
        "...",
        "a\r\nb",
        "=",
        "<<",
        "\U0001f600",
    ]
)
NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True).filter(lambda name: name_problem(name) is None)
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)
TYPES = st.sampled_from(["text", "number", "boolean", "list", "object", "table", "file", "any"])
FINITE = st.floats(0, 1e6)


def fields(**known: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the fields."""
    return st.fixed_dictionaries({}, optional=known)


RETRIES = fields(
    delay=FINITE, backoff=FINITE, longest=FINITE, jitter=FINITE, errors=st.lists(NAMES, max_size=2).map(tuple)
).flatmap(lambda rest: st.integers(-5, 1000).map(lambda times: Retry(times=times, **rest)))
NODES = st.builds(
    lambda do, rest: Node(do=do, **rest),
    st.lists(NAMES, min_size=1, max_size=3).map(".".join),
    fields(
        inputs=st.dictionaries(TEXTS, PLAIN, max_size=3),
        retry=RETRIES,
        timeout=FINITE,
        continue_on_error=st.booleans(),
        enabled=st.booleans(),
    ),
)
FLOWS = st.builds(
    Flow,
    name=TEXTS.filter(lambda name: bool(name.strip())),
    description=TEXTS,
    inputs=st.dictionaries(NAMES, fields(type=TYPES, default=PLAIN).map(lambda f: Parameter(**f)), max_size=2),
    outputs=st.dictionaries(NAMES, fields(type=TYPES, value=PLAIN).map(lambda f: Output(**f)), max_size=2),
    variables=st.dictionaries(NAMES, fields(type=TYPES, description=TEXTS).map(lambda f: Variable(**f)), max_size=2),
    nodes=st.dictionaries(NAMES, NODES, max_size=4),
    edges=st.lists(st.builds(Edge, NAMES, NAMES, NAMES), max_size=6).map(tuple),
    layout=st.dictionaries(TEXTS, PLAIN, max_size=3),
)


@given(FLOWS)
@settings(max_examples=300)
def test_load_and_dump_give_the_same_flow(flow: Flow) -> None:
    again = load_flow(dump_yaml(flow))
    assert again == flow
    assert msgspec.json.encode(again) == msgspec.json.encode(flow)  # `1 == True`, but not in JSON.
    assert content_hash(again) == content_hash(flow)


@given(FLOWS)
@settings(max_examples=100)
def test_document_and_json_give_the_same_flow(flow: Flow) -> None:
    assert parse_document(to_document(flow)) == flow
    assert load_flow(json.dumps(to_document(flow))) == flow


@given(st.text(max_size=200) | st.text("{}[]:-,&*!|>'\"#%@` \n\tabc01.", max_size=60).map(lambda text: HEAD + text))
@settings(max_examples=500)
def test_any_text_is_a_flow_or_a_flow_error(text: str) -> None:
    with suppress(FlowError):
        load_flow(text)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each list or object within, with each index or key that it has."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield value, key
        yield from places(inner)


# Copies: a list that stood in two places, and is changed in one of them, could come to hold itself.
WRONG = PLAIN | st.sampled_from(
    [[], {}, "", "start", "a -> a", "a.b", "=", -1, 0, 10**12, 1e300, [[]], {"": None}]
).map(copy.deepcopy)
FIELDS = ["name", "description", "inputs", "outputs", "variables", "elements", "nodes", "edges", "layout"]
FIELDS += ["do", "with", "retry", "times", "delay", "errors", "timeout", "enabled", "type", "default", "value"]


@st.composite
def nearly_documents(draw: st.DrawFn) -> dict[str, Any]:
    """Documents of which a few places are something else, are gone, or have more beside them."""
    document: dict[str, Any] = copy.deepcopy(to_document(draw(FLOWS)))
    for _ in range(draw(st.integers(1, 3))):
        container, key = draw(st.sampled_from(list(places(document))))
        match draw(st.sampled_from(["replace", "replace", "add", "remove"])):
            case "remove":
                del container[key]
            case "add" if isinstance(container, dict):
                container[draw(st.sampled_from(FIELDS) | TEXTS)] = draw(WRONG)
            case _:
                container[key] = draw(WRONG)
        if not document:
            break
    return document


@given(nearly_documents())
@settings(max_examples=500)
def test_any_data_is_a_flow_or_a_flow_error(document: dict[str, Any]) -> None:
    with suppress(FlowError):
        flow = parse_document(document)
        assert parse_document(to_document(flow)) == flow

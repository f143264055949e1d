"""Reading and writing documents: what is understood, what is refused and with which words, and that nothing is lost."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from exekra.flow.document import content_hash, dump_yaml, edge_lines, load_flow, parse_document, to_document
from exekra.flow.errors import FlowError
from exekra.flow.migrations import upgrade
from exekra.flow.model import Edge, Flow, Node, Output, Parameter, Retry, Variable

HEAD = "format: exekra.flow/1\nname: Test\n"

WHOLE = """\
format: exekra.flow/1
name: Price the orders
description: |
  Reads orders,
  asks for prices.
inputs:
  file: {type: file, default: orders.xlsx}
outputs:
  total: {type: number}
variables:
  rejects: {type: list, default: []}
nodes:
  read:
    do: excel.read_range
    with: {path: "{file}", sheet: Orders}
  each:
    do: for_each
    with: {items: "{read.rows}", item: order}
  price:
    do: http.request
    with: {url: "{base}/prices/{order.sku}"}
    retry: {times: 3, delay: 1, backoff: 2}
    timeout: 10
  reject:
    do: add_to_list
    with: {variable: rejects, value: "{order}"}
edges:
- start -> read -> each
- each.body -> price
- price.error -> reject
layout:
  read: [120, 80]
"""


def problem_of(text: str) -> str:
    with pytest.raises(FlowError) as caught:
        load_flow(text)
    return caught.value.problems[0].text


def test_a_whole_document_is_read() -> None:
    flow = load_flow(WHOLE)
    assert flow.name == "Price the orders"
    assert flow.inputs == {"file": Parameter(type="file", default="orders.xlsx")}
    assert flow.outputs == {"total": Output(type="number")}
    assert flow.variables == {"rejects": Variable(type="list", default=[])}
    assert flow.nodes["price"] == Node(
        do="http.request",
        inputs={"url": "{base}/prices/{order.sku}"},
        retry=Retry(times=3, delay=1, backoff=2),
        timeout=10,
    )
    assert flow.edges == (
        Edge("start", "next", "read"),
        Edge("read", "next", "each"),
        Edge("each", "body", "price"),
        Edge("price", "error", "reject"),
    )
    assert flow.layout == {"read": [120, 80]}


def test_what_is_written_is_what_was_read() -> None:
    assert dump_yaml(load_flow(WHOLE)) == WHOLE


def test_json_is_the_same_model() -> None:
    flow = load_flow(WHOLE)
    assert load_flow(json.dumps(to_document(flow))) == flow
    assert load_flow('{format: exekra.flow/1, name: "in braces"}').name == "in braces"


def test_the_document_is_copied() -> None:
    document: dict[str, Any] = {"format": "exekra.flow/1", "name": "x", "layout": {"a": [1]}}
    flow = parse_document(document)
    document["layout"]["a"].append(2)
    assert flow.layout == {"a": [1]}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("No", "No"),
        ("2026-11-20", "2026-11-20"),
        ("1_000", "1_000"),
        ("0123", "0123"),
        ("0x1F", "0x1F"),
        ("12:30:45", "12:30:45"),
        ("+49", "+49"),
        (".5", ".5"),
        (".inf", ".inf"),
        ("1e999", "1e999"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("=", "="),
        ("<<", "<<"),
        ('"5"', "5"),
        ("5", 5),
        ("-5", -5),
        ("0.5", 0.5),
        ("1e3", 1000.0),
        ("true", True),
        ("True", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_plain_words(written: str, read: Any) -> None:
    flow = load_flow(f"{HEAD}nodes:\n  a:\n    do: x\n    with:\n      value: {written}\n")
    value = flow.nodes["a"].inputs["value"]
    assert value == read
    assert type(value) is type(read)


MALFORMED = {
    "": "The document is empty",
    "# only a comment": "The document is empty",
    "just text": "must be an object",
    "- a\n- b": "must be an object",
    "[1, 2]": "must be an object",
    "name: x": "The format is missing. Begin the document with `format: exekra.flow/1`",
    "format: exekra.flow/2\nname: x": "line 1, field `format`: The document was made by a newer Exekra",
    "name: x\nformat: bpmn": "line 2, field `format`: `bpmn` is not a valid workflow format",
    "format: exekra.flow/1": "needs a name",
    "format: exekra.flow/1\nname: 5": "line 2, field `name`: The workflow needs a name",
    HEAD + "nmae: y": "line 3, field `nmae`: A workflow has no `nmae`. Did you mean `name`?",
    HEAD + "name: y": "line 3: `name` appears twice",
    HEAD + "nodes:\n  a: {do: x}\n  b: {do: x}\n  a: {do: y}": "line 6: `a` appears twice",
    HEAD + "nodes:\n  a: &anchor {do: x}\n  b: *anchor": "line 4: Anchors and aliases",
    HEAD + "nodes:\n  a: !!python/object/apply:os.system [ls]": "line 4: The tag",
    HEAD + "nodes:\n\ta: {do: x}": "line 4: There is a tab at column 1",
    HEAD + "nodes:\n  a: {do: x": "line 5: The text is not YAML at column 1: did not find expected",
    HEAD + "---\nname: z": "line 3: A file holds one workflow",
    HEAD + "? [a, b]\n: c": "line 3: A key must be a text",
    HEAD + "nodes: [a, b]": "line 3, field `nodes`: `nodes` must be an object",
    HEAD + "nodes:\n  a: read": "line 4, node `a`: A node must be an object",
    HEAD + "nodes:\n  a: {with: {}}": "line 4, node `a`, field `do`: `do` must name an activity",
    HEAD + "nodes:\n  a: {do: 'x y'}": "`do` must name an activity",
    HEAD + "nodes:\n  a: {do: x, wiht: {}}": "A node has no `wiht`. Did you mean `with`?",
    HEAD + "nodes:\n  a: {do: x, with: [1]}": "node `a`, field `with`: `with` must be an object",
    HEAD + "nodes:\n  a:\n    do: x\n    timeout: soon": "line 6, node `a`, field `timeout`: It must be a number",
    HEAD + "nodes:\n  a: {do: x, timeout: true}": "It must be a number",
    HEAD + "nodes:\n  a: {do: x, enabled: 1}": "It must be true or false",
    HEAD + "nodes:\n  a: {do: x, retry: 3}": "`retry` must be an object such as `{times: 3, delay: 1}`",
    HEAD + "nodes:\n  a: {do: x, retry: {delay: 3}}": "`retry` needs `times`",
    HEAD + "nodes:\n  a: {do: x, retry: {times: 3, wait: 1}}": "`retry` has no `wait`",
    HEAD + "nodes:\n  a: {do: x, retry: {times: 1.5}}": "field `retry.times`: It must be a whole number",
    HEAD + "nodes:\n  a: {do: x, retry: {times: 1, errors: E}}": "`errors` must be a list",
    HEAD + "nodes:\n  for: {do: x}": "line 4, field `nodes.for`: `for` is a reserved word",
    HEAD + "nodes:\n  start: {do: x}": "`start` is a reserved word",
    HEAD + "nodes:\n  error: {do: x}": "`error` is a reserved word",
    HEAD + "nodes:\n  read it: {do: x}": "`read it` must be letters, digits and underscores",
    HEAD + f"nodes:\n  {'a' * 65}: {{do: x}}": "is longer than 64 characters",
    HEAD + "inputs:\n  a: {type: txt}": "line 4, field `inputs.a.type`: There is no type `txt`. Did you mean `text`?",
    HEAD + "inputs:\n  a: {type: [text]}": "There is no type",
    HEAD + "inputs:\n  a: text": "An input must be an object such as `{type: number}`",
    HEAD + "outputs:\n  a: {default: 1}": "An output has no `default`",
    HEAD + "variables:\n  a: {description: 1}": "field `variables.a.description`: It must be a text",
    HEAD + "edges: start -> a": "`edges` must be a list of lines",
    HEAD + "edges: [a]": "An edge is a line such as",
    HEAD + "edges: [5]": "An edge is a line such as",
    HEAD + "edges:\n- a -> b\n- a -> b.c -> d": "line 5, field `edges.1`: `b.c` names a port",
    HEAD + "edges: ['a -> ']": "is not valid in an edge",
    HEAD + "edges: ['a.b.c -> d']": "`a.b.c` is not valid in an edge",
    HEAD + "layout: 5": "`layout` must be an object",
    HEAD + "layout: " + "[" * 70 + "]" * 70: "line 3: More than 60 nested lists and objects",
    HEAD + "layout: {a: " + "[" * 55 + "]" * 55 + "}": "More than 50 nested lists and objects",
    "\ud800": "half of a surrogate pair",
    HEAD + "nodes:\n  a: {do: x, with: {v: \x00}}": "cannot be read as YAML",
    '{"format": "exekra.flow/1",': "The text is not JSON at column",
    '{"a": 1, "a": 2}': "`a` appears twice",
    '{"a": NaN}': "NaN is not a valid number",
    '{"a": ' + "9" * 5000 + "}": "has more than 64 bits",
    '{"a":' * 100_000: "nested too deeply",
    '{"format": "exekra.flow/1", "name": "x", "layout": {"a": 1e999}}': "Infinity and NaN are not valid numbers",
    '{"format": "exekra.flow/1", "name": "x", "layout": {"a": "\\ud800"}}': "half of a surrogate pair",
    '{"format": "exekra.flow/1", "name": "x", "layout": {"a": 9223372036854775808}}': "more than 64 bits",
    "a" * 10_000_001: "has 10,000,001 characters",
}


@pytest.mark.parametrize(("text", "words"), MALFORMED.items(), ids=range(len(MALFORMED)))
def test_a_malformed_document_is_refused_with_one_clear_sentence(text: str, words: str) -> None:
    assert words in problem_of(text)


def test_what_is_not_closed_is_named_with_its_beginning() -> None:
    assert problem_of(HEAD + "nodes:\n  a: {do: x").endswith("(while parsing a flow mapping in line 4).")


def test_an_alias_bomb_is_refused_at_once() -> None:
    bomb = "a: &a [x,x]\n" + "".join(f"{c}: &{c} [*{p},*{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True))
    assert "Anchors" in problem_of(bomb)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(FlowError) as caught:
        load_flow(HEAD + "nodes:\n  a: 5\n  b: {do: x, wiht: 1}\nedges: [x]\n")
    assert [problem.line for problem in caught.value.problems] == [4, 5, 6]
    assert caught.value.message.startswith("Line 4, node `a`: ")
    assert caught.value.message.endswith("(2 more problems.)")


def test_too_many_nodes_are_refused() -> None:
    document = {"format": "exekra.flow/1", "name": "x", "nodes": {f"n{i}": {"do": "x"} for i in range(10_001)}}
    with pytest.raises(FlowError, match="There are 10,001 nodes"):
        parse_document(document)


def test_data_that_is_no_json_is_refused() -> None:
    with pytest.raises(FlowError, match="A set cannot be part of a document"):
        parse_document({"format": "exekra.flow/1", "name": "x", "layout": {"a": {1, 2}}})
    with pytest.raises(FlowError, match="The key `1` must be a text"):
        parse_document({"format": "exekra.flow/1", "name": "x", "layout": {1: 2}})
    with pytest.raises(FlowError, match="must be an object"):
        parse_document([])  # type: ignore[arg-type]  # What a wrong request may hold.


def test_edges_in_a_row_share_a_line() -> None:
    edges = (
        Edge("start", "next", "a"),
        Edge("a", "next", "b"),
        Edge("b", "body", "c"),
        Edge("c", "next", "d"),
        Edge("b", "done", "e"),
    )
    assert edge_lines(edges) == ["start -> a -> b", "b.body -> c -> d", "b.done -> e"]


def test_the_hash_is_of_the_logic_alone() -> None:
    flow = load_flow(WHOLE)
    moved = msgspec.structs.replace(flow, layout={}, nodes=dict([*flow.nodes.items()][::-1]), edges=flow.edges[::-1])
    assert content_hash(moved) == content_hash(flow)
    other = msgspec.structs.replace(flow, edges=flow.edges[1:])
    assert content_hash(other) != content_hash(flow)
    assert len(content_hash(flow)) == 64


def test_the_order_of_branches_belongs_to_the_logic() -> None:
    one = Flow(name="x", edges=(Edge("p", "branch", "a"), Edge("p", "branch", "b")))
    two = Flow(name="x", edges=(Edge("p", "branch", "b"), Edge("p", "branch", "a")))
    assert content_hash(one) != content_hash(two)


def test_former_formats_are_upgraded_step_by_step() -> None:
    steps = {1: lambda d: {**d, "steps": [1]}, 2: lambda d: {**d, "steps": [*d["steps"], 2]}}
    upgraded = upgrade({"format": "exekra.flow/1"}, current="exekra.flow/3", steps=steps)
    assert upgraded == {"format": "exekra.flow/3", "steps": [1, 2]}
    with pytest.raises(FlowError, match="newer Exekra"):
        upgrade({"format": "exekra.flow/4"}, current="exekra.flow/3", steps=steps)


def test_multi_line_text_stays_readable() -> None:
    flow = Flow(name="x", nodes={"a": Node(do="python.run", inputs={"code": "a = 1\nif a:\n    b = {}\n"})})
    assert "code: |\n        a = 1\n        if a:\n            b = {}\n" in dump_yaml(flow)

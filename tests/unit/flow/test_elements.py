"""Elements of a flow: how they stand in a document, how nodes refer to them, and how values get into selectors."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from flow_samples import CATALOGUE, flow_text
from hypothesis import given
from hypothesis import strategies as st

from exekra.flow.check import check_flow
from exekra.flow.diff import diff_flows
from exekra.flow.document import content_hash, dump_yaml, load_flow, logic_hash, parse_document, to_document
from exekra.flow.elements import compile_selector
from exekra.flow.errors import FlowError, Problem
from exekra.flow.model import Flow
from exekra.flow.templates import TemplateError
from exekra.sdk.catalogue import Catalogue, CatalogueEntry, InputEntry
from exekra.sdk.selector import Selector
from exekra.sdk.selector_parts import SelectorError

SELECTOR = {"anyOf": [{"type": "string", "minLength": 1}, {"type": "object"}], "x-widget": "selector"}


def _field(name: str, schema: dict[str, Any], *, required: bool = False) -> InputEntry:
    return InputEntry(name=name, title=name, description=f"The {name}.", schema=schema, required=required)


PAGE = Catalogue(
    (
        *CATALOGUE.entries.values(),
        CatalogueEntry(
            id="page.click",
            title="Click",
            summary="Click an element",
            category="Page",
            inputs=(
                _field("target", SELECTOR, required=True),
                _field("near", {"anyOf": [SELECTOR, {"type": "null"}], "x-widget": "selector"}),
                _field("others", {"type": "array", "items": SELECTOR, "x-widget": "list"}),
                _field("note", {"type": "string", "x-widget": "text"}),
            ),
        ),
    )
)

TEXT = """\
format: exekra.flow/1
name: Save
inputs:
  customer: {type: text}
nodes:
  open:
    do: page.click
    with: {target: '#menu'}
  save:
    do: page.click
    with: {target: save_button, near: row}
edges:
- start -> open -> save
elements:
  save_button:
    label: Button "Save"
    page: {url: 'https://erp.example/invoices/17', title: Invoice 17}
    candidates:
    - {kind: data, value: '[data-testid="save"]', state: valid, count: 1}
    - kind: text
      value: //button[normalize-space(.)="Save"]
      text: {tag: button, equals: Save}
      state: multiple
      count: 2
    fingerprint:
      tag: button
      classes: [primary]
      attributes: {type: submit}
      rect: [812, 640, 96, 32]
  row: "text=Row of {customer}"
layout:
  nodes:
    open: {x: 1, y: 2}
"""


def page_problems(body: str) -> list[tuple[str, str | None, str | None, str]]:
    read = flow_text(body)
    return [(p.code, p.node, p.field, p.message) for p in check_flow(read.flow, PAGE, lines=read.lines)]


def test_elements_stand_between_logic_and_layout_and_are_written_as_they_were_read() -> None:
    flow = load_flow(TEXT)
    assert list(to_document(flow)) == ["format", "name", "inputs", "nodes", "edges", "elements", "layout"]
    assert dump_yaml(flow) == TEXT
    assert load_flow(dump_yaml(flow)) == flow
    assert parse_document(to_document(flow)) == flow
    assert check_flow(flow, PAGE) == ()


def test_a_document_without_elements_is_as_it_was() -> None:
    flow = flow_text("""\
inputs: {who: {type: text}}
nodes:
  a: {do: general.log, with: {message: "{who}"}}
edges: [start -> a]
layout: {nodes: {a: {x: 1, y: 2}}}
""").flow
    assert "elements" not in to_document(flow)
    stored_before_there_were_elements = "52440f8dfa5bcf044545116f3447d123335232efd30d29343091c2262e37897f"
    assert content_hash(flow) == logic_hash(flow) == stored_before_there_were_elements


@pytest.mark.parametrize(
    ("elements", "field", "message"),
    [
        ("{save: button}", "elements.save", "`button` is a single word"),
        ("{save: '#a >> b'}", "elements.save", "`>>` is not known"),
        ("{save: 5}", "elements.save", "an object with `candidates`"),
        ("{save: {candidates: []}}", "elements.save", "There are 0 candidates"),
        ("{save: {candidates: [{kind: id}]}}", "elements.save.candidates.0", "`value` is missing"),
        ("{save: {candidates: [{kind: id, value: x}], primry: 0}}", "elements.save", "There is no `primry` here"),
        ("{'save it': '#a'}", "elements.save it", "must be letters, digits and underscores"),
        ("{if: '#a'}", "elements.if", "is a reserved word"),
        ("[a]", "elements", "must be an object"),
    ],
)
def test_a_wrong_element_is_refused_with_its_place(elements: str, field: str, message: str) -> None:
    with pytest.raises(FlowError) as caught:
        flow_text(f"nodes: {{}}\nelements: {elements}\n")
    [problem] = caught.value.problems
    assert problem.field == field
    assert message in problem.message
    assert problem.line == 4


NODE = """\
nodes:
  click: {do: page.click, with: %s}
edges: [start -> click]
elements: {save: '#save', row: 'text={who}'}
"""


@pytest.mark.parametrize(
    ("inputs", "code", "field", "message"),
    [
        ("{target: svae}", "unknown-element", "target", "There is no element `svae`. Did you mean `save`?"),
        ("{target: table}", "unknown-element", "target", "for the tag write `css=table`"),
        ("{target: save, near: saev}", "unknown-element", "near", "Did you mean `save`?"),
        ("{target: save, others: ['#a', savee]}", "unknown-element", "others.1", "Did you mean `save`?"),
        ("{target: '#a >> b'}", "selector", "target", "`>>` is not known"),
        ("{target: 5}", "selector", "target", "A selector is a text"),
        ("{target: {candidates: [{kind: id, value: 1}]}}", "selector", "target.candidates.0.value", "must be a text"),
        ("{target: 'text={who}'}", "unknown-name", "target", "There is no `who` here."),
        ("{target: row}", "unknown-name", "target", "There is no `who` here. The element `row` uses it."),
        ("{target: 'text={who'}", "template", "target", "who"),
        ("{target: '#row-{1 + 1}'}", "", "", ""),
        ("{target: '#row-{n}'}", "template", "target", "must be inside quotes here, as in `[id=\"row-{number}\"]`"),
        ("{target: '//td[{n}]'}", "template", "target", "must be inside quotes here"),
        ("{target: '{{credential:x}}'}", "template", "target", "credential"),
        ("{target: '{who}'}", "unknown-name", "target", "There is no `who` here."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_target_is_told_at_its_field(inputs: str, code: str, field: str, message: str) -> None:
    found = [problem for problem in page_problems(NODE % inputs) if problem[0] != "unused-element"]
    if not code:
        assert found == []
        return
    [problem] = found
    assert problem[:3] == (code, "click", field)
    assert message in problem[3]


def test_an_element_is_wrong_once_and_not_at_each_of_its_nodes() -> None:
    body = (
        "nodes:\n  a: {do: page.click, with: {target: row}}\n  b: {do: page.click, with: {target: row}}\n"
        "edges: [start -> a -> b]\nelements: {row: '#row-{n}'}\n"
    )
    [problem] = page_problems(body)
    assert problem[:3] == ("template", None, "elements.row.candidates.0.value")


def test_an_element_that_no_node_uses_is_doubtful() -> None:
    body = (
        "nodes:\n  click: {do: page.click, with: {target: save, note: lone}}\n  off: {do: page.click, enabled: false, "
        "with: {target: later}}\nedges: [start -> click -> off]\n"
        "elements: {save: '#save', lone: '#a', later: '#b'}\n"
    )
    [problem] = page_problems(body)
    assert problem == (
        "unused-element",
        None,
        "elements.lone",
        "No node uses the element `lone`. Use it, or remove it.",
    )


def test_what_an_element_reads_counts_as_read() -> None:
    body = "inputs: {who: {type: text}}\n" + NODE % "{target: row, near: save}"
    assert page_problems(body) == []


# Values


def filled(text: Any, **scope: Any) -> Selector:
    value = compile_selector(text, {}).evaluate(scope)
    assert isinstance(value, Selector)
    return value


NASTY = 'it\'s "so" ]){x} \\ //a >> b'


@pytest.mark.parametrize(
    ("text", "scope", "value"),
    [
        ("text=Order {n}", {"n": 17}, '//*[normalize-space(.)="Order 17"]'),
        ("text={n}", {"n": 17.5}, '//*[normalize-space(.)="17.5"]'),
        ('role=button[name="Save {n}"]', {"n": 'a"b'}, 'role=button[name="Save a\\"b"]'),
        ('[id="row-{n}"]', {"n": 'a"b\\c'}, '[id="row-a\\"b\\\\c"]'),
        ("[id='row-{n}']", {"n": "a\"b'c"}, "[id='row-a\"b\\'c']"),
        ('[a="\\"{n}"]', {"n": '"'}, '[a="\\"\\""]'),
        ('//td[.="{n}"]', {"n": 'a"b'}, "//td[.='a\"b']"),
        ("//td[.='Row {n}' and @x=\"y\"]", {"n": 1}, '//td[.="Row 1" and @x="y"]'),
        ('//td[.="{n}"]', {"n": 'it\'s "so"'}, '//td[.=concat("it\'s ", \'"\', "so", \'"\', "")]'),
        ('[data-x="\\{n}"]', {}, '[data-x="{n}"]'),
    ],
)
def test_values_are_quoted_where_they_stand(text: str, scope: dict[str, Any], value: str) -> None:
    assert [candidate.value for candidate in filled(text, **scope).candidates] == [value]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(str.strip))
def test_no_value_changes_what_is_looked_for(value: str) -> None:
    if len(value) > 300:
        return
    other = Selector.parse("text=x").candidates[0].text
    assert other is not None
    assert filled("text={n}", n=value).candidates[0].text == msgspec.structs.replace(other, equals=value)
    [css] = filled('[id="{n}"]', n=value).candidates
    assert re.fullmatch(r'\[id="(?:[^"\\]|\\.)*"\]', css.value, re.DOTALL), "the value ends its quotes"
    assert Selector.parse(css.value.replace("{", "")).candidates[0].kind == "css"


def test_values_stand_in_every_part_that_may_hold_them() -> None:
    element = {
        "label": "{n}",
        "page": {"title": "{n}"},
        "frames": [{"candidates": [{"kind": "name", "value": 'iframe[name="{n}"]'}]}],
        "shadow": [{"candidates": [{"kind": "data", "value": '[data-x="{n}"]'}]}],
        "candidates": [
            {"kind": "text", "value": "-", "text": {"tag": "a", "startsWith": "{n}"}},
            {"kind": "text", "value": "-", "text": {"contains": "{n}"}},
        ],
        "anchors": [{"relation": "parent", "kind": "text", "text": "Row {n}"}],
        "fingerprint": {"name": "{n}"},
    }
    made = filled(element, n="N")
    assert made.frames[0].candidates[0].value == 'iframe[name="N"]'
    assert made.shadow[0].candidates[0].value == '[data-x="N"]'
    assert [candidate.value for candidate in made.candidates] == [
        '//a[starts-with(normalize-space(.), "N")]',
        '//*[contains(normalize-space(.), "N")]',
    ]
    assert made.anchors[0].text == "Row N"
    assert (made.label, made.page and made.page.title, made.fingerprint and made.fingerprint.name) == ("{n}",) * 3


@pytest.mark.parametrize("text", ["text={n}", "text=Order {n}", '[id="{n}"]', '//a[.="{n}"]'])
@pytest.mark.parametrize("value", ["", " ", None])
def test_an_empty_value_is_refused_since_it_would_match_too_much(text: str, value: Any) -> None:
    with pytest.raises(SelectorError, match=r"`\{n\}` is empty"):
        filled(text, n=value)


def test_a_value_that_is_too_long_is_refused() -> None:
    with pytest.raises(SelectorError, match="at most 2,000"):
        filled("text={n}", n="x" * 2001)


def test_one_expression_alone_becomes_the_selector() -> None:
    compiled = compile_selector("{n}", {})
    assert compiled.evaluate({"n": "#save"}) == "#save"
    assert compiled.names == {"n"}


def test_the_place_of_a_wrong_template_is_a_path() -> None:
    with pytest.raises(TemplateError) as caught:
        compile_selector({"candidates": [{"kind": "id", "value": "#a"}, {"kind": "css", "value": "#a-{n}"}]}, {})
    assert caught.value.path == ("candidates", 1, "value")


# Difference and hash


def changed(text: str, old: str, new: str) -> Flow:
    assert old in text
    return load_flow(text.replace(old, new))


def test_a_new_recording_of_an_element_is_no_change_of_logic() -> None:
    old = load_flow(TEXT)
    for before, after in (
        ("invoices/17", "invoices/18"),
        ("rect: [812, 640, 96, 32]", "rect: [0, 0, 96, 32]"),
        ("state: multiple", "state: invalid"),
        ("count: 1}", "count: 3}"),
    ):
        new = changed(TEXT, before, after)
        diff = diff_flows(old, new)
        assert [(part.id, part.change) for part in diff.elements] == [("save_button", "changed")]
        assert diff.recorded_again == ("save_button",)
        assert not diff.logic_changed
        assert not diff.layout_changed
        assert logic_hash(new) == logic_hash(old)
        assert content_hash(new) != content_hash(old), "an execution may heal by it"


def test_another_candidate_is_a_change_of_logic_and_stays_among_the_elements() -> None:
    new = changed(TEXT, "[data-testid=", "[data-test=")
    diff = diff_flows(load_flow(TEXT), new)
    assert [(part.id, [field.field for field in part.fields]) for part in diff.elements] == [
        ("save_button", ["candidates"])
    ]
    assert (diff.recorded_again, diff.nodes, diff.logic_changed) == ((), (), True)
    assert logic_hash(new) != logic_hash(load_flow(TEXT))


def test_a_renamed_element_is_seen_as_renamed() -> None:
    diff = diff_flows(load_flow(TEXT), load_flow(TEXT.replace("save_button", "save")))
    assert [(part.id, part.was, part.change) for part in diff.elements] == [("save", "save_button", "renamed")]
    assert [(part.id, [field.field for field in part.fields]) for part in diff.nodes] == [("save", ["with.target"])]


def test_elements_that_come_and_go_are_told() -> None:
    old, new = load_flow(TEXT), changed(TEXT, 'row: "text=Row of {customer}"', "line: '#line'")
    diff = diff_flows(old, new)
    assert [(part.id, part.change, part.fields[0].field) for part in diff.elements] == [
        ("row", "removed", "selector"),
        ("line", "added", "selector"),
    ]


def test_a_problem_has_the_line_of_its_element() -> None:
    read = flow_text("nodes: {}\nelements:\n  row: '#row-{n}'\n")
    [problem] = check_flow(read.flow, PAGE, lines=read.lines)
    assert isinstance(problem, Problem)
    assert (problem.line, problem.field) == (5, "elements.row.candidates.0.value")

"""An activity that takes selectors: what it gets for names, texts, objects and expressions."""

from __future__ import annotations

from typing import Any

import engine_probes
import msgspec
import pytest

from exekra.flow.check import check_flow
from exekra.flow.document import load_flow
from exekra.flow.events import NodeLeft
from exekra.sdk.activity import activity_catalogue
from exekra.sdk.selector import Selector
from exekra.testing.flows import FlowRun, run_flow_text

HEAD = """\
format: exekra.flow/1
name: Test
inputs: {who: {type: any, default: "O'Neill \\"Jr\\""}}
nodes:
  find: {do: probe.find, with: %s}
edges: [start -> find]
elements:
  save: "#save"
  row:
    label: The row of somebody
    candidates:
    - {kind: text, value: "-", text: {tag: tr, contains: "{who}"}}
    - {kind: xpath, value: '//tr[td="{who}"]'}
    anchors: [{relation: parent, kind: text, text: "{who}"}]
"""


async def ran(inputs: str, **given: Any) -> FlowRun:
    text = HEAD % inputs
    assert [problem.message for problem in check_flow(load_flow(text), activity_catalogue(), advice=False)] == []
    return await run_flow_text(text, inputs=given)


@pytest.mark.parametrize(
    ("inputs", "values"),
    [
        ("{target: save}", ["#save"]),
        ("{target: '#save'}", ["#save"]),
        ("{target: {candidates: [{kind: id, value: '#save'}]}}", ["#save"]),
        ("{target: 'css=save'}", ["save"]),
        ("{target: save, near: null}", ["#save"]),
        ("{target: save, near: save, others: [save, 'text=Save']}", [*["#save"] * 3, '//*[normalize-space(.)="Save"]']),
        (
            "{target: row}",
            [
                "//tr[contains(normalize-space(.), concat(\"O'Neill \", '\"', \"Jr\", '\"', \"\"))]",
                "//tr[td=concat(\"O'Neill \", '\"', \"Jr\", '\"', \"\")]",
            ],
        ),
        ("{target: '[title=\"{who}\"]'}", ['[title="O\'Neill \\"Jr\\""]']),
    ],
)  # fmt: skip
async def test_the_activity_gets_a_selector(probes: engine_probes.State, inputs: str, values: list[str]) -> None:
    run = await ran(inputs)
    assert run.outcome.failure is None
    [every] = probes.noted
    assert all(isinstance(one, Selector) for one in every)
    assert [candidate.value for one in every for candidate in one.candidates] == values


@pytest.mark.parametrize("given", ["#late", {"candidates": [{"kind": "css", "value": "#late"}]}])
async def test_an_expression_alone_may_give_a_text_or_an_object(probes: engine_probes.State, given: Any) -> None:
    run = await ran("{target: '{who}'}", who=given)
    assert run.outcome.failure is None
    assert probes.noted == [(Selector.parse("#late"),)]


@pytest.mark.parametrize(
    ("inputs", "given", "message"),
    [
        ("{target: '{who}'}", "save", "`target`: `save` is a single word"),
        ("{target: '{who}'}", "#a >> b", "`target`: `>>` is not known"),
        ("{target: '{who}'}", 5, "`target`: a selector is a text"),
        ("{target: row}", "", "`{who}` is empty, so no element can be found by it."),
        ("{target: row}", None, "`{who}` is empty"),
        ("{target: row}", "x" * 3000, "at most 2,000 are allowed"),
    ],
)
async def test_a_wrong_value_is_a_wrong_input(inputs: str, given: Any, message: str) -> None:
    run = await ran(inputs, who=given)
    failure = run.outcome.failure
    assert failure is not None
    assert (failure.node, failure.kind) == ("find", "application")
    assert message in failure.message


async def test_an_element_that_is_not_there_fails_its_node_alone() -> None:
    run = await run_flow_text(HEAD % "{target: svae}")
    assert run.outcome.failure is not None
    assert run.outcome.failure.type == "UnknownElementError"
    assert run.outcome.failure.message == "There is no element `svae`. Did you mean `save`?"


async def test_an_event_shows_a_selector_in_one_line() -> None:
    run = await ran("{target: row, near: 'text=Row {who}'}", who="Eve")
    [left] = run.of(NodeLeft)
    assert left.inputs == {"target": "The row of somebody", "near": "text=Row Eve"}


def test_the_catalogue_says_that_an_input_is_a_selector() -> None:
    entry = activity_catalogue().get("probe.find")
    assert entry is not None
    target, near, others = entry.inputs
    selector = {"anyOf": [{"type": "string", "minLength": 1}, {"type": "object"}], "x-widget": "selector"}
    assert target.schema == selector
    assert near.schema["x-widget"] == "selector"
    assert near.schema["anyOf"] == [selector, {"type": "null"}]
    assert others.schema["anyOf"][0]["items"] == selector
    assert msgspec.json.encode(entry)

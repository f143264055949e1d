"""The check before a run: each kind of mistake gives one sentence that names node and field; right flows give none."""

from __future__ import annotations

import pytest
from flow_samples import CATALOGUE, flow_text

from exekra.flow.check import check_flow
from exekra.flow.errors import Problem


def check(body: str) -> tuple[Problem, ...]:
    text = flow_text(body)
    return check_flow(text.flow, CATALOGUE, lines=text.lines, advice=False)


FRAME = """\
inputs:
  file: {{type: file}}
  people: {{type: list, default: []}}
variables:
  total: {{type: number, default: 0}}
  ready: {{type: boolean, default: false}}
  label: {{type: text, default: ""}}
  found: {{type: list, default: []}}
outputs:
  total: {{type: number}}
nodes:
  read: {{do: excel.read_range, with: {{path: "{{file}}"}}}}
  each: {{do: for_each, with: {{items: "{{read.rows}}", item: order, index: number}}}}
  ask: {{do: http.request, with: {{url: "http://prices/{{order.sku}}?n={{number}}"}}}}
  node: {node}
  after: {{do: general.log, with: {{message: "{{read.count}}"}}}}
edges:
- start -> read -> each
- each.body -> ask -> node
- each.done -> after
"""
"""A right flow with one node to fill in, which stands in the body of a loop, behind `read` and `ask`."""


def in_frame(node: str) -> tuple[Problem, ...]:
    return check(FRAME.format(node=node))


RIGHT = [
    "{do: general.log, with: {message: '{order.sku} {number} {ask.status} {total}'}}",
    "{do: general.log, with: {message: 4711}}",
    '{do: general.log, with: {message: "{upper(label)}"}}',
    '{do: general.log, with: {message: "{join([text(x) for x in found])}"}}',
    "{do: general.log, with: {message: 'a { b } {1} {\"x\": 1} \\{x}x'}}",
    "{do: http.request, with: {url: x, token: '{{credential:shop}}', headers: {A: '{label}'}}}",
    "{do: http.request, with: {url: x, timeout: '{total}'}}",
    "{do: excel.read, with: {path: a.xlsx, sheet: 2, header: '{ready}'}}",
    "{do: excel.read_range, with: {path: a.xlsx, sheet: Orders}}",
    "{do: set_variable, with: {variable: total, value: '{total + ask.status}'}}",
    "{do: set_variable, with: {variable: found, value: [1, '{order}']}}",
    "{do: add_to_list, with: {variable: found, value: '{order}'}}",
    "{do: if, with: {condition: '{total > 10 and ready}'}}",
    "{do: if, with: {condition: '{not label}'}}",
    "{do: if, with: {condition: '{order.paid}'}}",
    "{do: if, with: {condition: true}}",
    "{do: switch, with: {value: '{order.state}', cases: {paid: P, open: '{label}'}}}",
    "{do: break}",
    "{do: continue}",
    "{do: return, with: {values: {total: 5}}}",
    "{do: fail, with: {message: 'Order {order.sku} is wrong', type: WrongOrder, kind: business}}",
    "{do: call_workflow, with: {workflow: anything, inputs: {a: '{order}'}}}",
    "{do: general.log, with: {message: x}, retry: {times: 3, delay: 1, backoff: 2, jitter: 0.2}, timeout: 10}",
    "{do: general.log, with: {message: x}, continue_on_error: true}",
    "{do: foreign.thing, with: {x: '{nobody_knows}'}, enabled: false}",
]


@pytest.mark.parametrize("node", RIGHT)
def test_right_nodes_have_no_problem(node: str) -> None:
    assert in_frame(node) == ()


WRONG = [
    # Names.
    (
        "{do: general.log, with: {message: '{totl}'}}",
        "unknown-name",
        "message",
        "There is no `totl` here. Did you mean `total`?",
    ),
    ("{do: general.log, with: {message: '{ordr.sku}'}}", "unknown-name", "message", "Did you mean `order`?"),
    (
        "{do: general.log, with: {message: '{read.rowz}'}}",
        "unknown-field",
        "message",
        "`read` has no `rowz`. Did you mean `rows`?",
    ),
    ("{do: general.log, with: {message: '{after}'}}", "no-result", "message", "`after` has no result"),
    ("{do: general.log, with: {message: '{each.count}'}}", "too-early", "message", "`each` never runs before this"),
    ("{do: general.log, with: {message: '{error.message}'}}", "unknown-name", "message", "only in a Catch"),
    (
        "{do: http.request, with: {url: x, headers: {A: '{labell}'}}}",
        "unknown-name",
        "headers.A",
        "Did you mean `label`?",
    ),
    # Templates.
    ("{do: general.log, with: {message: '{total +}'}}", "template", "message", "character"),
    ("{do: general.log, with: {message: '{label.upper()}'}}", "template", "message", "upper"),
    ("{do: general.log, with: {message: '{total'}}", "template", "message", "not closed"),
    ("{do: general.log, with: {message: 'C:\\{label}'}}", "escaped", "message", "write two"),
    (
        "{do: general.log, with: {message: '{(total + 5) * 1.19}'}}",
        "plain-braces",
        "message",
        "write `{number((total +",
    ),
    ("{do: general.log, with: {message: 'It is {-total}'}}", "plain-braces", "message", "write `{number(-total)}`"),
    ("{do: general.log, with: {message: '{ label }'}}", "plain-braces", "message", "write `{label}`"),
    (
        "{do: general.log, with: {message: '{[label, 1]}'}}",
        "plain-braces",
        "message",
        "write `{default([label, 1], [])}`",
    ),
    ("{do: general.log, with: {message: '{2 * total}'}}", "plain-braces", "message", "write `{number(2 * total)}`"),
    ("{do: general.log, with: {message: '{{credential:x}}'}}", "credential", "message", "only a field for a secret"),
    ("{do: http.request, with: {url: x, headers: {A: '{{credential}}'}}}", "credential", "headers.A", "only a field"),
    ("{do: http.request, with: {url: x, token: hunter2}}", "secret", "token", "should not stand in a workflow"),
    # Activities and fields.
    ("{do: http.requst}", "unknown-activity", "do", "There is no activity `http.requst`. Did you mean `http.request`?"),
    ("{do: sap.login}", "unknown-activity", "do", "no package with activities `sap.*` is installed"),
    ("{do: foreach}", "unknown-activity", "do", "Did you mean `for_each`?"),
    ("{do: general.log, with: {messge: x}}", "unknown-input", "messge", "Did you mean `message`?"),
    ("{do: general.log}", "missing-input", "message", "message is required."),
    ("{do: http.request, with: {url: x, method: PUSH}}", "wrong-value", "method", 'one of "GET", "POST"'),
    ("{do: http.request, with: {url: x, timeout: 101}}", "wrong-value", "timeout", "at most 100, not 101"),
    ("{do: http.request, with: {url: x, timeout: soon}}", "wrong-value", "timeout", 'a number, not "soon"'),
    ("{do: http.request, with: {url: x, timeout: '5'}}", "wrong-value", "timeout", "without quotes"),
    ("{do: http.request, with: {url: x, headers: {A: [1]}}}", "wrong-value", "headers.A", "a text, not a list"),
    ("{do: http.request, with: {url: x, headers: no}}", "wrong-value", "headers", "an object"),
    ("{do: http.request, with: {url: [x]}}", "wrong-value", "url", "a text, not a list"),
    ("{do: excel.read_range, with: {path: ''}}", "wrong-value", "path", "must not be empty"),
    ("{do: excel.read_range, with: {path: x, sheet: 0}}", "wrong-value", "sheet", "at least 1, not 0"),
    ("{do: excel.read_range, with: {path: x, sheet: [1]}}", "wrong-value", "sheet", "a text or a whole number"),
    ("{do: excel.read_range, with: {path: x, header: 1}}", "wrong-value", "header", "true or false, not 1"),
    (
        "{do: excel.read_range, with: {path: '{read.rows}'}}",
        "wrong-type",
        "path",
        "a text, and `{read.rows}` is a table",
    ),
    # Control nodes.
    ("{do: if, with: {condition: '{total}'}}", "wrong-type", "condition", "true or false, and `{total}` is a number"),
    ("{do: if, with: {condition: '{total + 1}'}}", "wrong-type", "condition", "is a number"),
    ("{do: if, with: {condition: 'is {ready}'}}", "wrong-type", "condition", "is a text"),
    ("{do: if, with: {condition: yes}}", "wrong-value", "condition", 'true or false, not "yes"'),
    ("{do: if}", "missing-input", "condition", "Condition is required."),
    ("{do: switch, with: {value: 1, cases: {}}}", "cases", "cases", "must be written out"),
    ("{do: switch, with: {value: 1, cases: '{order}'}}", "cases", "cases", "must be written out"),
    ("{do: switch, with: {value: 1, cases: {not this: 1}}}", "cases", "cases.not this", "`not this` names a port"),
    ("{do: switch, with: {value: 1, cases: {default: 1}}}", "cases", "cases.default", "is already a port"),
    ("{do: for_each, with: {items: 5}}", "wrong-type", "items", "needs a list"),
    ("{do: for_each, with: {items: '{total}', item: i}}", "wrong-type", "items", "`{total}` is a number"),
    ("{do: for_each, with: {items: '{found}', item: order}}", "shadow", "item", "already the item of `each`"),
    ("{do: for_each, with: {items: '{found}', item: total}}", "shadow", "item", "`total` is a variable"),
    ("{do: for_each, with: {items: '{found}', item: read}}", "shadow", "item", "`read` is a node"),
    ("{do: for_each, with: {items: '{found}', item: i, index: i}}", "shadow", "index", "the same name `i`"),
    ("{do: for_each, with: {items: '{found}', item: a b}}", "name", "item", "must be letters"),
    ("{do: for_each, with: {items: '{found}'}}", "empty-body", None, "The loop is empty"),
    ("{do: while, with: {condition: true, limit: 0}}", "wrong-value", "limit", "at least 1"),
    ("{do: parallel}", "empty-body", None, "at least two branches"),
    ("{do: try}", "empty-body", None, "The Try is empty"),
    ("{do: set_variable, with: {variable: totl, value: 1}}", "unknown-variable", "variable", "Did you mean `total`?"),
    (
        "{do: set_variable, with: {variable: '{total}', value: 1}}",
        "unknown-variable",
        "variable",
        "without braces: `total`",
    ),
    ("{do: set_variable, with: {variable: file, value: 1}}", "unknown-variable", "variable", "is an input"),
    ("{do: set_variable, with: {variable: total, value: many}}", "wrong-value", "value", 'a number, not "many"'),
    ("{do: set_variable, with: {variable: total, value: '{label}'}}", "wrong-type", "value", "`{label}` is a text"),
    ("{do: set_variable, with: {variable: total, value: 'n{total}'}}", "wrong-type", "value", "is a text"),
    ("{do: return, with: {values: {totl: 1}}}", "unknown-output", "values.totl", "Did you mean `total`?"),
    ("{do: fail}", "missing-input", "message", "Message is required."),
    ("{do: fail, with: {message: x, kind: bad}}", "wrong-value", "kind", '"business", "application"'),
    ("{do: call_workflow, with: {inputs: {}}}", "missing-input", "workflow", "Workflow is required."),
    # Settings.
    ("{do: general.log, with: {message: x}, timeout: 0}", "timeout-range", "timeout", "more than 0"),
    ("{do: general.log, with: {message: x}, timeout: 1e9}", "timeout-range", "timeout", "at most 31,536,000"),
    (
        "{do: general.log, with: {message: x}, retry: {times: 0}}",
        "retry-range",
        "retry.times",
        "between 1 and 100, not 0",
    ),
    (
        "{do: general.log, with: {message: x}, retry: {times: 1, jitter: 2}}",
        "retry-range",
        "retry.jitter",
        "between 0 and 1",
    ),
    (
        "{do: if, with: {condition: true}, continue_on_error: true}",
        "continue-on-error",
        "continue_on_error",
        "cannot continue after an error",
    ),
]


@pytest.mark.parametrize(("node", "code", "field", "words"), WRONG, ids=[f"{w[1]}-{w[0]}" for w in WRONG])
def test_a_wrong_node_has_one_problem_that_names_it(node: str, code: str, field: str | None, words: str) -> None:
    # Loops here have no body, of which a warning tells beside the problem that is meant.
    (problem,) = [found for found in in_frame(node) if found.code == code or found.code != "empty-body"]
    assert (problem.code, problem.node, problem.field, problem.line) == (code, "node", field, 17)
    assert words in problem.message

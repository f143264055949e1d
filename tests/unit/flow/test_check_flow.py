"""The check before a run: each kind of mistake gives one sentence that names node and field; right flows give none."""

from __future__ import annotations

import time

import pytest
from flow_samples import CATALOGUE, flow_text

from exekra.flow.check import check_flow
from exekra.flow.document import parse_document
from exekra.flow.errors import Problem
from exekra.flow.model import Flow, Output, Parameter, Variable


def check(body: str, workflows: dict[str, Flow] | None = None) -> tuple[Problem, ...]:
    text = flow_text(body)
    find = workflows.get if workflows is not None else None
    return check_flow(text.flow, CATALOGUE, workflows=find, lines=text.lines)


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
    '{do: general.log, with: {message: "{[x * 2 for x in found]}"}}',
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
    ("{do: general.log, with: {message: '{{credential:x}}'}}", "credential", "message", "only a field for a secret"),
    ("{do: http.request, with: {url: x, headers: {A: '{{credential}}'}}}", "credential", "headers.A", "only a field"),
    ("{do: http.request, with: {url: x, token: hunter2}}", "secret", "token", "should not stand in a workflow"),
    # Activities and fields.
    ("{do: http.requst}", "unknown-activity", "do", "There is no activity `http.requst`. Did you mean `http.request`?"),
    ("{do: sap.login}", "unknown-activity", "do", "no package with activities `sap.*` is installed"),
    ("{do: foreach}", "unknown-activity", "do", "Did you mean `for_each`?"),
    ("{do: general.log, with: {messge: x}}", "unknown-input", "messge", "Did you mean `message`?"),
    ("{do: general.log}", "missing-input", "message", "`general.log` needs `message`: The message."),
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
    ("{do: if}", "missing-input", "condition", "`if` needs `condition`"),
    ("{do: switch, with: {value: 1, cases: {}}}", "cases", "cases", "must be written out"),
    ("{do: switch, with: {value: 1, cases: '{order}'}}", "cases", "cases", "must be written out"),
    ("{do: switch, with: {value: 1, cases: {not this: 1}}}", "cases", "cases.not this", "`not this` names a port"),
    ("{do: switch, with: {value: 1, cases: {default: 1}}}", "cases", "cases.default", "is a port already"),
    ("{do: for_each, with: {items: 5}}", "wrong-type", "items", "needs a list"),
    ("{do: for_each, with: {items: '{total}', item: i}}", "wrong-type", "items", "`{total}` is a number"),
    ("{do: for_each, with: {items: '{found}', item: order}}", "shadow", "item", "already the item of `each`"),
    ("{do: for_each, with: {items: '{found}', item: total}}", "shadow", "item", "`total` is a variable"),
    ("{do: for_each, with: {items: '{found}', item: read}}", "shadow", "item", "`read` is a node"),
    ("{do: for_each, with: {items: '{found}', item: i, index: i}}", "shadow", "index", "the same name `i`"),
    ("{do: for_each, with: {items: '{found}', item: a b}}", "name", "item", "must be letters"),
    ("{do: for_each, with: {items: '{found}'}}", "empty-body", None, "The loop has no body"),
    ("{do: while, with: {condition: true, limit: 0}}", "wrong-value", "limit", "at least 1"),
    ("{do: parallel}", "empty-body", None, "two edges or more"),
    ("{do: try}", "empty-body", None, "Nothing is tried"),
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
    ("{do: fail}", "missing-input", "message", "`fail` needs `message`"),
    ("{do: fail, with: {message: x, kind: bad}}", "wrong-value", "kind", '"business", "application"'),
    ("{do: call_workflow, with: {inputs: {}}}", "missing-input", "workflow", "`call_workflow` needs `workflow`"),
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
        "no way on",
    ),
]


@pytest.mark.parametrize(("node", "code", "field", "words"), WRONG, ids=[f"{w[1]}-{w[0]}" for w in WRONG])
def test_a_wrong_node_has_one_problem_that_names_it(node: str, code: str, field: str | None, words: str) -> None:
    # Loops here have no body, of which a warning tells beside the problem that is meant.
    (problem,) = [found for found in in_frame(node) if found.code == code or found.code != "empty-body"]
    assert (problem.code, problem.node, problem.field, problem.line) == (code, "node", field, 17)
    assert words in problem.message


# Flows of their own: what is known where.


def nodes(**kinds: str) -> str:
    return "nodes:\n" + "".join(f"  {id}: {kind}\n" for id, kind in kinds.items())


GET = "{do: http.request, with: {url: x}}"
SAY_GOT = "{do: general.log, with: {message: '{got.status}'}}"
IF = "{do: if, with: {condition: true}}"
LOOP = "{do: for_each, with: {items: [1]}}"
SAY_ERROR = "{do: general.log, with: {message: '{error.message}'}}"

ORDERS = [
    # A result of a node that ran before, on all ways.
    (nodes(got=GET, say=SAY_GOT), "start -> got -> say", None),
    (nodes(i=IF, got=GET, say=SAY_GOT), "start -> got -> i, i.then -> say, i.else -> say", None),
    (
        nodes(p="{do: parallel}", got=GET, other=GET, say=SAY_GOT),
        "start -> p, p.branch -> got, p.branch -> other, p.done -> say",
        None,
    ),
    (
        nodes(d="{do: do_while, with: {condition: '{got.status == 1}'}}", got=GET, say=SAY_GOT),
        "start -> d, d.body -> got, d.done -> say",
        None,
    ),
    (
        nodes(t="{do: try}", got=GET, f="{do: fail, with: {message: x}}", say=SAY_GOT),
        "start -> t, t.try -> got, t.catch -> f, t.done -> say",
        None,
    ),
    (
        nodes(t="{do: try}", a=GET, got=GET, say=SAY_GOT),
        "start -> t, t.try -> a, t.finally -> got, t.done -> say",
        None,
    ),
    (nodes(i=IF, got=GET, r="{do: return}", say=SAY_GOT), "start -> i, i.then -> got -> say, i.else -> r", None),
    # A result that is there only on some ways.
    (nodes(i=IF, got=GET, say=SAY_GOT), "start -> i, i.then -> got -> say, i.else -> say", "maybe-unset"),
    (nodes(each=LOOP, got=GET, say=SAY_GOT), "start -> each, each.body -> got, each.done -> say", "maybe-unset"),
    (nodes(each=LOOP, got=GET, say=SAY_GOT), "start -> each, each.body -> say -> got", "maybe-unset"),
    (
        nodes(t="{do: try}", got=GET, other=GET, say=SAY_GOT),
        "start -> t, t.try -> got, t.catch -> other, t.done -> say",
        "maybe-unset",
    ),
    (nodes(t="{do: try}", got=GET, say=SAY_GOT), "start -> t, t.try -> got, t.catch -> say", "maybe-unset"),
    (nodes(got=GET, say=SAY_GOT), "start -> got -> say, got.error -> say", "maybe-unset"),
    (
        nodes(w="{do: while, with: {condition: '{got.status == 1}'}}", got=GET),
        "start -> w, w.body -> got",
        "maybe-unset",
    ),
    (
        nodes(d="{do: do_while, with: {condition: true}}", i=IF, b="{do: break}", got=GET, say=SAY_GOT),
        "start -> d, d.body -> i, i.then -> b, i.else -> got, d.done -> say",
        "maybe-unset",
    ),
    # A result that can never be there.
    (nodes(got=GET, say=SAY_GOT), "start -> say -> got", "too-early"),
    (nodes(i=IF, got=GET, say=SAY_GOT), "start -> i, i.then -> got, i.else -> say", "too-early"),
    (nodes(got=GET, say=SAY_GOT), "start -> got, got.error -> say", "too-early"),
    (nodes(p="{do: parallel}", got=GET, say=SAY_GOT), "start -> p, p.branch -> got, p.branch -> say", "too-early"),
    (nodes(got="{do: http.request, with: {url: '{got.body}'}}"), "start -> got", "too-early"),
    (
        nodes(got="{do: http.request, with: {url: x}, enabled: false}", say=SAY_GOT),
        "start -> got -> say",
        "not-enabled",
    ),
    # `error`.
    (nodes(t="{do: try}", got=GET, say=SAY_ERROR), "start -> t, t.try -> got, t.catch -> say", None),
    (
        nodes(t="{do: try}", got=GET, each=LOOP, say=SAY_ERROR),
        "start -> t, t.try -> got, t.catch -> each, each.body -> say",
        None,
    ),
    (nodes(got=GET, other=GET, say=SAY_ERROR), "start -> got, got.error -> other -> say", None),
    (nodes(got=GET, say=SAY_ERROR), "start -> got -> say, got.error -> say", "maybe-unset"),
    (
        nodes(t="{do: try}", got=GET, other=GET, say=SAY_ERROR),
        "start -> t, t.try -> got, t.catch -> other, t.done -> say",
        "unknown-name",
    ),
    (nodes(t="{do: try}", got=GET, say=SAY_ERROR), "start -> t, t.try -> got, t.finally -> say", "unknown-name"),
    (
        nodes(got=GET, say="{do: general.log, with: {message: '{error.mesage}'}}"),
        "start -> got, got.error -> say",
        "unknown-field",
    ),
    # Loop items outside their body, and one name in two loops that do not meet.
    (
        nodes(each=LOOP, a=GET, say="{do: general.log, with: {message: '{item}'}}"),
        "start -> each, each.body -> a, each.done -> say",
        "unknown-name",
    ),
    (
        nodes(
            each=LOOP,
            a="{do: general.log, with: {message: '{item}'}}",
            two=LOOP,
            b="{do: general.log, with: {message: '{item}'}}",
        ),
        "start -> each, each.body -> a, each.done -> two, two.body -> b",
        None,
    ),
    # Jumps.
    (nodes(b="{do: break}"), "start -> b", "jump"),
    (
        nodes(each=LOOP, i=IF, b="{do: break}", c="{do: continue}"),
        "start -> each, each.body -> i, i.then -> b, i.else -> c",
        None,
    ),
    (
        nodes(each=LOOP, t="{do: try}", a=GET, b="{do: break}"),
        "start -> each, each.body -> t, t.try -> a, t.catch -> b",
        None,
    ),
    (
        nodes(each=LOOP, t="{do: try}", a=GET, b="{do: break}"),
        "start -> each, each.body -> t, t.try -> a, t.finally -> b",
        "jump",
    ),
    (
        nodes(each=LOOP, p="{do: parallel}", a=GET, b="{do: continue}"),
        "start -> each, each.body -> p, p.branch -> a, p.branch -> b",
        None,
    ),
    (nodes(p="{do: parallel}", a=GET, b="{do: return}"), "start -> p, p.branch -> a, p.branch -> b", None),
    (
        nodes(p="{do: parallel}", a=GET, each=LOOP, b="{do: break}"),
        "start -> p, p.branch -> a, p.branch -> each, each.body -> b",
        None,
    ),
]


@pytest.mark.parametrize(("body", "edges", "code"), ORDERS, ids=[f"{o[2]}: {o[1]}" for o in ORDERS])
def test_what_is_known_where(body: str, edges: str, code: str | None) -> None:
    assert [problem.code for problem in check(f"{body}edges: [{edges}]\n")] == ([code] if code else [])


def test_severities() -> None:
    maybe = check(nodes(i=IF, got=GET, say=SAY_GOT) + "edges: [start -> i, i.then -> got -> say, i.else -> say]\n")
    never = check(nodes(got=GET, say=SAY_GOT) + "edges: [start -> say -> got]\n")
    assert [problem.severity for problem in (*maybe, *never)] == ["warning", "error"]


def test_names_must_not_shadow_one_another() -> None:
    (problem,) = check("inputs: {a: {}}\nvariables: {a: {}}\n")
    assert (problem.code, problem.field) == ("shadow", "variables.a")
    (problem,) = check("variables: {got: {}}\n" + nodes(got=GET) + "edges: [start -> got]\n")
    assert (problem.code, problem.node, problem.message) == (
        "shadow",
        "got",
        "`got` is a variable and a node. Rename one of them.",
    )


def test_branches_may_not_set_the_same_variable() -> None:
    setting = "{do: set_variable, with: {variable: v, value: 1}}"
    (problem,) = check(
        "variables: {v: {}}\n"
        + nodes(p="{do: parallel}", a=setting, i=IF, b=setting)
        + "edges: [start -> p, p.branch -> a, p.branch -> i, i.then -> b]\n"
    )
    assert (problem.code, problem.node) == ("parallel-variable", "b")
    assert "`b` and `a` set the variable `v` in two branches of `p`" in problem.message


@pytest.mark.parametrize(
    ("outputs", "field", "words"),
    [
        ("{sum: {type: number}}", "outputs.sum", "has no value"),
        ("{sum: {value: '{totl}'}}", "outputs.sum.value", "Did you mean `total`?"),
        ("{sum: {value: '{later.status}'}}", "outputs.sum.value", "There is no `later`"),
        ("{sum: {value: {a: '{{credential}}'}}}", "outputs.sum.value.a", "cannot be an output"),
        ("{sum: {value: '{total +'}}", "outputs.sum.value", "not closed"),
    ],
)
def test_outputs_are_checked(outputs: str, field: str, words: str) -> None:
    (problem,) = check(f"variables: {{total: {{}}}}\noutputs: {outputs}\n")
    assert (problem.field, problem.line) == (field, 4)
    assert words in problem.message


@pytest.mark.parametrize(
    ("type", "value", "fits"),
    [
        ("date", "2026-11-20", False),
        ("date", "'{today()}'", True),
        ("time", "'14:30'", False),
        ("duration", "PT1H", False),
        ("table", "[{a: 1}]", False),
        ("table", "null", True),
        ("text", "'{upper(\"x\")}'", True),
        ("number", "'{upper(\"x\")}'", False),
    ],
)
def test_within_a_flow_nothing_is_converted(type: str, value: str, fits: bool) -> None:
    body = f"variables: {{v: {{type: {type}}}}}\n" + nodes(
        a=f"{{do: set_variable, with: {{variable: v, value: {value}}}}}"
    )
    assert [problem.field for problem in check(body + "edges: [start -> a]\n")] == ([] if fits else ["value"])


def test_a_return_may_give_an_output() -> None:
    body = nodes(r="{do: return, with: {values: {sum: 1}}}") + "outputs: {sum: {}}\nedges: [start -> r]\n"
    assert check(body) == ()


@pytest.mark.parametrize(
    ("declared", "fits"),
    [
        ("{type: number, default: 1.5}", True),
        ("{type: number, default: true}", False),
        ("{type: number, default: '1'}", False),
        ("{type: text, default: 1}", False),
        ("{type: boolean, default: false}", True),
        ("{type: boolean, default: 0}", False),
        ("{type: date, default: 2026-11-20}", True),
        ("{type: date, default: 20.11.2026}", False),
        ("{type: time, default: '14:30'}", True),
        ("{type: time, default: noon}", False),
        ("{type: duration, default: 90}", False),
        ("{type: duration, default: PT1H30M}", True),
        ("{type: duration, default: P1W}", False),
        ("{type: duration, default: long}", False),
        ("{type: list, default: {}}", False),
        ("{type: object, default: []}", False),
        ("{type: table, default: [{a: 1}]}", True),
        ("{type: table, default: [1]}", False),
        ("{type: any, default: [1]}", True),
        ("{type: list, default: null}", True),
    ],
)
def test_defaults_must_fit_their_type(declared: str, fits: bool) -> None:
    problems = check(f"variables:\n  v: {declared}\n")
    assert [problem.code for problem in problems] == ([] if fits else ["wrong-value"])


PRICES = Flow(
    name="Prices",
    inputs={"sku": Parameter(type="text"), "count": Parameter(type="number", default=1)},
    outputs={"price": Output(type="number")},
    variables={"price": Variable(type="number")},
)


@pytest.mark.parametrize(
    ("inputs", "read", "code", "words"),
    [
        ("{sku: A1}", "price", None, ""),
        ("{sku: A1, count: 2}", "price", None, ""),
        ("{}", "price", "missing-input", "The workflow `Prices` needs the input `sku`."),
        ("{sku: A1, cuont: 2}", "price", "unknown-input", "Did you mean `count`?"),
        ("{sku: null}", "price", "wrong-value", "must not be null"),
        ("{sku: A1, count: many}", "price", "wrong-value", "a number"),
        ("{sku: A1}", "prize", "unknown-field", "`call` has no `prize`. Did you mean `price`?"),
    ],
)
def test_calls_are_checked_against_the_called_workflow(inputs: str, read: str, code: str | None, words: str) -> None:
    body = nodes(
        call=f"{{do: call_workflow, with: {{workflow: Prices, inputs: {inputs}}}}}",
        say=f"{{do: general.log, with: {{message: '{{call.{read}}}'}}}}",
    )
    problems = check(body + "edges: [start -> call -> say]\n", {"Prices": PRICES})
    assert [problem.code for problem in problems] == ([code] if code else [])
    assert all(words in problem.message for problem in problems)


def test_an_unknown_workflow_is_an_error_only_where_workflows_are_known() -> None:
    body = nodes(call="{do: call_workflow, with: {workflow: Prizes}}") + "edges: [start -> call]\n"
    assert check(body) == ()
    (problem,) = check(body, {})
    assert (problem.code, problem.field) == ("unknown-workflow", "workflow")


def calling(name: str, *called: str) -> Flow:
    ids = {f"c{number}": {"do": "call_workflow", "with": {"workflow": other}} for number, other in enumerate(called)}
    return parse_document({"format": "exekra.flow/1", "name": name, "nodes": ids})


def test_recursion_is_told() -> None:
    body = nodes(call="{do: call_workflow, with: {workflow: A}}") + "edges: [start -> call]\n"
    workflows = {"A": calling("A", "B"), "B": calling("B", "C", "Test"), "C": calling("C", "B")}
    (problem,) = check(body, workflows)
    assert (problem.severity, problem.code) == ("warning", "recursion")
    assert "`Test` -> `A` -> `B` -> `Test`" in problem.message


def test_calls_that_are_certainly_too_deep_are_refused() -> None:
    body = nodes(call="{do: call_workflow, with: {workflow: W0}}") + "edges: [start -> call]\n"
    deep = {f"W{n}": calling(f"W{n}", f"W{n + 1}", f"W{n + 1}") for n in range(60)} | {"W60": calling("W60")}
    (problem,) = check(body, deep)
    assert "more than 50 deep" in problem.message


def test_a_hostile_number_of_mistakes_is_bounded() -> None:
    ids = {f"n{i}": {"do": "general.log", "with": {"message": f"{{x{i}}}"}} for i in range(2_000)}
    edges = ["start -> " + " -> ".join(ids)]
    flow = parse_document({"format": "exekra.flow/1", "name": "x", "nodes": ids, "edges": edges})
    began = time.perf_counter()
    problems = check_flow(flow, CATALOGUE)
    assert len(problems) == 200
    assert time.perf_counter() - began < 5


def test_a_flow_of_a_thousand_nodes_is_checked_quickly() -> None:
    ids = {
        f"n{i}": {"do": "http.request", "with": {"url": f"http://x/{i}?{{total * {i % 50}}}", "headers": {"A": "b"}}}
        for i in range(1_000)
    }
    flow = parse_document(
        {
            "format": "exekra.flow/1",
            "name": "x",
            "variables": {"total": {"type": "number", "default": 0}},
            "nodes": ids,
            "edges": ["start -> " + " -> ".join(ids)],
        }
    )
    times = []
    for _ in range(5):
        began = time.perf_counter()
        assert check_flow(flow, CATALOGUE) == ()
        times.append(time.perf_counter() - began)
    assert min(times) < 0.15

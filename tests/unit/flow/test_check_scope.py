"""The check before a run: what is known where, which names may stand beside one another, and which values fit."""

from __future__ import annotations

import pytest
from flow_samples import CATALOGUE, flow_text, nodes

from exekra.flow.check import check_flow
from exekra.flow.errors import Problem


def check(body: str) -> tuple[Problem, ...]:
    text = flow_text(body)
    return check_flow(text.flow, CATALOGUE, lines=text.lines, advice=False)


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


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Read {upper(nobody)} rows", "nobody"),
        ("{read.rows} and {read.colour}", "read.colour"),
        ("{length([x for x in [later.status]])}", "later"),
        ("nobody {nobody}", "nobody"),
        ("good {read.count} bad {read.count +}", "}"),
    ],
)
def test_a_problem_says_where_in_the_text_it_is(text, meant):
    body = (
        "nodes:\n  read: {do: excel.read_range, with: {path: a}}\n"
        f"  log: {{do: general.log, with: {{message: '{text}'}}}}\n"
        "  later: {do: http.request, with: {url: x}}\nedges: [start -> read -> log -> later]\n"
    )
    (problem,) = check(body)
    assert problem.position == text.rindex(meant)

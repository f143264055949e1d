"""The rules for what is doubtful: each finds what it is made for, and keeps quiet about what is alike and right."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from flow_samples import flow_text

import exekra.flow
from exekra.flow.advice.rules import RULES
from exekra.flow.check import check_flow
from exekra.flow.errors import Problem
from exekra.sdk.activity import activity_catalogue

CATALOGUE = activity_catalogue()


def check(body: str) -> tuple[Problem, ...]:
    text = flow_text(body)
    problems = check_flow(text.flow, CATALOGUE, lines=text.lines)
    assert [problem.text for problem in problems if problem.severity == "error"] == []
    return problems


def codes(body: str) -> list[str]:
    return [problem.code for problem in check(body)]


def chain(*nodes: str, head: str = "") -> str:
    """A flow of nodes one after the other, named n0, n1, ..."""
    lines = "".join(f"  n{number}: {node}\n" for number, node in enumerate(nodes))
    return f"{head}nodes:\n{lines}edges: [start -> {' -> '.join(f'n{number}' for number in range(len(nodes)))}]\n"


def loop(condition: str, *body: str, do: str = "while", more: str = "", head: str | None = None) -> str:
    """A loop `again` around nodes named n0, n1, ..."""
    lines = "".join(f"  n{number}: {node}\n" for number, node in enumerate(body))
    edges = "".join(f" -> n{number}" for number in range(len(body)))
    head = head if head is not None else "variables: {left: {type: number, default: 3}, on: {default: true}}\n"
    return (
        f"{head}nodes:\n  again: {{do: {do}, with: {{condition: {condition}{more}}}}}\n"
        f"  last: {{do: general.log, with: {{message: '{{left}} {{on}}'}}}}\n{lines}"
        f"edges:\n- start -> again\n- again.body{edges}\n- again.done -> last\n"
    )


SET_LEFT = "{do: set_variable, with: {variable: left, value: '{left - 1}'}}"
LOG = "{do: general.log, with: {message: x}}"
GET = "{do: http.request, with: {url: 'http://x'}}"


@pytest.mark.parametrize(
    "body",
    [
        loop("true", LOG),
        loop("'{true}'", LOG),
        loop("'{not false}'", LOG, do="do_while"),
        loop("'{left > 0}'", LOG),
        loop("'{left > 0 and on}'", GET, do="do_while"),
    ],
)
def test_a_loop_that_cannot_end(body):
    (found,) = check(body)
    assert (found.code, found.node, found.field) == ("endless-loop", "again", "condition")


def test_a_break_of_an_inner_loop_does_not_end_the_outer_one():
    body = (
        "nodes:\n  again: {do: while, with: {condition: true}}\n  each: {do: for_each, with: {items: [1]}}\n"
        "  leave: {do: break}\nedges: [start -> again, again.body -> each, each.body -> leave]\n"
    )
    assert codes(body) == ["endless-loop"]
    assert codes(body.replace("do: break", "do: return")) == []


@pytest.mark.parametrize(
    "body",
    [
        loop("'{left > 0}'", SET_LEFT),
        loop("true", LOG, more=", limit: 5"),
        loop("true", "{do: break}"),
        loop("true", "{do: fail, with: {message: no}}"),
        loop("'{n0.status != 200}'", GET, do="do_while"),
        loop("'{now() < date(\"2030-01-01\")}'", LOG),
        loop("true", LOG).replace("  again: {", "  again: {timeout: 60, "),
        "variables: {ready: {type: boolean, default: false}}\n"
        "nodes:\n  both: {do: parallel}\n  again: {do: while, with: {condition: '{not ready}'}}\n"
        "  rest: {do: general.wait, with: {duration: 1}}\n"
        "  work: {do: set_variable, with: {variable: ready, value: true}}\n"
        "edges: [start -> both, both.branch -> again, again.body -> rest, both.branch -> work]\n",
    ],
)
def test_a_loop_that_something_ends(body):
    assert codes(body) == []


def test_a_condition_that_is_always_the_same():
    branch = "nodes:\n  choose: {do: if, with: {condition: CONDITION}}\n  a: {do: general.log, with: {message: x}}\n"
    branch += "inputs: {n: {type: number}}\nedges: [start -> choose, choose.then -> a]\noutputs: {n: {type: number}}\n"
    for condition, way in (("true", "else"), ("'{not true}'", "then")):
        (found,) = check(branch.replace("CONDITION", condition))
        assert (found.code, found.node) == ("constant-condition", "choose")
        assert f"`choose.{way}` is never taken" in found.message
    assert codes(branch.replace("CONDITION", "'{n > 2}'")) == []
    assert codes(loop("false", LOG)) == ["constant-condition"]


def attempt(*edges: str, catch: str = LOG) -> str:
    return (
        f"nodes:\n  attempt: {{do: try}}\n  risky: {LOG}\n  caught: {catch}\n"
        f"edges: [start -> attempt, attempt.try -> risky, {', '.join(edges)}]\n"
    )


def test_a_try_that_does_nothing_about_errors():
    assert codes(attempt("attempt.catch -> caught")) == []
    assert codes(attempt("attempt.finally -> caught")) == []
    (vanish,) = check(attempt("attempt.catch -> caught", catch="{do: general.log, with: {message: x}, enabled: false}"))
    assert (vanish.code, vanish.node) == ("empty-catch", "attempt")
    (nothing,) = check(attempt("attempt.done -> caught"))
    assert (nothing.code, nothing.node) == ("empty-catch", "attempt")


@pytest.mark.parametrize(
    ("node", "field"),
    [
        ("{do: http.request, with: {url: 'https://ada:hunter2@shop.example/'}}", "url"),
        (
            "{do: http.request, with: {url: 'http://x', headers: {Authorization: 'Bearer abc'}}}",
            "headers.Authorization",
        ),
        ("{do: http.request, with: {url: 'http://x', headers: {X-Api-Key: abc123}}}", "headers.X-Api-Key"),
        ("{do: http.request, with: {url: 'http://x', json: {clientSecret: s3cr3t}}}", "json.clientSecret"),
        ("{do: http.request, with: {url: 'http://x', form: {users: [{password: geheim}]}}}", "form.users.password"),
        ("{do: general.log, with: {message: 'ghp_0123456789abcdefghijklmnopqrstuvwxyz'}}", "message"),
        ("{do: python.run, with: {code: 'key = \"AKIAIOSFODNN7EXAMPLE\"'}}", "code"),
        ("{do: general.log, with: {message: {token: abc}}, enabled: false}", "message.token"),
    ],
)
def test_a_secret_in_the_workflow(node, field):
    (found,) = check(chain(node))
    assert (found.code, found.node, found.field) == ("hard-coded-secret", "n0", field)
    for secret in ("hunter2", "abc", "s3cr3t", "geheim", "ghp_", "AKIA"):
        assert secret not in found.message


@pytest.mark.parametrize(
    "node",
    [
        "{do: http.request, with: {url: 'http://x:8080/a@b'}}",
        "{do: http.request, with: {url: 'http://x', headers: {Authorization: 'Bearer {key}'}}}",
        "{do: http.request, with: {url: 'http://x', form: {token: ''}, headers: {X-Token-Kind: abc}}}",
        "{do: general.log, with: {message: {password: Password, token_url: 'http://x', secret: 'what you know'}}}",
        "{do: general.log, with: {message: 'Your password: {key}'}}",
    ],
)
def test_what_only_looks_like_a_secret(node):
    assert codes(chain(node, "{do: general.log, with: {message: '{key}'}}", head="inputs: {key: {type: text}}\n")) == []


def test_a_secret_as_a_default():
    head = "inputs: {api_key: {type: text, default: abc123}}\nvariables: {password: {type: text, default: ''}}\n"
    found = check(chain("{do: general.log, with: {message: '{api_key}{password}'}}", head=head))
    assert [(problem.code, problem.field) for problem in found] == [("hard-coded-secret", "inputs.api_key.default")]


def test_names_that_nothing_reads_or_sets():
    head = (
        "inputs: {a: {type: text}, b: {type: text}}\noutputs: {d: {}, g: {value: 1}}\n"
        "variables: {c: {default: 1}, d: {default: 1}, e: {}, f: {default: 1}}\n"
    )
    found = check(chain("{do: general.log, with: {message: '{a}{e}'}}", SET_LEFT.replace("left", "f"), head=head))
    assert [(problem.code, problem.field) for problem in found] == [
        ("unused-input", "inputs.b"),
        ("unused-variable", "variables.c"),
        ("never-set", "variables.e"),
    ]


def test_a_variable_that_is_only_set():
    head = "variables: {log: {type: list, default: []}}\n"
    (found,) = check(chain("{do: add_to_list, with: {variable: log, value: 1}}", head=head))
    assert (found.code, found.message) == (
        "unused-variable",
        "`log` is set, but nothing reads it. Use it, or remove it.",
    )


def test_what_a_node_that_is_not_enabled_reads_is_not_left_over():
    head = "inputs: {a: {type: text}}\n"
    assert codes(chain("{do: general.log, with: {message: '{a}'}, enabled: false}", head=head)) == []


@pytest.mark.parametrize(("message", "code"), [("{a +}", "template"), ("{aa}", "unknown-name")])
def test_while_there_are_errors_nothing_is_called_left_over(message, code):
    text = flow_text(chain(f"{{do: general.log, with: {{message: '{message}'}}}}", head="inputs: {a: {type: text}}\n"))
    assert [problem.code for problem in check_flow(text.flow, CATALOGUE)] == [code]


def test_a_step_that_may_wait_for_ever():
    (found,) = check(chain("{do: http.request, with: {url: 'http://x', timeout: 0}}"))
    assert (found.code, found.node, found.field) == ("no-timeout", "n0", "timeout")
    assert codes(chain("{do: http.request, with: {url: 'http://x', timeout: 0}, timeout: 60}")) == []
    assert codes(chain(GET)) == []
    around = "nodes:\n  each: {do: for_each, timeout: 9, with: {items: [1]}}\n"
    around += (
        "  ask: {do: http.request, with: {url: 'http://x', timeout: 0}}\nedges: [start -> each, each.body -> ask]\n"
    )
    assert codes(around) == []


def test_two_cases_with_the_same_value():
    body = (
        "inputs: {s: {type: text}}\nnodes:\n  way: {do: switch, with: {value: '{s}', cases: {a: x, b: y, c: CASE}}}\n"
        "  n: {do: general.log, with: {message: x}}\nedges: [start -> way, way.a -> n, way.b -> n, way.c -> n]\n"
    )
    (found,) = check(body.replace("CASE", "x"))
    assert (found.code, found.node, found.field) == ("repeated-case", "way", "cases.c")
    assert codes(body.replace("CASE", "z")) == []


def test_a_field_that_has_no_meaning():
    node = "{do: http.request, with: {url: 'http://x', user: ada, authentication: KIND}}"
    for kind, count in (("none", 1), ("basic", 0), ("'{kind}'", 0), ("bearer", 1)):
        head = "inputs: {kind: {type: text}}\n" if "{" in kind else ""
        found = check(chain(node.replace("KIND", kind), head=head))
        assert [(problem.code, problem.field) for problem in found] == [("without-effect", "user")] * count
    assert codes(chain("{do: http.request, with: {url: 'http://x', user: ''}}")) == []


def test_bodies_that_stand_too_deep():
    nodes = "".join(f"  l{n}: {{do: for_each, with: {{items: [1], item: i{n}}}}}\n" for n in range(8))
    edges = ", ".join(f"l{n}.body -> l{n + 1}" for n in range(7))
    log = "  log: {do: general.log, with: {message: x}}\n"
    (found,) = check(f"nodes:\n{nodes}{log}edges: [start -> l0, {edges}, l7.body -> log]\n")
    assert (found.code, found.node) == ("deep-nesting", "l5")


def test_a_workflow_that_is_too_large():
    (found,) = check(chain(*[LOG] * 301))
    assert (found.code, found.field) == ("large-workflow", "nodes")
    assert codes(chain(*[LOG] * 300)) == []


def test_rules_are_silenced_for_a_node_or_everywhere():
    two = chain(*["{do: http.request, with: {url: 'http://x', timeout: 0}}"] * 2, head="inputs: {a: {type: text}}\n")
    assert codes(two) == ["unused-input", "no-timeout", "no-timeout"]
    silent = check(two + "layout: {analyser: {ignore: [unused-input], nodes: {n0: [no-timeout]}}}\n")
    assert [(problem.code, problem.node) for problem in silent] == [("no-timeout", "n1")]


@pytest.mark.parametrize("layout", ["1", "{ignore: no-timeout}", "{nodes: [n0]}", "{nodes: {n0: no-timeout}}", "{}"])
def test_settings_that_are_not_as_they_should_be_silence_nothing(layout):
    body = chain("{do: http.request, with: {url: 'http://x', timeout: 0}}")
    assert codes(f"{body}layout: {{analyser: {layout}}}\n") == ["no-timeout"]


def test_errors_are_never_silenced():
    text = flow_text(chain("{do: nobody.knows}") + "layout: {analyser: {ignore: [unknown-activity]}}\n")
    assert [problem.code for problem in check_flow(text.flow, CATALOGUE)] == ["unknown-activity"]


def warning_codes() -> set[str]:
    """The codes of all warnings in the source: of `.warning(code)`, `_tell("warning", code)` and `Finding(code)`."""
    found = set()
    for file in Path(exekra.flow.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            words = [str(word.value) for word in node.args if isinstance(word, ast.Constant)]
            if called in ("warning", "Finding") and words:
                found.add(words[0])
            elif called == "_tell" and words[:1] == ["warning"]:
                found.add(words[1])
    return found


def test_the_table_has_every_warning_and_no_other():
    assert warning_codes() == set(RULES)

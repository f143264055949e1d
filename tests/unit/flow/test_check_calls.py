"""The check before a run: called workflows, recursion, and a hostile number of mistakes."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from flow_samples import CATALOGUE, flow_text, nodes

from exekra.flow.check import check_flow
from exekra.flow.document import parse_document
from exekra.flow.errors import Problem
from exekra.flow.model import Flow, Output, Parameter, Variable


def check(body: str, workflows: dict[str, Flow] | None = None) -> tuple[Problem, ...]:
    text = flow_text(body)
    find = workflows.get if workflows is not None else None
    return check_flow(text.flow, CATALOGUE, workflows=find, lines=text.lines)


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


@pytest.mark.parametrize(
    ("version", "numbers", "field", "words"),
    [
        ("2", (1, 2), None, ""),
        ("2.0", (1, 2), None, ""),
        ("null", (1, 2), None, ""),
        ("3", (1, 2), "version", "Version 3 of `Prices` was never published. Pin 1 or 2, or leave it empty"),
        ("3", (1,), "version", "Pin 1, or leave it empty"),
        ("99", range(1, 21), "version", "Pin one of 20, such as 11, 12, 13, 14, 15, 16, 17, 18, 19 or 20, or leave"),
        ("3", (), "workflow", "There is no published workflow `Prices`."),
        ("0", (1, 2), "version", "at least 1"),
        ("'2'", (1, 2), "version", "write it without quotes"),
        ("2147483648", (1, 2), "version", "at most 2147483647"),
    ],
)
def test_a_pinned_version_must_have_been_published(
    version: str, numbers: Sequence[int], field: str | None, words: str
) -> None:
    body = nodes(call=f"{{do: call_workflow, with: {{workflow: Prices, version: {version}, inputs: {{sku: A1}}}}}}")
    text = flow_text(body + "edges: [start -> call]\n")
    there = {f"Prices@{number}": PRICES for number in numbers} | {"Prices": PRICES}
    known = {"Prices": numbers}
    problems = check_flow(text.flow, CATALOGUE, workflows=there.get, versions=known.__getitem__, lines=text.lines)
    assert [(problem.node, problem.field) for problem in problems] == ([("call", field)] if field else [])
    assert all(words in problem.message for problem in problems)


def test_a_pinned_version_is_the_one_that_a_call_is_checked_against() -> None:
    body = nodes(call="{do: call_workflow, with: {workflow: Prices, version: 1}}") + "edges: [start -> call]\n"
    assert check(body, {"Prices": PRICES, "Prices@1": Flow(name="Prices")}) == ()
    (problem,) = check(body, {"Prices": Flow(name="Prices"), "Prices@1": PRICES})
    assert problem.code == "missing-input"


def calling(name: str, *called: str) -> Flow:
    ids = {f"c{number}": {"do": "call_workflow", "with": {"workflow": other}} for number, other in enumerate(called)}
    return parse_document({"format": "exekra.flow/1", "name": name, "nodes": ids})


def test_recursion_is_told() -> None:
    body = nodes(call="{do: call_workflow, with: {workflow: A}}") + "edges: [start -> call]\n"
    workflows = {"A": calling("A", "B"), "B": calling("B", "C", "Test"), "C": calling("C", "B")}
    (problem,) = check(body, workflows)
    assert (problem.severity, problem.code) == ("warning", "recursion")
    assert "`Test` -> `A` -> `B` -> `Test`" in problem.message


def test_an_older_version_of_itself_is_recursion_only_where_it_comes_back() -> None:
    body = nodes(call="{do: call_workflow, with: {workflow: Test, version: 2}}") + "edges: [start -> call]\n"
    assert check(body, {"Test@2": Flow(name="Test")}) == ()
    (problem,) = check(body, {"Test@2": calling("Test", "Test"), "Test": Flow(name="Test")})
    assert "`Test` -> `Test@2` -> `Test`" in problem.message


def test_calls_that_are_certainly_too_deep_are_refused() -> None:
    body = nodes(call="{do: call_workflow, with: {workflow: W0}}") + "edges: [start -> call]\n"
    deep = {f"W{n}": calling(f"W{n}", f"W{n + 1}", f"W{n + 1}") for n in range(60)} | {"W60": calling("W60")}
    (problem,) = check(body, deep)
    assert "more than 50 deep" in problem.message


def test_a_hostile_number_of_mistakes_is_bounded() -> None:
    ids = {f"n{i}": {"do": "general.log", "with": {"message": f"{{x{i}}}"}} for i in range(2_000)}
    edges = ["start -> " + " -> ".join(ids)]
    flow = parse_document({"format": "exekra.flow/1", "name": "x", "nodes": ids, "edges": edges})
    began = time.process_time()
    problems = check_flow(flow, CATALOGUE)
    assert len(problems) == 200
    assert time.process_time() - began < 5

"""The check before a run: called workflows, recursion, and a hostile number of mistakes."""

from __future__ import annotations

import time

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

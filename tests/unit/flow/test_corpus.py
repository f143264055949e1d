"""The cases of `contract/corpus/`, which the pages' tests run too: both languages mean the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from exekra.flow.diff import PartChange, diff_flows
from exekra.flow.document import parse_document
from exekra.flow.errors import Problems
from exekra.flow.expressions import ExpressionSyntaxError, compile_expression
from exekra.flow.graph import Body, analyse_graph
from exekra.flow.templates import TemplateError, compile_template, template_parts
from exekra.sdk.activity import activity_catalogue

CORPUS = Path(__file__).parents[3] / "contract" / "corpus"
CATALOGUE = activity_catalogue()


def corpus(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((CORPUS / f"{name}.json").read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("case", corpus("expressions")["cases"], ids=lambda case: ascii(case["source"][:40]))
def test_the_names_of_an_expression(case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(ExpressionSyntaxError):
            compile_expression(case["source"])
    else:
        assert sorted(compile_expression(case["source"]).names) == case["names"]


@pytest.mark.parametrize("case", corpus("templates")["cases"], ids=lambda case: ascii(case["text"][:40]))
def test_the_parts_of_a_template(case: dict[str, Any]) -> None:
    text = case["text"]
    if "error" in case:
        with pytest.raises(TemplateError):
            compile_template(text)
    elif "credential" in case:
        assert compile_template(text).credential == case["credential"]
    else:
        found: list[dict[str, str]] = []
        for part in template_parts(text):
            if not isinstance(part, str):
                found.append({"expression": part.source})
            elif found and "text" in found[-1]:
                found[-1]["text"] += part
            else:
                found.append({"text": part})
        assert found == case["parts"]


@pytest.mark.parametrize("case", corpus("graphs")["cases"], ids=lambda case: case["name"])
def test_the_bodies_of_a_graph(case: dict[str, Any]) -> None:
    problems = Problems()
    graph = analyse_graph(parse_document(case["document"]), CATALOGUE, problems)
    assert sorted({problem.code for problem in problems}) == case["problems"]
    if "bodies" in case:
        reached = [body for bodies in graph.bodies.values() for body in bodies if body.owner in graph.body_of]
        assert [_body(body) for body in (graph.main, *reached)] == case["bodies"]


def _body(body: Body) -> dict[str, Any]:
    return {
        "owner": body.owner,
        "port": body.port,
        "branch": body.branch,
        "first": body.first,
        "nodes": sorted(body.nodes),
    }


@pytest.mark.parametrize("case", corpus("differences")["cases"], ids=lambda case: case["name"])
def test_what_differs(case: dict[str, Any]) -> None:
    diff = diff_flows(parse_document(corpus("differences")["old"]), parse_document(case["new"]))
    found = {
        "settings": sorted(field.field for field in diff.settings),
        "inputs": _parts(diff.inputs),
        "outputs": _parts(diff.outputs),
        "variables": _parts(diff.variables),
        "nodes": _parts(diff.nodes),
        "elements": _parts(diff.elements),
        "recorded_again": sorted(diff.recorded_again),
        "edges": sorted(f"{edge.change} {edge.edge}" for edge in diff.edges),
        "layout_changed": diff.layout_changed,
    }
    assert {name: value for name, value in found.items() if value} == case["changes"]


def _parts(parts: tuple[PartChange, ...]) -> list[dict[str, Any]]:
    return [
        {"id": part.id, "change": part.change, "fields": sorted(field.field for field in part.fields)}
        for part in sorted(parts, key=lambda part: part.id)
    ]

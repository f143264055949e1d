"""Every sample of the page that explains the language is a whole flow without an error."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from exekra.flow.check import check_flow
from exekra.flow.control import CONTROL
from exekra.flow.document import dump_yaml, load_flow, read_flow
from exekra.flow.model import Flow, Output, Parameter, Variable
from exekra.sdk.activity import activity_catalogue

PAGE = (Path(__file__).parents[2] / "docs/explain/language.md").read_text()
SAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
PRICE = Flow(
    name="Price of one",
    inputs={"sku": Parameter(type="text")},
    outputs={"price": Output(type="number")},
    variables={"price": Variable(type="number")},
)


@pytest.mark.parametrize("sample", SAMPLES, ids=[re.findall("name: (.*)", sample)[0] for sample in SAMPLES])
def test_a_sample_has_no_problem(sample: str) -> None:
    text = read_flow(sample)
    problems = check_flow(text.flow, activity_catalogue(), workflows={PRICE.name: PRICE}.get, lines=text.lines)
    assert [problem.text for problem in problems] == []
    assert load_flow(dump_yaml(text.flow)) == text.flow


def test_every_control_node_is_explained_with_its_fields() -> None:
    rows = [row for row in PAGE.splitlines() if row.startswith("| `")]
    for entry in CONTROL.entries.values():
        row = next(row for row in rows if f"`{entry.id}`" in row.split("|")[1])
        assert all(f"`{field.name}`" in row for field in entry.inputs), row
        assert all(f"`{port}`" in row for port in entry.ports), row

"""Problems name what they are about as data, so that editors need not read their sentences."""

from __future__ import annotations

import pytest
from flow_samples import CATALOGUE, flow_text

from exekra.flow.check import check_flow

BODY = """\
inputs:
  file: {{type: file}}
variables:
  total: {{type: number, default: 0}}
nodes:
  read: {{do: excel.read_range, with: {{path: "{{file}}"}}}}
  off: {{do: excel.read_range, enabled: false, with: {{path: "{{file}}"}}}}
  node: {node}
edges:
- start -> read -> off -> node
"""


@pytest.mark.parametrize(
    ("node", "code", "arguments"),
    [
        ("{do: general.log, with: {message: '{totl}'}}", "unknown-name", {"name": "totl", "meant": "total"}),
        ("{do: general.log, with: {message: '{zzzzz}'}}", "unknown-name", {"name": "zzzzz"}),
        ("{do: general.log, with: {message: '{error}'}}", "unknown-name", {"name": "error"}),
        (
            "{do: general.log, with: {message: '{read.rowz}'}}",
            "unknown-field",
            {"name": "rowz", "owner": "read", "meant": "rows"},
        ),
        ("{do: general.log, with: {message: '{off.rows}'}}", "not-enabled", {"name": "off"}),
        ("{do: general.log, with: {messge: x}}", "unknown-input", {"name": "messge", "meant": "message"}),
        ("{do: http.requst}", "unknown-activity", {"name": "http.requst", "meant": "http.request"}),
        ("{do: sap.login}", "unknown-activity", {"name": "sap.login"}),
        (
            "{do: set_variable, with: {variable: totl, value: 1}}",
            "unknown-variable",
            {"name": "totl", "meant": "total"},
        ),
        (
            "{do: set_variable, with: {variable: '{total}', value: 1}}",
            "unknown-variable",
            {"name": "{total}", "meant": "total"},
        ),
        ("{do: set_variable, with: {variable: file, value: 1}}", "unknown-variable", {"name": "file"}),
    ],
)
def test_a_problem_names_what_is_wrong_and_what_was_meant(node: str, code: str, arguments: dict[str, str]) -> None:
    problems = check_flow(flow_text(BODY.format(node=node)).flow, CATALOGUE, advice=False)
    assert [problem.arguments for problem in problems if problem.code == code] == [arguments]


def test_a_wrong_template_has_its_problem_without_the_place() -> None:
    node = "{do: general.log, with: {message: '{total +}'}}"
    [problem] = check_flow(flow_text(BODY.format(node=node)).flow, CATALOGUE, advice=False)
    text = problem.arguments["problem"]
    assert "character" not in text
    assert problem.message.startswith(f"{text} (at character ")

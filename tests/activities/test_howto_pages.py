"""Every sample of the pages about activities is a whole flow without an error."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from exekra.flow.check import check_flow
from exekra.flow.document import read_flow
from exekra.sdk.activity import activity_catalogue

PAGES = Path(__file__).parents[2] / "docs" / "howto"
SAMPLES = [
    pytest.param(sample, id=f"{page}: {re.findall('name: (.*)', sample)[0]}")
    for page in ("browser", "excel", "http", "python")
    for sample in re.findall(r"```yaml\n(.*?)```", (PAGES / f"{page}.md").read_text(), re.DOTALL)
]


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_has_no_problem(sample: str) -> None:
    text = read_flow(sample)
    assert [problem.text for problem in check_flow(text.flow, activity_catalogue(), lines=text.lines)] == []

"""`exekra check`: warnings do not count as failures, and the rules behind them can be listed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from exekra.cli.main import main
from exekra.flow.advice.rules import RULES

FLOW = """
format: exekra.flow/1
name: Wait
inputs:
  unused: {type: text}
nodes:
  log: {do: general.log, with: {message: x}}
edges: [start -> log]
"""


def test_a_warning_is_told_and_is_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wait.flow.yaml"
    path.write_text(FLOW)
    assert main(["check", str(path)]) == 0
    said = "line 5, field `inputs.unused`: Nothing reads the input `unused`. Use it, or remove it."
    assert capsys.readouterr().out == f"{path}: warning: {said}\n"


def test_the_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--rules"]) == 0
    listed = capsys.readouterr().out
    assert all(f"{rule.code}: {rule.title}." in listed for rule in RULES.values())
    assert main(["check", "--rules", "--json"]) == 0
    assert [rule["code"] for rule in json.loads(capsys.readouterr().out)] == list(RULES)


def test_a_check_of_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 2
    assert "Name at least one workflow file" in capsys.readouterr().err

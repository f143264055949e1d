"""What crosses a border is committed as it is now (`make contract` writes it), and every door to it opens."""

from __future__ import annotations

import importlib.metadata
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import contract  # noqa: E402  # tools/ is no package: its files are run, not imported, everywhere else


@pytest.mark.parametrize("name", contract.FILES)
def test_the_contract_is_fresh(name: str) -> None:
    committed = (ROOT / "contract" / name).read_text(encoding="utf-8")
    assert json.loads(committed) == json.loads(contract.text_of(name)), "run `make contract`, then look at its diff"


def test_nothing_else_is_in_the_contract() -> None:
    assert {file.name for file in (ROOT / "contract").iterdir()} == {*contract.FILES, "corpus"}


@pytest.mark.parametrize(
    "point", importlib.metadata.entry_points(group="exekra.activities"), ids=lambda point: str(point.name)
)
def test_every_module_of_activities_loads(point: importlib.metadata.EntryPoint) -> None:
    assert point.load()

"""docs/reference/ says what the code says."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "reference"


def load_tool():
    spec = importlib.util.spec_from_file_location("reference", ROOT / "tools" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["reference"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return load_tool().pages()


def test_every_page_is_fresh(pages):
    stale = [path for path, text in pages.items() if not (FOLDER / path).exists() or read(path) != text]
    assert stale == [], "run `make docs`"


def test_no_page_is_left_over(pages):
    assert {file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*.md")} == set(pages)


def read(path: str) -> str:
    return (FOLDER / path).read_text(encoding="utf-8")

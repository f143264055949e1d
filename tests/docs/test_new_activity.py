"""What `make new-activity` writes works as it is, tried in a copy of the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .pages import ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """As much of the repository as the command touches."""
    without = shutil.ignore_patterns("__pycache__")
    for folder in ("src", "tools", "tests/unit/activities"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=without)
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def run(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(copy / "src"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [sys.executable, *words], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("category", "source"),
    [("list", "list.py"), ("excel", "excel/reverse_words.py"), ("poetry", "poetry.py")],
    ids=["a module", "a folder", "a new category"],
)
def test_a_new_activity_works(copy: Path, category: str, source: str) -> None:
    done = run(copy, "tools/new_activity.py", category, "reverse_words")
    assert done.returncode == 0, done.stderr
    file, test = f"src/exekra/activities/{source}", f"tests/unit/activities/test_{category}_reverse_words.py"
    assert f"{category}.reverse_words is in {file}" in done.stdout
    assert f'{category} = "exekra.activities.{category}"\n' in (copy / "pyproject.toml").read_text()
    tested = run(copy, "-m", "pytest", "-q", "-c", "/dev/null", "--import-mode=importlib", test)
    assert tested.returncode == 0, tested.stdout
    declared = run(
        copy,
        "-c",
        f"import exekra.activities.{category}; from exekra.sdk.activity import _definitions; print(*_definitions)",
    )
    assert f"{category}.reverse_words" in declared.stdout.split(), declared.stderr
    for words in (["check"], ["format", "--check"]):
        ruff = run(copy, "-m", "ruff", *words, file, test)
        assert ruff.returncode == 0, ruff.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["list", "Reverse"], "'Reverse' is not a valid name"),
        (["list", "import"], "'import' is not a valid name"),
        (["list", "sort"], "src/exekra/activities/list.py has a function sort already"),
        (["excel", "reading"], "src/exekra/activities/excel/reading.py is there already"),
        (["disk", "spin"], "src/exekra/activities/disk.py is not a category"),
        (["text", "whisper"], "make it a folder first"),
    ],
)
def test_what_it_cannot_do_it_says_and_writes_nothing(copy: Path, words: list[str], sentence: str) -> None:
    if words[0] == "text":
        with (copy / "src/exekra/activities/text.py").open("a") as file:
            file.write("#\n" * 400)
    before = {file: file.read_bytes() for file in copy.rglob("*") if file.is_file()}
    done = run(copy, "tools/new_activity.py", *words)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert {file: file.read_bytes() for file in copy.rglob("*") if file.is_file()} == before

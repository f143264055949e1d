"""The repository is held against the house rules."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import pytest

from . import rules

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("src", "tests", "bench", "tools", "examples")
LONG_FOR_A_REASON: dict[str, str] = {}
"""Files that may be longer than the rule says, each with its reason."""

STORES = ("/store.py", "_store.py")
COMMITS = {"src/exekra/hub/core/database.py"}
QUERIES = ("src/exekra/hub/core/", "src/exekra/postgres/")
"""Beneath the slices: the database itself, its schema, and the server."""


def python_files() -> list[Path]:
    return [ROOT / "bootstrap.py"] + [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]


def web_files() -> list[Path]:
    found = [file for kind in ("*.ts", "*.tsx") for file in sorted((ROOT / "web" / "src").rglob(kind))]
    return [file for file in found if "generated" not in file.parts]


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def findings(rule: Callable[[str], Iterator[str]], files: list[Path]) -> list[str]:
    return [f"{name(file)}:{found}" for file in files for found in rule(file.read_text(encoding="utf-8"))]


def test_files_fit_into_a_head() -> None:
    assert (
        findings(
            rules.too_long, [file for file in [*python_files(), *web_files()] if name(file) not in LONG_FOR_A_REASON]
        )
        == []
    )
    assert all((ROOT / file).exists() for file in LONG_FOR_A_REASON), "an exception for a file that is gone"


def test_names_say_what_is_inside() -> None:
    assert not [
        f"{name(file)}: {found}"
        for file in [*python_files(), *web_files()]
        for found in rules.empty_name(PurePosixPath(name(file)))
    ]


def test_exceptions_from_rules_have_reasons() -> None:
    assert findings(rules.silent_exception, python_files()) == []
    assert findings(rules.silent_web_exception, web_files()) == []


def test_queries_are_in_the_stores() -> None:
    hub = [file for file in python_files() if name(file).startswith("src/exekra/hub/")]
    elsewhere = [file for file in hub if not name(file).endswith(STORES) and not name(file).startswith(QUERIES)]
    assert findings(rules.query_outside_store, elsewhere) == []


def test_rows_leave_the_stores_typed() -> None:
    hub = [file for file in python_files() if name(file).startswith("src/exekra/hub/")]
    slices = [file for file in hub if not name(file).startswith("src/exekra/hub/core/")]
    assert findings(rules.record_outside_store, [file for file in slices if not name(file).endswith(STORES)]) == []
    assert findings(rules.record_given_out, [file for file in slices if name(file).endswith(STORES)]) == []


def test_one_place_commits() -> None:
    hub = [file for file in python_files() if name(file).startswith("src/exekra/hub/")]
    assert findings(rules.own_commit, [file for file in hub if name(file) not in COMMITS]) == []


def test_no_place_is_known_to_one_machine_only() -> None:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("only git knows which files belong to the repository, and this is not a clone")
    tracked = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    binary = (".xlsx", ".xls", ".ods", ".png", ".ico")
    files = [ROOT / file for file in tracked.split("\0") if file and not file.endswith(binary)]
    assert findings(rules.private_place, [file for file in files if file.exists()]) == []


def test_the_floors_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def packages(folder: Path) -> set[Path]:
    return {inner for inner in folder.iterdir() if (inner / "__init__.py").exists()}


def test_every_folder_of_the_product_is_explained() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"^#+ `([^`]+)`", text, re.M))
    package = ROOT / "src" / "exekra"
    folders = {f"{folder.name}/" for folder in packages(package)}
    wings = packages(package / "hub")
    slices = {
        folder for wing in wings - {package / "hub" / "core", package / "hub" / "web"} for folder in packages(wing)
    }
    named = folders | {f"{folder.relative_to(package).as_posix()}/" for folder in wings | slices}
    assert not named - headings


def test_what_is_said_to_be_public_is_what_can_be_imported() -> None:
    import exekra.sdk

    assert exekra.sdk.__all__ == sorted(exekra.sdk.__all__)
    modules = {file.stem for file in Path(exekra.sdk.__file__).parent.iterdir()}
    public = {word for word in vars(exekra.sdk) if not word.startswith("_")} - (modules - set(exekra.sdk.__all__))
    assert public == set(exekra.sdk.__all__)


def test_the_locks_name_no_source() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index" not in text
        assert "--find-links" not in text


def test_what_people_read_is_english() -> None:
    """Messages, and what is generated from docstrings: the descriptions of the API, activities and commands."""
    generated = sorted((ROOT / "contract").glob("*.json"))
    code = [file for file in (ROOT / "src").rglob("*.py") if "migrations" not in file.parts]
    assert findings(rules.unidiomatic_message, code) == []
    assert findings(rules.unidiomatic, [*generated, ROOT / "README.md", ROOT / "ARCHITECTURE.md"]) == []

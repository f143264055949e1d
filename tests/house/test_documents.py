"""What the documents say is tried out: flows run, Python runs, links lead somewhere, commands exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from exekra.cli.main import COMMANDS
from exekra.flow.check import check_flow
from exekra.flow.document import read_flow
from exekra.sdk.activity import activity_catalogue

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "examples").rglob("*.md"))]
IDS = [page.relative_to(ROOT).as_posix() for page in PAGES]


def samples(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)


def test_the_readmes_flow_runs(tmp_path: Path) -> None:
    [flow] = samples(ROOT / "README.md", "yaml")
    (tmp_path / "greet.flow.yaml").write_text(flow)
    done = subprocess.run(
        [sys.executable, "-m", "exekra.cli.main", "run", tmp_path / "greet.flow.yaml", "--input", "who=Ada", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Hello Ada" in done.stdout


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_whole_flow_is_right(page: Path) -> None:
    for sample in samples(page, "yaml"):
        if sample.startswith("format: exekra.flow/") and page.name != "language.md":  # That page has a test of its own.
            text = read_flow(sample)
            found = [problem.text for problem in check_flow(text.flow, activity_catalogue(), lines=text.lines)]
            # A page may show a mistake, if it also shows what is said about it, and use activities that it writes.
            shown = page.read_text(encoding="utf-8")
            unknown = re.compile(r"There is no activity `acme\.(\w+)`")
            written = [
                problem for problem in found for match in unknown.finditer(problem) if f"def {match[1]}(" in shown
            ]
            assert [problem for problem in found if problem not in shown and problem not in written] == []


def test_the_activity_that_is_shown_works(tmp_path: Path) -> None:
    [sample] = samples(ROOT / "CONTRIBUTING.md", "python")
    # In a process of its own: the sample shall not join the catalogue of the other tests.
    (tmp_path / "sample.py").write_text(f"{sample}\nassert shout(text='loud').text == 'LOUD'\n")
    subprocess.run([sys.executable, tmp_path / "sample.py"], check=True)


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_commands_that_are_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    bootstrap = (ROOT / "bootstrap.py").read_text(encoding="utf-8")
    for name in re.findall(r"^(?:\.venv/bin/)?exekra ([a-z-]+)|`exekra ([a-z-]+)", text, re.M):
        assert "".join(name) in COMMANDS, name
    for name in re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)", text, re.M):
        assert f'"{"".join(name)}":' in bootstrap, name

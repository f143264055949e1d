"""Every sample of code is at least well-formed; every link leads to a page, and to a heading that is there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from exekra.flow.check import check_flow
from exekra.flow.document import read_flow
from exekra.sdk.activity import activity_catalogue

from .pages import ROOT, blocks

FOLDERS = ("docs", "examples", "bench", "tests", "src")
PAGES = [*sorted(ROOT.glob("*.md")), *(page for folder in FOLDERS for page in sorted((ROOT / folder).rglob("*.md")))]
OWN_PACKAGE = "do: acme."
"""Flows that use the activity which a page writes are run with it by that page's test."""

each_page = pytest.mark.parametrize("page", PAGES, ids=[page.relative_to(ROOT).as_posix() for page in PAGES])


@each_page
def test_samples_are_well_formed(page: Path) -> None:
    for block in blocks(page):
        match block.language:
            case "python":
                compile(block.text, f"{page.name}, line {block.line}", "exec")
            case "bash" if bash := shutil.which("bash"):
                subprocess.run([bash, "-n"], input=block.text, text=True, check=True)
            case "yaml" if block.text.startswith("format: exekra.flow/"):
                if page.parent.name in {"tutorial", "howto"} and OWN_PACKAGE not in block.text:
                    check(block.text)


def check(sample: str) -> None:
    text = read_flow(sample)
    problems = [problem.text for problem in check_flow(text.flow, activity_catalogue(), lines=text.lines)]
    if "{total + invoce.amount}" in sample:  # The tutorial's own mistake, which it then corrects.
        assert "Did you mean `invoice`" in problems.pop(0)
    assert problems == []


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)\s]+)\)", page.read_text(encoding="utf-8")):
        path, _, fragment = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        if fragment:
            assert fragment in anchors(file), target


def anchors(page: Path) -> set[str]:
    """How the headings of a page are linked to."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}

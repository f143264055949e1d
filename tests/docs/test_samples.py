"""Every sample of code is at least well-formed, and every link to a heading finds it.

That whole flows are right and that linked files exist is checked by `tests/house/test_documents.py`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from .pages import DOCS, ROOT, blocks

PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md")), *sorted((ROOT / "examples").rglob("*.md"))]
BASH = shutil.which("bash")

each_page = pytest.mark.parametrize("page", PAGES, ids=[page.relative_to(ROOT).as_posix() for page in PAGES])


@each_page
def test_samples_are_well_formed(page: Path) -> None:
    for block in blocks(page):
        if block.language == "python":
            compile(block.text, f"{page.name}, line {block.line}", "exec")
        elif block.language == "bash" and BASH:
            subprocess.run([BASH, "-n"], input=block.text, text=True, check=True)


@each_page
def test_links_to_headings_find_them(page: Path) -> None:
    for path, fragment in re.findall(r"\]\((?!https?://)([^)#\s]*)#([^)\s]+)\)", page.read_text(encoding="utf-8")):
        assert fragment in anchors(page.parent / path if path else page), f"{path}#{fragment}"


def anchors(page: Path) -> set[str]:
    """How the headings of a page are linked to."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}

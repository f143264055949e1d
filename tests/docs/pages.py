"""The pages for people, cut into their fenced blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S)
NAMED = re.compile(r"(?P<add>Add this to\s)?`(?P<name>[\w./-]+)`[^`\n]*:\s*\Z")
"""The last words before a block that is a file: "Save this as `invoices.csv`:", or that is a part of one."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block.

    Attributes:
        file: The name of the file that it shows, or None.
        is_addition: Whether it belongs to the end of that file.
    """

    language: str
    text: str
    line: int
    file: str | None
    is_addition: bool


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    found = []
    for fence in FENCE.finditer(text):
        named = NAMED.search(text, 0, fence.start())
        shows_file = named is not None and fence["language"] not in {"console", "text"}
        found.append(
            Block(
                language=fence["language"],
                text=fence["text"],
                line=text.count("\n", 0, fence.start()) + 1,
                file=named["name"] if named is not None and shows_file else None,
                is_addition=named is not None and named["add"] is not None,
            )
        )
    return found

"""Read Google-style docstrings: the summary, the description, and the texts of a section's entries."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field

_SECTION = re.compile(r"^(Args|Attributes|Returns|Raises|Example|Examples|Note|Notes|Source):\s*$")
_ENTRY = re.compile(r"^ {4}(\w+)(?: \([^)]*\))?:\s*(.*)$")


@dataclass(frozen=True, slots=True)
class Docstring:
    """A docstring taken apart.

    Attributes:
        summary: The first line, without its full stop.
        description: The paragraphs between the summary and the first section.
        sections: For each section with entries ("Args", "Attributes", "Raises"): name of entry to its text.
    """

    summary: str = ""
    description: str = ""
    sections: dict[str, dict[str, str]] = field(default_factory=dict)


def parse_docstring(text: str | None) -> Docstring:
    """Take a docstring apart; an absent one gives an empty result."""
    if not text:
        return Docstring()
    lines = inspect.cleandoc(text).splitlines()
    prose: list[str] = []
    sections: dict[str, dict[str, str]] = {}
    entries: dict[str, str] | None = None
    entry = ""
    for line in lines[1:]:
        heading = _SECTION.match(line)
        if heading:
            entries = sections.setdefault(heading[1], {})
            entry = ""
        elif entries is None:
            prose.append(line)
        elif match := _ENTRY.match(line):
            entry = match[1]
            entries[entry] = match[2]
        elif entry and line.strip():
            entries[entry] = f"{entries[entry]} {line.strip()}".strip()
    return Docstring(lines[0].rstrip("."), "\n".join(prose).strip(), sections)

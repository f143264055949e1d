"""The page about reliability claims only what a test proves: each test that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explain/reliability.md").read_text(encoding="utf-8")


def test_every_test_that_is_named_exists() -> None:
    named: list[tuple[str, str]] = []
    file = ""
    for name in re.findall(r"`(tests/[\w/]+\.py|test_\w+)`", PAGE):
        if name.startswith("tests/"):
            file = name
        else:
            named.append((file, name))
    missing = [(file, name) for file, name in named if f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")]
    assert missing == []
    assert len(named) > 20


def test_every_number_of_the_table_has_its_tests() -> None:
    told = {int(number) for number in re.findall(r"^\| (\d+) \|", PAGE, re.M)} | {15, 16, 17}
    assert {int(number) for number in re.findall(r"^(\d+)\. `tests/", PAGE, re.M)} == told

"""Tables of the pages that repeat what the code says name all of it, and nothing that is gone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from exekra.cli.main import COMMANDS
from exekra.hub.core.settings import Settings
from exekra.hub.web.access import ROUTES
from exekra.runner.settings import RunnerSettings

from .pages import DOCS, ROOT

SOURCE = ROOT / "src" / "exekra"


def source(*folders: str) -> str:
    return "\n".join(file.read_text() for folder in folders for file in sorted((SOURCE / folder).rglob("*.py")))


def words(text: str) -> set[str]:
    """What stands in backticks."""
    return set(re.findall(r"`([^`\n]+)`", text))


def section(page: Path, heading: str) -> str:
    """The text below a heading, up to the next one."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", page.read_text(), re.M | re.S)
    assert found, heading
    return found[1]


def test_every_reason_to_wait_is_explained() -> None:
    codes = set(re.findall(r'code="([a-z-]+)"', (SOURCE / "hub/work/executions/waiting.py").read_text()))
    rows = section(DOCS / "howto/stop-and-find-out-why.md", "Why does it wait?").split("| code |")[1]
    named = {word for row in rows.splitlines() if row.startswith("| `") for word in words(row.split("|")[1])}
    assert named == codes


def test_every_failure_that_no_workflow_makes_is_explained() -> None:
    types = set(re.findall(r'(?:Failure\(type=|\.fail\(|progress\.failed\()"(\w+)"', source("hub", "runner")))
    types |= set(re.findall(r'\.failed\("(\w+)"', source("hub")))
    rows = section(DOCS / "howto/stop-and-find-out-why.md", "Why did it fail?").split("| type |")[1]
    named = {word for row in rows.splitlines() if row.startswith("| `") for word in words(row.split("|")[1])}
    # Named by other means in the code: a class, or a word that a helper is given.
    assert types <= named
    code = source("hub", "runner", "flow")
    assert all(f'"{name}"' in code for name in named), named


def test_every_action_of_the_audit_log_is_named() -> None:
    pattern = r'"((?:user|session|workflow|execution|file|trigger|runner|audit|retention|examples)\.[a-z-]+)"'
    recorded = set(re.findall(pattern, source("hub"))) - {
        "runner.json",
        "runner.disconnected",
    }  # A file; a word of the bus.
    rows = section(DOCS / "explain/security.md", "The audit log")
    assert {word for row in rows.splitlines() if row.startswith("| ") for word in words(row)} == recorded


def test_the_times_are_those_of_the_settings() -> None:
    rows = re.findall(
        r"\| (\d+) s \|.*`EXEKRA_(\w+)` \|", section(DOCS / "explain/dispatch.md", "When something is lost")
    )
    assert len(rows) == 7
    for seconds, name in rows:
        assert Settings.__dataclass_fields__[name.lower()].default == float(seconds), name


PEOPLE = [page for folder in ("tutorial", "howto", "explain") for page in sorted((DOCS / folder).glob("*.md"))]


@pytest.mark.parametrize("page", PEOPLE, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text()
    known = {f"EXEKRA_{name.upper()}" for kind in (Settings, RunnerSettings) for name in kind.__dataclass_fields__}
    for variable in re.findall(r"EXEKRA_\w+", text):
        if not variable.startswith(("EXEKRA_CREDENTIAL", "EXEKRA_FUZZ")):  # a credential's own; a test's own
            assert variable in known or f'"{variable}"' in source("cli", "hub", "runner"), variable
    paths = {re.sub(r"\{\w+\}", "{}", path) for _, path in ROUTES}
    for path in re.findall(r"`(?:GET |POST |PUT |PATCH |DELETE )(/api/[^`?]+)", text):
        assert re.sub(r"\{\w+\}|\$\w+|(?<=versions/)\d+", "{}", path.replace("\n", "")) in paths, path
    for command in re.findall(r"`exekra ([a-z]+)", text):
        assert command in COMMANDS, command
    options = set(re.findall(r'"(--[a-z-]+)"', source("cli"))) | {"--editable"}  # The last one is uv's.
    for option in re.findall(r"`(?:exekra \w+ )?(--[a-z-]+)", text):
        assert option in options, option


def test_every_key_of_studio_is_named() -> None:
    """Keys are written in the code as `mod+shift+Z`, for people as Ctrl+Shift+Z."""
    studio = ROOT / "web" / "src" / "studio"
    code = "\n".join(file.read_text(encoding="utf-8") for file in sorted(studio.rglob("*.ts")))
    keys = {key for keys in re.findall(r"^ +keys: \[(.+)\],$", code, re.M) for key in re.findall(r'"(.+?)"', keys)}
    assert len(keys) > 25
    page = DOCS / "howto" / "keyboard.md"
    rows = section(page, "Studio").split("On the canvas itself")[0] + section(page, "Run and debug")
    cells = re.findall(r"^\| (?!keys|---)(.+?) \|", rows, re.M)
    named = {word for cell in cells for word in re.findall(r"[^\s,]+", cell)} - {"or"}
    assert named == {key.replace("mod", "Ctrl").replace("shift", "Shift") for key in keys}

"""Activities of other packages that are installed beside the Hub: known to it, never imported by it."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import httpx
import pytest

PARROT = '''
import pathlib
from dataclasses import dataclass
from exekra.sdk import activity

print("words on standard output")
pathlib.Path(__file__).with_name("imported").touch()

@dataclass(frozen=True)
class Said:
    """What it said.

    Attributes:
        text: The text.
    """

    text: str

@activity()
def say(*, text: str) -> Said:
    """Say a text.

    Args:
        text: The text.
    """
    return Said(text)
'''


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two packages of activities, one of which cannot be imported."""
    folder = tmp_path / "packages"
    for name, source in {"parrot": PARROT, "broken": "raise RuntimeError('a library is missing')"}.items():
        information = folder / f"{name}-1.0.dist-info"
        information.mkdir(parents=True)
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (information / "entry_points.txt").write_text(f"[exekra.activities]\n{name} = {name}\n")
        (folder / f"{name}.py").write_text(source)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


async def test_a_package_of_activities_is_known_and_never_imported_by_the_hub(
    packages: Path, admin: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        known = {entry["id"] for entry in (await admin.get("/api/activities")).json()}
    assert {"parrot.say", "csv.read"} <= known
    assert (packages / "imported").exists()
    assert "parrot" not in sys.modules
    assert "`broken.*`" in caplog.text
    assert "a library is missing" in caplog.text

"""Every activity with what other people's data holds: each run ends, by a result or by an error that says what to do.

`EXEKRA_FUZZ_EXAMPLES` says how many runs each activity gets; as many as the suite has are chosen the same every time.
"""

from __future__ import annotations

import asyncio
import builtins
import io
import os
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ugly_values import input_values

from exekra.sdk.activity import activity, find_activity, installed_activities
from exekra.testing.flows import FlowRun, run_flow_text

EXAMPLES = int(os.environ.get("EXEKRA_FUZZ_EXAMPLES", "6"))
SLOW = {"python.run", "browser.open", "browser.attach"}
"""They start a process, and so get fewer runs."""

LONGEST_SECONDS = 60
"""Only something that hangs takes so long, on however busy a machine."""

FLOW = """
format: exekra.flow/1
name: Fuzz
outputs: {{got: {{value: "{{a}}"}}}}
nodes:
  values: {{do: fuzz.values}}
  a: {{do: {id}, with: {{{inputs}}}}}
edges: [start -> values -> a]
"""


@dataclass(frozen=True)
class Values:
    """The inputs of the activity that is tried.

    Attributes:
        of: The values by their names.
    """

    of: dict[str, Any]


given_values: dict[str, Any] = {}


@activity(id="fuzz.values")
def values() -> Values:
    """Give the inputs of the activity that is tried."""
    return Values(dict(given_values))


def _ids() -> list[str]:
    definitions, _ = installed_activities()
    return [one.id for one in definitions if one.function.__module__.startswith("exekra.activities")]


@pytest.fixture(scope="module")
def loop_runner():
    with asyncio.Runner() as runner:
        yield runner


@pytest.mark.parametrize("id", _ids())
def test_it_ends_by_a_result_or_by_an_error_of_its_own(id: str, loop_runner: asyncio.Runner) -> None:
    definition = find_activity(id)
    assert definition is not None
    tried = {name: input_values(hint, name) for name, hint in definition.hints.items()}
    needed = (tried.keys() - definition.defaults.keys()) | (tried.keys() & {"timeout", "stable_for"})
    wanted: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
        {name: tried[name] for name in tried if name in needed},
        optional={name: tried[name] for name in tried if name not in needed},
    )
    known = {entry.type for entry in definition.entry.errors} | {"InputError", "TimedOutError"}

    @settings(
        max_examples=max(2, EXAMPLES // 6) if id in SLOW else EXAMPLES,
        derandomize="EXEKRA_FUZZ_EXAMPLES" not in os.environ,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs=wanted)
    def try_it(inputs: dict[str, Any]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            fill(Path(folder))
            run = loop_runner.run(_run(id, inputs, Path(folder)))
        failure = run.outcome.failure
        if failure is not None:
            assert not hasattr(builtins, failure.type), failure
            assert "bug in the activity" not in failure.message
            assert "Traceback" not in failure.message
            assert failure.node == "a" or failure.type in ("OutputNotData", "OutputsTooLarge"), failure
            assert failure.type in known or failure.node != "a", failure
        for event in run.events:
            msgspec.json.encode(event)

    try_it()


async def _run(id: str, inputs: dict[str, Any], folder: Path) -> FlowRun:
    given_values.clear()
    given_values.update(inputs)
    with_inputs = ", ".join(f'{name}: "{{values.of.{name}}}"' for name in inputs)
    async with asyncio.timeout(LONGEST_SECONDS):
        return await run_flow_text(FLOW.format(id=id, inputs=with_inputs), work_folder=folder)


def fill(folder: Path) -> None:
    """Put files of other programs into a folder."""
    for name, content in FILES.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)


def _workbook() -> bytes:
    book, raw = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["order", None, "order"])
    book.active.append([1, "=A2*2", "ä"])
    book.active.merge_cells("A3:B4")
    book.save(raw)
    return raw.getvalue()


def _archive() -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("./", b"")
        archive.writestr("NN.txt", b"x")
    return raw.getvalue().replace(b"NN", b"\xfc\x81")


FILES = {
    "cp1252.csv": "Kunde;Betrag\r\nMüller;1.234,50\r\n".encode("cp1252"),
    "utf16.txt": "a\tb\r\n1\t2\r\n".encode("utf-16-le"),
    "rows.jsonl": b'{"a": 1}\n{"b": "\\ud83d"}\n',
    "bom.json": b"\xef\xbb\xbf" + b'{"a": NaN}',
    "book.xlsx": _workbook(),
    "old.xls": b"<html><table><tr><td>1</td></tr></table></html>",
    "names.zip": _archive(),
    "empty": b"",
    "binary": bytes(range(256)),
    "sub/inside.txt": b"x",
}

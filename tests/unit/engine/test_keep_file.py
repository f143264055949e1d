"""Files that activities keep: what the engine adds to whoever takes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from exekra.flow.events import ExecutionFinished
from exekra.sdk.context import KeptFile
from exekra.sdk.errors import KeepFileError
from exekra.testing.flows import run_flow_text

KEEP = """
format: exekra.flow/1
name: Keep
inputs:
  name: {type: text, default: ""}
nodes:
  keep: {do: file.keep, with: {path: note.txt, name: "{name}"}}
edges: [start -> keep]
outputs:
  kept: {value: "{keep.name}"}
"""


class Remembering:
    """Takes what it gets."""

    def __init__(self) -> None:
        self.kept: list[tuple[Path, str, str | None]] = []

    def keep(self, path: Path, name: str, *, node: str | None, move: bool, check: Callable[[], None]) -> KeptFile:
        check()
        self.kept.append((path, name, node))
        return KeptFile(name=name, size=path.stat().st_size)

    def keep_output(self, path: Path, name: str, *, check: Callable[[], None]) -> KeptFile | None:
        if not path.exists():
            raise KeepFileError(f"There is no file {path} to be kept.")
        return KeptFile(name=name, size=path.stat().st_size, id="the id")


async def test_a_file_is_kept_under_a_safe_name(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("hello")
    keeper = Remembering()
    run = await run_flow_text(KEEP, inputs={"name": "../März 2026.txt"}, work_folder=tmp_path, files=keeper)
    assert keeper.kept == [(tmp_path / "note.txt", ".._März 2026.txt", "keep")]
    assert run.outcome.outputs == {"kept": ".._März 2026.txt"}
    assert run.logs == ["Kept the file .._März 2026.txt (5 bytes)."]


async def test_without_anybody_who_takes_files_it_fails(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("hello")
    run = await run_flow_text(KEEP, work_folder=tmp_path)
    assert run.outcome.failure is not None
    assert run.outcome.failure.type == "KeepFileError"
    assert "Hub of this Runner is too old to take files" in run.outcome.failure.message


OUTPUT = """
format: exekra.flow/1
name: Output
inputs:
  path: {type: text, default: note.txt}
nodes:
  wait: {do: general.log, with: {message: "done"}}
edges: [start -> wait]
outputs:
  report: {type: file, value: "{path}"}
  other: {type: file, value: "{null}"}
"""


async def test_an_output_of_type_file_is_kept(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("hello")
    run = await run_flow_text(OUTPUT, work_folder=tmp_path, files=Remembering())
    assert run.outcome.outputs == {"report": {"$file": "the id", "name": "note.txt", "size": 5}, "other": None}
    [end] = run.of(ExecutionFinished)
    assert end.outputs == run.outcome.outputs


async def test_an_output_that_cannot_be_kept_fails_the_execution(tmp_path: Path) -> None:
    run = await run_flow_text(OUTPUT, inputs={"path": "none.txt"}, work_folder=tmp_path, files=Remembering())
    assert run.outcome.failure is not None
    assert run.outcome.failure.type == "KeepFileError"
    assert run.outcome.failure.message.startswith("The output `report`: There is no file")


async def test_without_a_hub_an_output_stays_the_path(tmp_path: Path) -> None:
    run = await run_flow_text(OUTPUT, work_folder=tmp_path)
    assert run.outcome.outputs == {"report": "note.txt", "other": None}

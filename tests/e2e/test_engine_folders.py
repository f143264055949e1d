"""The folders that the engine gives to activities, on a real disk."""

from __future__ import annotations

from pathlib import Path

from exekra.engine.execution import Execution


def new_execution(work_folder: Path) -> Execution:
    return Execution(id="x", workflows={}, emit=lambda event: None, work_folder=work_folder, secrets=None)


async def test_paths_start_at_the_work_folder_and_the_temporary_one_is_deleted(tmp_path: Path) -> None:
    execution = new_execution(tmp_path)
    context = execution.context("a")
    folder = context.temporary_folder
    try:
        assert context.path("in/orders.xlsx") == tmp_path / "in" / "orders.xlsx"
        assert folder.is_dir()
        (folder / "left").write_text("over")
    finally:
        await execution.close()
    assert not folder.exists()

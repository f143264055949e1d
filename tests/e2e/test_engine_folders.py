"""The folders that the engine gives to activities, on a real disk."""

from __future__ import annotations

import time
from pathlib import Path

from exekra.engine.observe.masking import Masker
from exekra.engine.observe.observer import Observer
from exekra.engine.services.kept_files import NoFileKeeper
from exekra.engine.services.services import ActivityServices


async def test_paths_start_at_the_work_folder_and_the_temporary_one_is_deleted(tmp_path: Path) -> None:
    observer = Observer(lambda event: None, Masker(), time.perf_counter)
    services = ActivityServices(
        execution_id="x", work_folder=tmp_path, observer=observer, secrets=None, files=NoFileKeeper()
    )
    context = services.context("a")
    folder = context.temporary_folder
    try:
        assert context.path("in/orders.xlsx") == tmp_path / "in" / "orders.xlsx"
        assert folder.is_dir()
        (folder / "left").write_text("over")
    finally:
        await services.close()
    assert not folder.exists()

"""A Runner is registered in the browser, started by a terminal, and seen to connect."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

from playwright.async_api import expect

from .conftest import PatientPage
from .site import Site, violations


async def test_a_runner_is_registered_and_seen_to_connect(open_page: PatientPage, site: Site, tmp_path: Path) -> None:
    page = await open_page("ADMIN", "/runners")
    await page.get_by_role("button", name="Register a Runner").click()
    dialog = page.get_by_role("dialog", name="Register a Runner")
    await dialog.get_by_role("textbox", name="Name").fill("Front desk 7")
    await dialog.get_by_role("button", name="Register").click()
    dialog = page.get_by_role("dialog", name="Connect Front desk 7")
    await expect(dialog.get_by_text("The secret is shown only now")).to_be_visible()
    await expect(dialog.get_by_role("status")).to_contain_text("Waiting until Front desk 7 connects")
    assert await violations(page) == []
    shown = await dialog.inner_text()
    key, secret = re.search(r"FC-[\w-]+", shown), re.search(r"\b[0-9a-f]{64}\b", shown)
    assert key, shown
    assert secret, shown
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "exekra.cli.main", "runner", "--hub-url", site.url, "--runner-home", tmp_path / "home"),
        env={**os.environ, "EXEKRA_MACHINE_KEY": key[0], "EXEKRA_MACHINE_SECRET": secret[0]},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await expect(dialog.get_by_role("status")).to_contain_text("Connected")
        await dialog.get_by_role("button", name="Done").click()
        row = page.get_by_role("row").filter(has_text="Front desk 7")
        await expect(row).to_contain_text("Online")
        await row.get_by_role("link", name="Front desk 7").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Front desk 7")
        assert secret[0] not in await page.content()
    finally:
        process.terminate()
        await process.wait()

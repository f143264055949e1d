"""Photograph the pages, in a real browser, over the showcase.

`make screenshots` writes those that the README shows into docs/images/. With `--all FOLDER` every page is taken, in
two sizes, light and dark, for somebody to look at.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, async_playwright
from playwright.async_api import Error as PlaywrightError

from exekra.testing import chromium

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
from shots import SHOTS, Shot
from showcase import PASSWORD, showcase
from stage import Stage

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SIZES = {"small": (1280, 800), "large": (1920, 1080)}
THEMES = ("light", "dark")
SETTLE_SECONDS = 1.2
PATIENCE_MILLISECONDS = 15_000


_LATEST = """SELECT id FROM execution WHERE state = '{state}' AND workflow_name = 'Price the orders'
    ORDER BY last_sequence DESC, id DESC LIMIT 1"""


async def places(on: Stage) -> dict[str, Any]:
    """Ids for the addresses."""
    ids = {
        "invoices": "SELECT id FROM workflow WHERE name = 'Invoice intake'",
        "stock": "SELECT id FROM workflow WHERE name = 'Stock reconciliation'",
        "failed": _LATEST.format(state="FAILED"),
        "finished": _LATEST.format(state="COMPLETED"),
        "called": "SELECT id FROM execution WHERE workflow_name = 'First cheap article'",
        "waiting": "SELECT id FROM execution WHERE state = 'QUEUED'",
        "calling": "SELECT id FROM workflow WHERE name = 'First cheap article'",
        "orders": "SELECT id FROM workflow WHERE name = 'Price the orders'",
        "pricing": "SELECT id FROM workflow WHERE name = 'Price of an article'",
        "empty": "SELECT id FROM workflow WHERE name = 'Reminders'",
        "runner": "SELECT id FROM runner WHERE name = 'office-01'",
    }
    return {name: await on.database.fetchval(query) for name, query in ids.items()}


async def photograph(browser: Browser, on: Stage, shots: list[Shot], size: str, theme: str, folder: Path) -> None:
    """Take these pictures in one size and theme."""
    width, height = SIZES[size]
    known = await places(on)
    for user in dict.fromkeys(shot.user for shot in shots):
        context = await browser.new_context(
            base_url=on.url,
            viewport={"width": width, "height": height},
            color_scheme=theme,  # type: ignore[arg-type]  # One of THEMES.
            reduced_motion="reduce",
        )
        await context.add_init_script(f"localStorage.setItem('exekra-theme', '{theme}')")
        if user is not None:
            answer = await context.request.post("/api/session", data={"email": user, "password": PASSWORD})
            assert answer.ok, await answer.text()
        for shot in shots:
            if shot.user != user:
                continue
            page = await context.new_page()
            page.set_default_timeout(PATIENCE_MILLISECONDS)
            await page.goto(shot.path.format(**known))
            await page.wait_for_load_state("load")
            await asyncio.sleep(SETTLE_SECONDS)
            try:
                await shot.act(page)
            except PlaywrightError as error:
                print(f"{shot.name}: {error}", file=sys.stderr)
            await asyncio.sleep(SETTLE_SECONDS / 2)
            name = shot.name if folder == IMAGES else f"{shot.name}-{size}-{theme}"
            await page.screenshot(path=folder / f"{name}.png")
            await shot.leave(page)
            await page.close()
        await context.close()


async def main(arguments: list[str]) -> int:
    """Take the pictures."""
    everything = arguments[:1] == ["--all"]
    folder = Path(arguments[1]) if everything else IMAGES
    wanted = set(arguments[2:])
    folder.mkdir(parents=True, exist_ok=True)
    async with showcase() as on, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium.chromium(), args=chromium.words())
        for size in SIZES:
            for theme in THEMES:
                shots = [
                    shot
                    for shot in SHOTS
                    if (everything or shot.readme == (size, theme)) and (not wanted or shot.name in wanted)
                ]
                if shots:
                    await photograph(browser, on, shots, size, theme, folder)
        await browser.close()
    print(f"Pictures are in {folder}.")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))

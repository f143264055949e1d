"""Photograph the pages, in a real browser, over the showcase.

`make screenshots` writes those that the README shows into docs/images/. With `--all FOLDER` every page is taken, in
two sizes, light and dark, for somebody to look at.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright
from playwright.async_api import Error as PlaywrightError

from exekra.testing import chromium

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
from showcase import EMAIL, PASSWORD, showcase
from stage import Stage

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SIZES = {"small": (1280, 800), "large": (1920, 1080)}
THEMES = ("light", "dark")
SETTLE_SECONDS = 1.2
PATIENCE_MILLISECONDS = 15_000

Act = Callable[[Page], Awaitable[None]]


async def nothing(_: Page) -> None:
    """The page as it opens."""


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One picture: an address (`{NAME}` stands for an id, see `places`), what is done before it is taken, and after."""

    name: str
    path: str
    act: Act = nothing
    leave: Act = nothing
    signed_in: bool = True
    readme: tuple[str, str] | None = None


async def select_book(page: Page) -> None:
    """A node's form."""
    await page.locator('[data-id="book"]').first.click()


async def open_palette(page: Page) -> None:
    """The command palette, with results."""
    await page.keyboard.press("Control+k")
    await page.keyboard.type("inv", delay=20)


async def new_workflow(page: Page) -> None:
    """The ways to a new workflow."""
    await page.get_by_role("button", name="New workflow").first.click()


async def register_runner(page: Page) -> None:
    """How a machine becomes a Runner."""
    await page.get_by_role("button", name="Register a Runner").first.click()


async def pick_step(page: Page) -> None:
    """The list of steps that opens under what one types."""
    await page.locator('[data-id="invoice"]').first.click()
    await page.keyboard.press("/")
    await page.keyboard.type("csv", delay=20)


async def running(page: Page) -> None:
    """A run that goes on, with its log."""
    await page.get_by_role("button", name="Run", exact=True).first.click()
    await page.get_by_role("dialog").get_by_role("button", name="Run").click()
    await page.locator('[data-id="read"] [data-state]').wait_for()
    await asyncio.sleep(2 * SETTLE_SECONDS)


async def paused(page: Page) -> None:
    """A debug session at a breakpoint in a loop."""
    await page.locator('[data-id="is_large"]').first.click()
    await page.keyboard.press("F9")
    await page.get_by_role("button", name="Debug", exact=True).first.click()
    await page.get_by_role("dialog").get_by_role("button", name="Debug").click()
    await page.locator('[data-id="is_large"] [data-state="paused"]').wait_for()


async def stop(page: Page) -> None:
    """The Runner is free again for the next picture."""
    await page.keyboard.press("Shift+F5")
    await page.get_by_role("button", name="Stop", exact=True).wait_for(state="detached")


SHOTS = (
    Shot(name="sign-in", path="/sign-in", signed_in=False),
    Shot(name="dashboard", path="/", readme=("small", "light")),
    Shot(name="palette", path="/", act=open_palette),
    Shot(name="workflows", path="/workflows"),
    Shot(name="workflows-new", path="/workflows", act=new_workflow),
    Shot(name="workflows-none", path="/workflows?text=nothing"),
    Shot(name="workflow", path="/workflows/{invoices}"),
    Shot(name="workflow-versions", path="/workflows/{invoices}?tab=versions"),
    Shot(name="workflow-statistics", path="/workflows/{stock}?tab=statistics"),
    Shot(name="compare", path="/workflows/{invoices}/compare?from=1&to=2"),
    Shot(name="executions", path="/executions"),
    Shot(name="executions-failed", path="/executions?state=FAILED"),
    Shot(name="execution-failed", path="/executions/{failed}", readme=("small", "light")),
    Shot(name="execution-node", path="/executions/{failed}?node=write"),
    Shot(name="execution-values", path="/executions/{finished}?tab=values"),
    Shot(name="execution-metrics", path="/executions/{finished}?tab=metrics"),
    Shot(name="execution-events", path="/executions/{finished}?tab=events"),
    Shot(name="execution-log", path="/executions/{finished}?tab=log"),
    Shot(name="runners", path="/runners"),
    Shot(name="runner-new", path="/runners", act=register_runner),
    Shot(name="runner", path="/runners/{runner}"),
    Shot(name="users", path="/users"),
    Shot(name="audit", path="/audit"),
    Shot(name="system", path="/system"),
    Shot(name="account", path="/account"),
    Shot(name="studio", path="/studio/{invoices}"),
    Shot(name="studio-form", path="/studio/{invoices}", act=select_book, readme=("small", "dark")),
    Shot(name="studio-picker", path="/studio/{invoices}", act=pick_step),
    Shot(name="studio-running", path="/studio/{invoices}", act=running, leave=stop),
    Shot(name="studio-paused", path="/studio/{invoices}", act=paused, leave=stop, readme=("small", "light")),
)


async def places(on: Stage) -> dict[str, Any]:
    """Ids for the addresses."""
    ids = {
        "invoices": "SELECT id FROM workflow WHERE name = 'Invoice intake'",
        "stock": "SELECT id FROM workflow WHERE name = 'Stock reconciliation'",
        "failed": "SELECT id FROM execution WHERE state = 'FAILED' ORDER BY last_sequence DESC, id DESC LIMIT 1",
        "finished": "SELECT id FROM execution WHERE state = 'COMPLETED' ORDER BY last_sequence DESC, id DESC LIMIT 1",
        "runner": "SELECT id FROM runner WHERE name = 'office-01'",
    }
    return {name: await on.database.fetchval(query) for name, query in ids.items()}


async def photograph(browser: Browser, on: Stage, shots: list[Shot], size: str, theme: str, folder: Path) -> None:
    """Take these pictures in one size and theme."""
    width, height = SIZES[size]
    known = await places(on)
    for signed_in in (False, True):
        context = await browser.new_context(
            base_url=on.url,
            viewport={"width": width, "height": height},
            color_scheme=theme,  # type: ignore[arg-type]  # One of THEMES.
            reduced_motion="reduce",
        )
        await context.add_init_script(f"localStorage.setItem('exekra-theme', '{theme}')")
        if signed_in:
            answer = await context.request.post("/api/session", data={"email": EMAIL, "password": PASSWORD})
            assert answer.ok, await answer.text()
        for shot in shots:
            if shot.signed_in is not signed_in:
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

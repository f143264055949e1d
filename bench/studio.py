"""The claim: Studio with a workflow of 1,000 steps: until it can be used, and frames a second while one drags and pans.

Each opening is a new profile of the browser with a cold cache. Studio can be used when its steps are drawn and the main
thread has been free since. Frames are counted in the page while a real mouse moves for some seconds.
"""

from __future__ import annotations

import asyncio
import math
import statistics
import time
from collections.abc import Callable
from typing import Any

import httpx
from playwright.async_api import Browser, Page

from browser import Frames, new_context, open_browser, usable
from drawn import drawn_document
from measure import percentile, report
from stage import Stage, stage

GOAL_MS, GOAL_DRAG, GOAL_PAN = 1_500.0, 30, 50
SIZES = (300, 1_000)
OPENINGS = 5
ROUNDS = 3
SECONDS = 3.0
STEPS = ".react-flow__node-step"
EMPTY = """
() => {
  const {left, top, width, height} = document.querySelector(".react-flow").getBoundingClientRect();
  for (let x = left + 40; x < left + width - 340; x += 20)
    for (let y = top + 40; y < top + height - 240; y += 20)
      if (document.elementFromPoint(x, y)?.classList.contains("react-flow__pane")) return [x, y];
  throw new Error("There is no empty place on the canvas.");
}
"""
VIEW = "() => document.querySelector('.react-flow__viewport').style.transform"
PLACE = "step => step.style.transform"

Way = Callable[[float], tuple[float, float]]


def circle(seconds: float) -> tuple[float, float]:
    """Where the mouse is, from where it was pressed."""
    turn = 2 * math.pi * seconds / 1.5
    return 90 * math.sin(turn), 60 * (1 - math.cos(turn))


def away(seconds: float) -> tuple[float, float]:
    """To and fro over much of the canvas, so that steps come into view."""
    part = abs((seconds / 2 + 1) % 2 - 1)
    return 300 * part, 200 * part


async def draw(on: Stage, steps: int) -> tuple[str, int]:
    """Store a workflow; its id, and how many steps it has."""
    document = drawn_document(f"{steps} steps", steps)
    headers = {"Authorization": f"Bearer {on.admin_token}"}
    async with httpx.AsyncClient(base_url=on.url, trust_env=False, timeout=60, headers=headers) as http:
        answer = await http.post("/api/workflows", json={"name": document["name"], "document": document})
    assert answer.status_code == 201, answer.text
    return answer.json()["workflow"]["id"], len(document["nodes"])


async def opening(browser: Browser, on: Stage, id: str) -> float:
    """Milliseconds until the canvas can be used."""
    context = await new_context(browser, on)
    page = await context.new_page()
    milliseconds = await usable(page, f"/studio/{id}", "shown:studio")
    assert await page.locator(STEPS).count() > 0, "no step is drawn"
    await context.close()
    return milliseconds


async def frames_of(page: Page, begin: tuple[float, float], way: Way) -> Frames:
    """The frames while the mouse is pressed and moves."""
    x, y = begin
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 4, y + 4)
    async with Frames.counted(page) as frames:
        started = time.perf_counter()
        while (seconds := time.perf_counter() - started) < SECONDS:
            by_x, by_y = way(seconds)
            await page.mouse.move(x + by_x, y + by_y)
            await asyncio.sleep(1 / 120)
    await page.mouse.up()
    return frames


async def drag(page: Page) -> Frames:
    """Drag a step that stands in the view."""
    step = page.locator(STEPS).nth(2)
    box = await step.bounding_box()
    assert box is not None
    before = await step.evaluate(PLACE)
    frames = await frames_of(page, (box["x"] + 90, box["y"] + 20), circle)
    assert await step.evaluate(PLACE) != before, "the step was not dragged"
    return frames


async def pan(page: Page) -> Frames:
    """Move the canvas below the window."""
    before = await page.evaluate(VIEW)
    frames = await frames_of(page, await page.evaluate(EMPTY), away)
    assert await page.evaluate(VIEW) != before, "the canvas was not moved"
    return frames


async def moving(browser: Browser, on: Stage, id: str) -> dict[str, list[Frames]]:
    """The frames of each kind of movement, several times."""
    context = await new_context(browser, on)
    page = await context.new_page()
    await usable(page, f"/studio/{id}", "shown:studio")
    kinds = {"drag": drag, "pan": pan}
    found: dict[str, list[Frames]] = {name: [] for name in kinds}
    for _ in range(ROUNDS):
        for name, move in kinds.items():
            found[name].append(await move(page))
            await asyncio.sleep(0.5)
    await context.close()
    return found


def rate(found: list[Frames]) -> float:
    return round(statistics.median(frames.rate for frames in found), 1)


async def measure(browser: Browser, on: Stage, steps: int) -> dict[str, Any]:
    id, count = await draw(on, steps)
    await opening(browser, on, id)
    openings = [await opening(browser, on, id) for _ in range(OPENINGS)]
    found = await moving(browser, on, id)
    return {
        "steps": count,
        "until it can be used, p50 ms": percentile(openings, 50),
        "worst ms": max(openings),
        "drag, frames/s": rate(found["drag"]),
        "pan, frames/s": rate(found["pan"]),
        "longest frame of a drag, ms": statistics.median(frames.longest for frames in found["drag"]),
        "of a pan, ms": statistics.median(frames.longest for frames in found["pan"]),
    }


async def main() -> None:
    async with stage() as on, open_browser() as browser:
        rows = [await measure(browser, on, steps) for steps in SIZES]
    largest = rows[-1]
    report(
        f"open {largest['steps']:,} steps in Studio until they can be worked on, median",
        round(largest["until it can be used, p50 ms"]),
        "ms",
        GOAL_MS,
        rows,
        notes=[
            f"{OPENINGS} openings, each with an empty cache; {ROUNDS} movements of {SECONDS:.0f} s each.",
            f"Wanted: {GOAL_DRAG} frames a second while dragging, {GOAL_PAN} while panning. No graphics card.",
        ],
    )


if __name__ == "__main__":
    asyncio.run(main())

"""Steps as text: pasted from a document, a message or a file, and copied as people read them."""

from __future__ import annotations

import re

import httpx
from playwright.async_api import Page, expect

from .conftest import PatientPage
from .site import Site
from .studio import Studio, stored
from .workflows import flow

PART = """
  nodes:
    each:
      do: for_each
      with: {items: [1, 2], item: number}
    tell:
      do: general.log
      with: {message: "{number}"}
  edges:
  - start -> each
  - each.body -> tell
"""
MESSAGE = f"Put this in:\n```yaml\n{PART}\n```\nand run it."
WHOLE = (
    "format: exekra.flow/1\nname: Another\nnodes:\n  rest:\n    do: general.wait\n    with: {duration: 1}\nedges: []\n"
)
ODD_TEXTS = {
    "message": "# no: {comment} -> 'quoted' \"twice\" 🧾\tשלום",
    "level": "warning",
}
ODD_CODE = "total = 0\n\nfor item in range(3):\n    total += item  # \\ and \u2028\n"


async def paste(page: Page, text: str) -> None:
    """As somebody who copied it elsewhere."""
    await page.evaluate("text => navigator.clipboard.writeText(text)", text)
    await page.keyboard.press("Control+v")


async def opened(open_page: PatientPage, workflow: str) -> Studio:
    page = await open_page("DEVELOPER", f"/studio/{workflow}", permissions=["clipboard-read", "clipboard-write"])
    studio = Studio(page)
    await studio.opened()
    await studio.canvas.focus()
    return studio


async def test_parts_of_a_text_become_steps(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    workflow = await site.publish(hub, flow("Pasted into", {}, []), publish=False)
    studio = await opened(open_page, workflow)
    await paste(studio.page, MESSAGE)
    await expect(studio.node("tell")).to_be_visible()
    await studio.run()
    await studio.succeeded()
    await studio.canvas.focus()
    # Once more: the names are taken.
    await paste(studio.page, PART)
    await expect(studio.page.locator(".react-flow__node[data-id^=tell]")).to_have_count(2)
    await paste(studio.page, WHOLE)
    await expect(studio.node("rest")).to_be_visible()
    await studio.save()
    document = (await stored(hub, workflow))["document"]
    assert document["name"] == "Pasted into"
    assert len(document["nodes"]) == 5
    assert document["edges"][:2] == ["start -> each", "each.body -> tell"]


async def test_what_is_no_workflow_is_said_and_not_pasted(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    workflow = await site.publish(hub, flow("Nothing pasted", {}, []), publish=False)
    studio = await opened(open_page, workflow)
    note = studio.page.get_by_role("alert").filter(has_text="Nothing was pasted")
    for text, reason in (
        ("Please call me back.", "The clipboard has no steps"),
        ('{"name": "only"}', "The clipboard has no steps"),
        ("nodes:\n  a:\n   do: general.log\n  with: {}\n", "Line 4"),
        ("nodes:\n  a: {do: general.log, wiht: {}}\n", "wiht"),
        ("nodes:\n  a: {do: general.log}\nedges: [a]\n", "An edge is a line"),
    ):
        await paste(studio.page, text)
        await expect(note).to_have_count(1)
        await expect(note).to_contain_text(reason)
        assert len(await note.inner_text()) < 400
        await note.get_by_role("button").click()
        await expect(note).to_have_count(0)
    await expect(studio.page.locator(".react-flow__node")).to_have_count(1)
    await expect(studio.toolbar).not_to_contain_text("unsaved")


async def test_what_is_copied_is_yaml_and_comes_back(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    nodes = {
        "tell": {"do": "general.log", "with": ODD_TEXTS},
        "work": {"do": "python.run", "with": {"code": ODD_CODE}, "retry": {"times": 2}},
    }
    source = await site.publish(hub, flow("Copied from", nodes, ["start -> tell -> work"]), publish=False)
    target = await site.publish(hub, flow("Copied to", {}, []), publish=False)
    studio = await opened(open_page, source)
    await studio.page.keyboard.press("Control+a")
    await studio.page.keyboard.press("Control+c")
    text = await studio.page.evaluate("() => navigator.clipboard.readText()")
    assert re.search(r"^nodes:\n  tell:\n    do: general\.log\n", text, re.MULTILINE), text
    assert "\n- tell -> work\n" in text, text
    assert (await hub.post("/api/workflows/read", content=text.encode())).is_success
    await studio.page.goto(f"/studio/{target}")
    await studio.opened()
    await studio.canvas.focus()
    await paste(studio.page, text)
    await expect(studio.node("work")).to_be_visible()
    await studio.save()
    assert (await stored(hub, target))["document"]["nodes"] == nodes

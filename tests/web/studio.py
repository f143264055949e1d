"""Studio as a person uses it: by mouse and keyboard, through what is seen."""

from __future__ import annotations

import re
from typing import Any

import httpx
from playwright.async_api import Locator, Page, Position, expect


class Studio:
    """A page in which Studio is open."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.canvas = page.locator("[data-canvas]")
        self.toolbar = page.locator("main header").first
        self.form = page.locator("[data-panel=right]")
        self.progress = page.locator("[data-run-state]")

    async def opened(self) -> None:
        await expect(self.canvas).to_be_visible()

    @property
    def workflow(self) -> str:
        """The id in the address."""
        found = re.search(r"/studio/([0-9a-f-]{36})", self.page.url)
        assert found, self.page.url
        return found[1]

    def node(self, id: str) -> Locator:
        return self.page.locator(f'.react-flow__node[data-id="{id}"]')

    def card(self, id: str) -> Locator:
        """The card of a node, which carries what became of it."""
        return self.node(id).locator("[data-shape]").first

    def handle(self, id: str, port: str) -> Locator:
        return self.node(id).locator(f'.react-flow__handle[data-handleid="{port}"]')

    async def insert_by_typing(self, words: str, name: str | None = None) -> None:
        """Press / and type, as behind the step that is selected."""
        await self.canvas.focus()
        await self.page.keyboard.press("/")
        await self.pick(words, name)

    async def insert_at(self, id: str, port: str, words: str, name: str | None = None) -> None:
        """Click on a port and type."""
        await self.handle(id, port).click()
        await self.pick(words, name)

    async def pick(self, words: str, name: str | None = None) -> None:
        """Choose in the list of steps that is open; the new step gets the name."""
        picker = self.page.get_by_role("dialog", name="Add a step")
        await expect(picker.get_by_role("combobox")).to_be_focused()
        await self.page.keyboard.type(words)
        await self.page.keyboard.press("Enter")
        await expect(picker).to_be_hidden()
        if name is not None:
            await self.rename(name)

    async def rename(self, name: str) -> None:
        """Name the selected step."""
        field = self.form.get_by_role("textbox", name="Name", exact=True)
        await field.fill(name)
        await field.press("Enter")
        await expect(self.node(name)).to_be_attached()

    async def connect(self, source: str, port: str, target: str) -> None:
        """Draw an edge with the mouse."""
        await self.drag(self.handle(source, port), self.handle(target, "in"))

    async def drag(self, source: Locator, target: Locator) -> None:
        start, end = await source.bounding_box(), await target.bounding_box()
        assert start, "there is nothing to drag"
        assert end, "there is no place to drag it to"
        mouse = self.page.mouse
        await mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
        await mouse.down()
        await mouse.move(end["x"] + end["width"] / 2 + 6, end["y"] + end["height"] / 2 - 6, steps=8)
        await mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=3)
        await mouse.up()

    async def select(self, id: str) -> None:
        await self.card(id).click()
        await expect(self.form.get_by_role("textbox", name="Name", exact=True)).to_have_value(id)

    def field(self, label: str) -> Locator:
        return self.form.get_by_role("textbox", name=label, exact=True)

    async def fill(self, label: str, text: str) -> None:
        """Write into a field that takes expressions; its editor comes when it has the focus."""
        await self.field(label).click()
        editor = self.form.locator(".cm-content")
        await expect(editor).to_be_focused()
        await self.page.keyboard.press("Control+a")
        # As pasted: typed braces would be closed by the editor.
        await self.page.keyboard.insert_text(text)
        await expect(editor).to_have_text(text)
        await self.canvas.focus()

    async def fill_plain(self, label: str, text: str) -> None:
        """Write into a field that takes a name."""
        field = self.form.get_by_label(label, exact=True)
        await field.fill(text)
        await self.canvas.focus()
        await expect(field).to_have_value(text)

    async def drag_from_toolbox(self, title: str, name: str) -> None:
        """Drop a step where there is room on the canvas."""
        toolbox = self.page.get_by_role("complementary", name="Steps")
        box = await self.canvas.bounding_box()
        assert box, "there is no canvas"
        place: Position = {"x": box["width"] - 180, "y": box["height"] - 120}
        await toolbox.get_by_role("button", name=title, exact=True).drag_to(self.canvas, target_position=place)
        await self.rename(name)

    async def save(self) -> None:
        await self.page.keyboard.press("Control+s")
        await self.saved()

    async def saved(self) -> None:
        await expect(self.toolbar).to_contain_text(re.compile(r"Version \d+ · saved"))

    async def run(self) -> None:
        await self.page.keyboard.press("F5")

    async def ended(self, state: str) -> None:
        await expect(self.progress).to_have_attribute("data-run-state", state)

    async def succeeded(self) -> None:
        await self.ended("COMPLETED")

    async def open_drawer(self, name: str) -> Locator:
        """A tab of the drawer below."""
        tab = self.page.get_by_role("tablist", name="Drawer").get_by_role("tab", name=re.compile(f"^{name}"))
        if await tab.get_attribute("aria-selected") != "true":
            await tab.click()
        return self.page.get_by_role("tabpanel", name=name)

    async def open_right(self, name: str) -> Locator:
        """A tab of the panel beside the canvas."""
        await self.page.get_by_role("tablist", name="Panels").get_by_role("tab", name=name).click()
        return self.page.get_by_role("tabpanel", name=name)


async def stored(hub: httpx.AsyncClient, workflow: str) -> dict[str, Any]:
    """The newest version of a workflow."""
    latest = (await hub.get(f"/api/workflows/{workflow}")).json()["latest_number"]
    version: dict[str, Any] = (await hub.get(f"/api/workflows/{workflow}/versions/{latest}")).json()
    return version

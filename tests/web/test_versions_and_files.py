"""Versions and files by hand: rolled back, saved over another's, dropped, exported, downloaded."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Download, Page, expect

from .conftest import PatientPage
from .site import Site, settled, violations
from .studio import Studio, stored
from .workflows import ODD_NAME, flow, hello


async def with_versions(site: Site, hub: httpx.AsyncClient, name: str, *messages: str) -> str:
    """A workflow whose first version is published, and a draft for each further message."""
    first, *others = messages
    workflow = await site.publish(hub, saying(name, first))
    for number, message in enumerate(others, start=1):
        body = {"document": saying(name, message), "based_on": number}
        (await hub.post(f"/api/workflows/{workflow}/versions", json=body)).raise_for_status()
    return workflow


def saying(name: str, message: str) -> dict[str, Any]:
    return flow(name, {"tell": {"do": "general.log", "with": {"message": message}}}, ["start -> tell"])


def message(version: dict[str, Any]) -> str:
    said: str = version["document"]["nodes"]["tell"]["with"]["message"]
    return said


async def test_roll_back_on_the_page_of_a_workflow(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    workflow = await with_versions(site, hub, "Rolled back", "one", "two", "three")
    page = await open_page("DEVELOPER", f"/workflows/{workflow}?tab=versions")
    await page.get_by_role("row", name=re.compile("Version 1")).get_by_role("button").last.click()
    await page.get_by_role("menuitem", name="Roll back to it").click()
    dialog = page.get_by_role("dialog", name="Roll Rolled back back to version 1?")
    await expect(dialog).to_contain_text("The live version stays live until you publish")
    await dialog.get_by_role("button", name="Roll back").click()
    await expect(page.get_by_role("row", name=re.compile("Version 4"))).to_contain_text("Version 1 again")
    newest = await stored(hub, workflow)
    assert (newest["number"], message(newest)) == (4, "one")
    assert (await hub.get(f"/api/workflows/{workflow}")).json()["published_number"] == 1


async def test_roll_back_in_studio(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    workflow = await with_versions(site, hub, "Rolled back in Studio", "one", "two", "three")
    page = await open_page("DEVELOPER", f"/studio/{workflow}")
    studio = Studio(page)
    await studio.opened()
    await page.get_by_role("button", name="Versions").click()
    versions = page.get_by_role("dialog", name="Versions")
    await versions.get_by_role("row", name=re.compile("^2 ")).get_by_role("link", name="Open").click()
    await expect(page.get_by_text("Version 2, read-only.")).to_be_visible()
    await expect(studio.node("tell")).to_contain_text("two")
    await page.get_by_role("button", name="Roll back to this version").click()
    await page.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    await expect(studio.toolbar).to_contain_text("Version 4 · saved")
    await expect(studio.node("tell")).to_contain_text("two")
    await studio.select("tell")
    await studio.fill("Message", "two and a half")
    await expect(studio.toolbar).to_contain_text("unsaved changes")
    await studio.save()
    newest = await stored(hub, workflow)
    assert (newest["number"], message(newest)) == (5, "two and a half")


async def test_mine_is_saved_over_theirs(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    workflow = await site.publish(hub, saying("Saved over", "both"), publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{workflow}"))
    await studio.opened()
    await studio.select("tell")
    await studio.fill("Message", "mine")
    body = {"document": saying("Saved over", "theirs"), "based_on": 1}
    (await hub.post(f"/api/workflows/{workflow}/versions", json=body)).raise_for_status()
    await studio.page.keyboard.press("Control+s")
    dialog = studio.page.get_by_role("dialog", name="Somebody else saved this workflow")
    async with studio.page.expect_download() as download:
        await dialog.get_by_role("button", name="Download mine").click()
    kept = json.loads(await text_of(await download.value))
    assert kept["nodes"]["tell"]["with"]["message"] == "mine"
    await dialog.get_by_role("button", name="Save mine over theirs").click()
    await expect(dialog).to_be_hidden()
    await expect(studio.toolbar).to_contain_text("Version 3 · saved")
    assert message(await stored(hub, workflow)) == "mine"
    assert message((await hub.get(f"/api/workflows/{workflow}/versions/2")).json()) == "theirs"


async def drop(page: Page, onto: str, name: str, text: str) -> bool:
    """Hold a file over something and let it go; whether the page took it. What it does not, the browser opens."""
    taken: bool = await page.evaluate(
        """([onto, name, text]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([text], name));
            const init = { dataTransfer, bubbles: true, cancelable: true };
            const target = document.querySelector(onto);
            const held = !target.dispatchEvent(new DragEvent("dragover", init));
            return !target.dispatchEvent(new DragEvent("drop", init)) && held;
        }""",
        [onto, name, text],
    )
    return taken


async def test_a_file_is_dropped_on_the_import(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    page = await open_page("DEVELOPER", "/workflows?create=true")
    dialog = page.get_by_role("dialog", name="New workflow")
    await dialog.get_by_role("tab", name="Import it").click()
    await expect(dialog.get_by_text("Drop a .flow.yaml")).to_be_visible()
    assert await drop(page, "body", "broken.flow.yaml", "format: exekra.flow/1\nname: [")
    await dialog.get_by_role("button", name="Import and open in Studio").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("not YAML")
    text = (await hub.get(f"/api/workflows/{await site.publish(hub, hello('Dropped'))}/export")).text
    assert await drop(page, "[role=dialog]", "dropped.flow.yaml", text.replace("Dropped", "Dropped once"))
    await expect(dialog.get_by_text("dropped.flow.yaml")).to_be_visible()
    await expect(dialog.get_by_role("alert")).to_have_count(0)
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Import and open in Studio").click()
    studio = Studio(page)
    await studio.opened()
    assert (await stored(hub, studio.workflow))["document"]["name"] == "Dropped once"
    # Another file takes the place of what is edited there, and undo brings it back.
    await page.get_by_role("button", name="All commands").click()
    await page.get_by_role("menuitem", name="Import").click()
    await expect(page.get_by_role("dialog", name="Import from a file")).to_be_visible()
    assert await drop(page, "body", "other.flow.yaml", text.replace("hello from the story", "from the file"))
    await page.get_by_role("dialog").get_by_role("button", name="Import", exact=True).click()
    await expect(studio.node("tell")).to_contain_text("from the file")
    await studio.canvas.focus()
    await page.keyboard.press("Control+z")
    await expect(studio.node("tell")).to_contain_text("hello from the story")


async def text_of(download: Download) -> str:
    return Path(await download.path()).read_text(encoding="utf-8")


async def choose_download(page: Page, button: str, item: str) -> Download:
    await page.get_by_role("button", name=button, exact=True).click()
    async with page.expect_download() as download:
        await page.get_by_role("menuitem", name=item).first.click()
    return await download.value


async def test_the_audit_log_is_downloaded_as_it_is_filtered(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    workflow = await site.publish(hub, hello('Audited, "quoted"\nand =1+1'.replace("\n", " ")))
    page = await open_page("ADMIN", f"/audit?resource_id={workflow}")
    await settled(page)
    table = await choose_download(page, "Export", "CSV")
    assert re.fullmatch(r"audit-[\d-]+\.csv", table.suggested_filename)
    rows = list(csv.DictReader(io.StringIO((await text_of(table)).removeprefix("\ufeff"))))
    assert [row["action"] for row in rows] == ["workflow.publish", "workflow.create"]
    assert json.loads(rows[1]["details"])["name"] == 'Audited, "quoted" and =1+1'
    lines = await choose_download(page, "Export", "JSON lines")
    entries = [json.loads(line) for line in (await text_of(lines)).splitlines()]
    assert [(entry["action"], entry["resource_id"]) for entry in entries] == [
        ("workflow.publish", workflow),
        ("workflow.create", workflow),
    ]
    # That somebody took it is an entry too.
    await page.goto("/audit?action=audit.export")
    await expect(page.get_by_role("row", name=re.compile("audit.export"))).not_to_have_count(0)


async def test_a_workflow_is_exported_and_comes_back(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    name = f"a/b\\c: {ODD_NAME}"[:200]
    document = saying(name, "exported")
    workflow = await site.publish(hub, document)
    page = await open_page("DEVELOPER", f"/workflows/{workflow}")
    await settled(page)
    exports = {}
    for item, ending in (("Export", ".flow.yaml"), ("Export as JSON", ".flow.json")):
        download = await choose_download(page, "More actions", item)
        assert download.suggested_filename.endswith(ending)
        assert not set(download.suggested_filename) & set('/\\:<>"')
        exports[item] = await text_of(download)
    assert json.loads(exports["Export as JSON"]) == document
    text = exports["Export"]
    assert (await hub.post("/api/workflows/read", content=text.encode())).json()["document"] == document
    await page.goto(f"/workflows/{workflow}?tab=versions")
    await page.get_by_role("row", name=re.compile("Version 1")).get_by_role("button").last.click()
    async with page.expect_download() as old:
        await page.get_by_role("menuitem", name="Export", exact=True).click()
    assert await text_of(await old.value) == text


async def test_who_calls_a_workflow_is_told_before_it_goes(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    called = await site.publish(hub, hello("Rates of the day"))
    nodes = {"call": {"do": "call_workflow", "with": {"workflow": "Rates of the day"}}}
    await site.publish(hub, flow("Needs the rates", nodes, ["start -> call"]))
    await site.publish(hub, flow("Will need the rates", nodes, ["start -> call"]), publish=False)
    page = await open_page("DEVELOPER", f"/workflows/{called}")
    await expect(page.get_by_role("main")).to_contain_text("Needs the rates, Will need the rates (a draft)")
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Archive").click()
    dialog = page.get_by_role("dialog", name="Archive Rates of the day?")
    await expect(dialog).to_contain_text("will fail where they call it.")
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("tab", name="Settings").click()
    await expect(page.get_by_role("main")).to_contain_text("must be changed too if you rename it.")
    await page.get_by_role("tab", name="Overview").click()
    await page.get_by_role("main").get_by_role("link", name="Needs the rates").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Needs the rates")

"""Files that belong to a workflow, by hand: added, looked at, renamed, replaced, removed, compared, and used."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
from playwright.async_api import Locator, Page, expect

from .conftest import PatientPage
from .site import Site, violations
from .workflows import flow, hello


def row(page: Page, path: str) -> Locator:
    """The row of a file."""
    return page.get_by_role("table", name="Files").get_by_role("row").filter(has_text=path)


async def choose(page: Page, path: str, action: str) -> None:
    """Choose from the menu of a file."""
    await row(page, path).get_by_role("button", name=f"Actions for {path}").click()
    await page.get_by_role("menuitem", name=action).click()
    await expect(page.get_by_role("menuitem")).to_have_count(0)


async def test_the_files_of_a_workflow_by_hand(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient, tmp_path: Path
) -> None:
    workflow = await site.publish(hub, hello("Has files"))
    for name, text in (("rates.csv", "EUR,1\nUSD,2\n"), ("Zoë's page.html", "<b>x</b>")):
        (tmp_path / name).write_text(text)
    page = await open_page("DEVELOPER", f"/workflows/{workflow}?tab=files")
    await expect(page.get_by_role("heading", name="No files")).to_be_visible()
    await page.get_by_label("Files to add").set_input_files([tmp_path / "rates.csv", tmp_path / "Zoë's page.html"])
    await expect(row(page, "rates.csv")).to_contain_text("12 B")
    await expect(page.get_by_role("main")).to_contain_text("These are the files of version 2.")
    assert await violations(page) == []

    await choose(page, "Zoë's page.html", "Rename")
    dialog = page.get_by_role("dialog", name="Rename Zoë's page.html")
    await dialog.get_by_label("Path").fill("con/page.html")
    await dialog.get_by_role("button", name="Rename").click()
    await expect(dialog).to_contain_text("Windows reserves the name con")
    assert await violations(page) == []
    await dialog.get_by_label("Path").fill("pages/Zoë.html")
    await page.keyboard.press("Enter")
    await expect(row(page, "pages/Zoë.html")).to_be_visible()

    (tmp_path / "other.csv").write_text("EUR,1\nUSD,3\n")
    await page.get_by_label("The file in place of rates.csv").set_input_files(tmp_path / "other.csv")
    await expect(page.get_by_role("main")).to_contain_text("These are the files of version 4.")
    await expect(page.get_by_text("Replaced rates.csv.")).to_be_visible()
    await page.get_by_label("The file in place of rates.csv").set_input_files(tmp_path / "other.csv")
    await expect(page.get_by_text("rates.csv has not changed.")).to_be_visible()
    await expect(page.get_by_role("main")).to_contain_text("These are the files of version 4.")
    await expect(page.get_by_role("main")).to_contain_text("Run uses version 1 and its files until you publish")
    async with page.expect_download() as downloading:
        await choose(page, "rates.csv", "Download")
    downloaded = await downloading.value
    assert downloaded.suggested_filename == "rates.csv"
    assert Path(await downloaded.path()).read_text() == "EUR,1\nUSD,3\n"

    await choose(page, "pages/Zoë.html", "Remove")
    await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await expect(row(page, "pages/Zoë.html")).to_have_count(0)

    await page.goto(f"/workflows/{workflow}/compare?from=3&to=5")
    changes = page.get_by_role("region", name="Changes")
    await expect(changes).to_contain_text("Files (2)")
    await expect(changes).to_contain_text("pages/Zoë.html8 B")
    await changes.get_by_role("button", name=re.compile("rates.csv")).click()
    await expect(page.get_by_label("Version 5")).to_contain_text("USD,3")
    await expect(page.get_by_label("Version 3")).to_contain_text("USD,2")
    for theme in ("light", "dark"):
        await page.emulate_media(color_scheme=theme)
        assert await violations(page) == []


async def test_somebody_else_saved_in_the_meantime(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient, tmp_path: Path
) -> None:
    workflow = await site.publish(hub, hello("Changed by two"))
    page = await open_page("DEVELOPER", f"/workflows/{workflow}?tab=files")
    await expect(page.get_by_role("heading", name="No files")).to_be_visible()
    body = {"document": hello("Changed by two"), "based_on": 1}
    (await hub.post(f"/api/workflows/{workflow}/versions", json=body)).raise_for_status()
    (tmp_path / "mine.txt").write_text("mine")
    await page.get_by_label("Files to add").set_input_files(tmp_path / "mine.txt")
    conflict = page.get_by_role("alert")
    await expect(conflict).to_contain_text("saved version 2")
    await expect(conflict).not_to_contain_text("based_on")
    compare = conflict.get_by_role("link", name="Compare versions 1 and 2")
    await expect(compare).to_have_attribute("href", re.compile(r"/compare\?from=1&to=2$"))
    assert await violations(page) == []
    await conflict.get_by_role("button", name="Add it to version 2 anyway").click()
    await expect(row(page, "mine.txt")).to_be_visible()
    await expect(conflict).to_have_count(0)


async def test_a_file_that_clashes_is_replaced_after_a_question(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient, tmp_path: Path
) -> None:
    workflow = await site.publish(hub, hello("Clashes"), publish=False)
    (tmp_path / "rates.csv").write_text("EUR,1\n")
    page = await open_page("DEVELOPER", f"/workflows/{workflow}?tab=files")
    await page.get_by_label("Files to add").set_input_files(tmp_path / "rates.csv")
    await expect(row(page, "rates.csv")).to_contain_text("6 B")
    (tmp_path / "rates.csv").write_text("EUR,1.1\n")
    await page.get_by_label("Files to add").set_input_files(tmp_path / "rates.csv")
    question = page.get_by_role("dialog", name="Replace rates.csv?")
    await question.get_by_role("button", name="Replace").click()
    await expect(row(page, "rates.csv")).to_contain_text("8 B")
    (tmp_path / "words.txt").write_text("words")
    await page.get_by_label("The file in place of rates.csv").set_input_files(tmp_path / "words.txt")
    await (
        page.get_by_role("dialog", name="Replace rates.csv with words.txt?")
        .get_by_role("button", name="Cancel")
        .click()
    )
    await expect(page.get_by_role("main")).to_contain_text("These are the files of version 3.")


async def test_an_operator_sees_the_files_and_changes_none(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    nodes = {"read": {"do": "file.read_text", "with": {"path": "words.txt"}}}
    document = flow(
        "Reads its file", nodes, ["start -> read"], outputs={"text": {"type": "text", "value": "{read.text}"}}
    )
    workflow = await site.publish(hub, document, publish=False)
    uploaded = await hub.post(f"/api/workflows/{workflow}/files/contents", content="wörds".encode())
    change = {"action": "put", "path": "words.txt", "content_id": uploaded.json()["content_id"]}
    body = {"based_on": 1, "changes": [change]}
    (await hub.post(f"/api/workflows/{workflow}/files", json=body)).raise_for_status()
    (await hub.post(f"/api/workflows/{workflow}/publish", json={})).raise_for_status()
    execution = await site.run(hub, workflow)
    assert execution["outputs"] == {"text": "wörds"}, execution
    page = await open_page("OPERATOR", f"/workflows/{workflow}?tab=files")
    await expect(row(page, "words.txt")).to_be_visible()
    await expect(page.get_by_role("button", name="Add files")).to_have_count(0)
    await row(page, "words.txt").get_by_role("button").click()
    await expect(page.get_by_role("menuitem")).to_have_text(["Download"])

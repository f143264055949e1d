"""A file by hand: given to an execution, seen in its tab Files, and downloaded."""

from __future__ import annotations

from pathlib import Path

import httpx
from playwright.async_api import expect

from .conftest import PatientPage
from .site import Site, violations
from .studio import Studio
from .workflows import flow

DROP = """(target, names) => {
    const dataTransfer = new DataTransfer();
    for (const name of names) dataTransfer.items.add(new File(["dropped"], name));
    const init = { dataTransfer, bubbles: true, cancelable: true };
    target.dispatchEvent(new DragEvent("dragover", init));
    target.dispatchEvent(new DragEvent("drop", init));
}"""


async def test_a_file_is_given_seen_and_downloaded(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient, tmp_path: Path
) -> None:
    nodes = {
        "read": {"do": "file.read_text", "with": {"path": "{letter}"}},
        "write": {"do": "file.write_text", "with": {"path": "answer.txt", "text": "Answer to: {read.text}"}},
        "keep": {"do": "file.keep", "with": {"path": "answer.txt"}},
    }
    document = flow("Answer a letter", nodes, ["start -> read -> write -> keep"], inputs={"letter": {"type": "file"}})
    workflow = await site.publish(hub, document)
    letter = tmp_path / "Brief an Zoë.txt"
    letter.write_text("Dear Zoë", encoding="utf-8")

    page = await open_page("OPERATOR", f"/workflows/{workflow}")
    await page.get_by_role("button", name="Run", exact=True).click()
    dialog = page.get_by_role("dialog", name="Run Answer a letter")
    field = dialog.get_by_role("textbox", name="letter")
    await dialog.get_by_role("button", name="Run", exact=True).click()
    await expect(dialog.get_by_text("This is required.")).to_be_visible()
    await field.evaluate(DROP, ["one.txt", "two.txt"])
    await expect(dialog.get_by_text("This input takes one file. You dropped 2.")).to_be_visible()
    await field.evaluate(DROP, ["dropped.txt"])
    await expect(dialog.get_by_text("dropped.txt")).to_be_visible()
    await expect(dialog.get_by_text("7 B")).to_be_visible()
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Remove").click()
    await expect(field).to_have_value("")
    async with page.expect_file_chooser() as chooser:
        await dialog.get_by_role("button", name="Choose a file for letter").click()
    await (await chooser.value).set_files(letter)
    await expect(dialog.get_by_text(letter.name)).to_be_visible()
    await expect(dialog.get_by_text("9 B")).to_be_visible()
    await dialog.get_by_role("button", name="Run", exact=True).click()
    await page.wait_for_url("**/executions/*")
    await site.until_ended(hub, page.url.rpartition("/")[2].partition("?")[0])

    await page.get_by_role("tab", name="Files").click()
    files = page.get_by_role("region", name="Files")
    await expect(files.get_by_role("button")).to_have_count(2)
    await files.get_by_role("button", name=letter.name).click()
    shown = page.get_by_role("region", name=letter.name)
    await expect(shown).to_contain_text("Dear Zoë")
    await files.get_by_role("button", name="answer.txt").click()
    kept = page.get_by_role("region", name="answer.txt")
    await expect(kept).to_contain_text("Answer to: Dear Zoë")
    async with page.expect_download() as download:
        await kept.get_by_role("link", name="Download").click()
    assert Path(await (await download.value).path()).read_text(encoding="utf-8") == "Answer to: Dear Zoë"
    assert await violations(page) == []
    await page.get_by_role("tab", name="Inputs and outputs").click()
    inputs = page.get_by_role("region", name="Inputs")
    await expect(inputs).not_to_contain_text("$file")
    async with page.expect_download() as download:
        await inputs.get_by_role("link", name=f"{letter.name} (9 B)").click()
    assert Path(await (await download.value).path()).read_text(encoding="utf-8") == "Dear Zoë"
    logged = (await hub.get("/api/audit", params={"action": "file.download"})).json()["items"]
    assert "answer.txt" in {entry["details"]["name"] for entry in logged}


async def test_studio_sends_a_file_too(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient, tmp_path: Path
) -> None:
    nodes = {"say": {"do": "file.read_text", "with": {"path": "{letter}"}}}
    document = flow("Read a letter", nodes, ["start -> say"], inputs={"letter": {"type": "file"}})
    workflow = await site.publish(hub, document, publish=False)
    (tmp_path / "letter.txt").write_text("hello from the letter")
    page = await open_page("DEVELOPER", f"/studio/{workflow}")
    studio = Studio(page)
    await studio.opened()
    await studio.run()
    dialog = page.get_by_role("dialog")
    async with page.expect_file_chooser() as chooser:
        await dialog.get_by_role("button", name="Choose a file for letter").click()
    await (await chooser.value).set_files(tmp_path / "letter.txt")
    await expect(dialog.get_by_text("21 B")).to_be_visible()
    await dialog.get_by_role("button", name="Run", exact=True).click()
    await studio.succeeded()

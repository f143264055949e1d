"""What people bring by mistake or from elsewhere: told in words, shown as it is, never destroyed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
from playwright.async_api import Page, expect

from .conftest import PatientPage
from .site import Site, settled
from .studio import Studio, stored
from .workflows import ODD_NAME, flow, hello

STRANGE = flow(
    "From another Hub",
    {
        "ask": {
            "do": "acme.ask_the_oracle",
            "with": {"question": "why?", "depth": 3, "deep": {"er": [1, {"x": None}]}},
        },
        "tell": {"do": "general.log", "with": {"message": "after it"}},
    },
    ["start -> ask -> tell"],
)
LARGE_BYTES = 5_000_000


async def import_text(page: Page, text: str) -> None:
    await page.goto("/workflows?create=true")
    dialog = page.get_by_role("dialog", name="New workflow")
    await dialog.get_by_role("tab", name="Import it").click()
    await dialog.get_by_label("Or paste its text").fill(text)
    await dialog.get_by_role("button", name="Import and open in Studio").click()


async def test_an_import_that_is_not_a_workflow(open_page: PatientPage, hub: httpx.AsyncClient, tmp_path: Path) -> None:
    page = await open_page("DEVELOPER", "/workflows")
    before = (await hub.get("/api/workflows", params={"limit": 200})).json()["items"]
    for text in ("<html><body>Not found</body></html>", "{", "- a\n- list", '{"name": "no format"}', "format: other/9"):
        await import_text(page, text)
        dialog = page.get_by_role("dialog", name="New workflow")
        await expect(dialog.get_by_role("alert")).to_be_visible()
        await expect(dialog.get_by_label("Or paste its text")).to_have_value(text)
        assert "Traceback" not in await dialog.inner_text()
    await page.get_by_role("dialog").get_by_role("tab", name="Import it").click()
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    await page.locator("input[type=file]").set_input_files(tmp_path / "picture.png")
    await page.get_by_role("dialog").get_by_role("button", name="Import and open in Studio").click()
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    after = (await hub.get("/api/workflows", params={"limit": 200})).json()["items"]
    assert [one["id"] for one in after] == [one["id"] for one in before]


async def test_activities_that_this_hub_does_not_know(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    page = await open_page("DEVELOPER", "/workflows")
    await import_text(page, json.dumps(STRANGE))
    studio = Studio(page)
    await studio.opened()
    await expect(studio.node("ask")).to_contain_text("acme.ask_the_oracle")
    await studio.select("ask")
    await expect(studio.form).to_contain_text("This Hub does not know acme.ask_the_oracle")
    problems = await studio.open_drawer("Problems")
    await expect(problems).to_contain_text("acme.ask_the_oracle")
    await studio.select("tell")
    await studio.fill("Message", "changed")
    await studio.save()
    saved = await stored(hub, studio.workflow)
    assert saved["document"]["nodes"]["ask"] == STRANGE["nodes"]["ask"]
    exported = await hub.get(f"/api/workflows/{studio.workflow}/export", params={"format": "json"})
    assert exported.json()["nodes"]["ask"] == STRANGE["nodes"]["ask"]
    assert exported.json()["edges"] == STRANGE["edges"]


async def test_a_name_with_every_kind_of_character(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    workflow = await site.publish(hub, hello(ODD_NAME))
    execution = await site.run(hub, workflow)
    page = await open_page("DEVELOPER", "/")
    for path in (
        "/",
        "/workflows",
        f"/workflows/{workflow}",
        f"/workflows/{workflow}?tab=versions",
        "/executions",
        f"/executions/{execution['id']}",
        f"/studio/{workflow}",
    ):
        await page.goto(path)
        await settled(page)
        await expect(page.get_by_text("Ünïcode").locator("visible=true").first).to_be_visible()
        wide = await page.evaluate(
            "() => [document.documentElement, document.getElementById('main')]"
            ".map(one => one.scrollWidth - one.clientWidth)"
        )
        assert wide == [0, 0], path
    assert await page.locator("script", has_text="alert(1)").count() == 0
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("dialog").locator("input")).to_be_focused()
    await page.keyboard.type("ünïcode")
    await expect(page.get_by_role("dialog").get_by_text("Ünïcode").first).to_be_visible()


async def test_a_version_of_five_megabytes(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    text = "0123456789" * (LARGE_BYTES // 10)
    document = flow("Five megabytes", {"tell": {"do": "general.log", "with": {"message": text}}}, ["start -> tell"])
    workflow = await site.publish(hub, document, publish=False)
    page = await open_page("DEVELOPER", f"/studio/{workflow}")
    studio = Studio(page)
    await studio.opened()
    await studio.insert_by_typing("wait", "pause")
    await studio.save()
    saved = await stored(hub, workflow)
    assert saved["number"] == 2
    assert saved["document"]["nodes"]["tell"]["with"]["message"] == text
    await page.goto(f"/workflows/{workflow}/compare?from=1&to=2")
    await settled(page)
    await expect(page.get_by_role("main")).to_contain_text("pause")


async def test_addresses_that_lead_nowhere(open_page: PatientPage) -> None:
    page = await open_page("DEVELOPER", "/")
    nobody = "01a1fb35-ede5-7942-b293-d6be5218b7bc"
    for path in (f"/workflows/{nobody}", f"/executions/{nobody}", f"/runners/{nobody}", f"/studio/{nobody}", "/x/y"):
        await page.goto(path)
        await expect(page.get_by_text(re.compile("There is no|Page not found")).first).to_be_visible()
    await page.goto("/executions?state=%5B%22WRONG%22%5D&cursor=nonsense&since=yesterday")
    await expect(page.get_by_role("heading", name="Executions", level=1)).to_be_visible()

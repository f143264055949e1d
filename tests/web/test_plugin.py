"""An activity of an installed package appears in Studio with a complete form, and no page was changed for it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import expect

from .conftest import PatientPage, running_site
from .site import Site, violations
from .studio import Studio, stored
from .workflows import flow

MODULE = '''
"""Activities of a package that the pages have never heard of."""

from dataclasses import dataclass
from typing import Literal

from exekra.sdk import activity


@dataclass(frozen=True)
class Greeting:
    """What was said.

    Attributes:
        words: The words.
    """

    words: str


@activity()
async def greet(*, who: str, tone: Literal["warm", "cool"] = "warm", times: int = 1, loud: bool = False) -> Greeting:
    """Greet somebody.

    Args:
        who: Whom to greet.
        tone: How it sounds.
        times: How often.
        loud: Whether everybody hears it.
    """
    words = " ".join([f"{tone} hello {who}"] * times)
    return Greeting(words=words.upper() if loud else words)
'''


@pytest_asyncio.fixture(loop_scope="session")
async def site_with_plugin(tmp_path: Path) -> AsyncIterator[Site]:
    """A platform in whose environment a package with an activity is installed."""
    (tmp_path / "acme.py").write_text(MODULE, encoding="utf-8")
    installed = tmp_path / "exekra_acme-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: exekra-acme\nVersion: 1.0\n", encoding="utf-8")
    (installed / "entry_points.txt").write_text("[exekra.activities]\nacme = acme\n", encoding="utf-8")
    path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH", ""))))
    async for site in running_site(PYTHONPATH=path):
        yield site


async def test_a_new_activity_has_a_complete_form(open_page: PatientPage, site_with_plugin: Site) -> None:
    async with site_with_plugin.client() as hub:
        workflow = await site_with_plugin.publish(hub, flow("With a plugin", {}, []), publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{workflow}", on=site_with_plugin))
    page = studio.page
    await studio.opened()
    await studio.insert_by_typing("greet")
    for name in ("who", "tone", "times", "loud"):
        section = studio.form.get_by_role("button", name="More fields")
        if await section.count() and await section.get_attribute("aria-expanded") == "false":
            await section.click()
        await expect(studio.form.locator(f'[data-field="{name}"]')).to_be_visible()
    for help_text in ("Whom to greet", "How it sounds", "How often", "Whether everybody hears it"):
        await expect(studio.form.get_by_text(help_text).first).to_be_visible()
    assert await violations(page) == []
    await studio.fill("Who", "Ada")
    tone = studio.form.locator('[data-field="tone"]').locator("input").first
    await tone.click()
    await page.get_by_role("option", name="cool").click()
    await studio.form.locator('[data-field="times"]').locator("input").first.fill("2")
    await studio.form.locator('[data-field="loud"]').get_by_role("switch").check(force=True)
    await studio.save()
    async with site_with_plugin.client() as hub:
        node = (await stored(hub, workflow))["document"]["nodes"]["greet"]
    assert node == {"do": "acme.greet", "with": {"who": "Ada", "tone": "cool", "times": 2, "loud": True}}
    await studio.run()
    await studio.succeeded()
    await expect(studio.card("greet")).to_have_attribute("data-state", "done")

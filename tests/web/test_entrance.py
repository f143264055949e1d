"""Sign-in, its errors, the way back to where one wanted to go, and what does not wait for it."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Route, expect
from tests.e2e.platform import EMAIL, PASSWORD

from exekra.testing.patience import PATIENCE_SECONDS

from .conftest import PatientPage
from .site import violations


async def test_sign_in_leads_to_where_one_wanted_to_go(open_page: PatientPage) -> None:
    page = await open_page(None, "/workflows")
    await expect(page).to_have_title("Sign in · Exekra")
    assert await violations(page) == []
    await page.get_by_label("E-mail").fill(EMAIL)
    await page.get_by_role("textbox", name="Password").fill("wrong password")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("password")
    await page.get_by_role("textbox", name="Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Workflows", level=1)).to_be_visible()


async def test_another_sites_address_is_not_followed(open_page: PatientPage) -> None:
    page = await open_page(None, "/sign-in?next=//example.org/")
    await page.get_by_label("E-mail").fill(EMAIL)
    await page.get_by_role("textbox", name="Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page).to_have_title("Dashboard · Exekra")


@pytest.mark.parametrize(("address", "code"), [("/", "DashboardPage"), ("/users", "UsersPage")])
async def test_a_pages_code_does_not_wait_for_who_is_signed_in(open_page: PatientPage, address: str, code: str) -> None:
    page = await open_page("ADMIN", "/account")
    asked = asyncio.Event()
    page.on("request", lambda request: asked.set() if f"/assets/{code}-" in request.url else None)

    async def hold(route: Route) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asked.wait()
        await route.continue_()

    await page.route("**/api/session", hold)
    await page.goto(address)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()

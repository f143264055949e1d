"""Sign-in, its errors, and the way back to where one wanted to go."""

from __future__ import annotations

from playwright.async_api import expect
from tests.e2e.platform import EMAIL, PASSWORD

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

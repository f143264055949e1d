"""What `make screenshots` photographs: pages, and what is opened on them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page

Act = Callable[[Page], Awaitable[None]]


async def nothing(_: Page) -> None:
    """The page as it opens."""


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One picture: an address (`{NAME}` stands for an id, see `places`), what is done before it is taken, and after."""

    name: str
    path: str
    act: Act = nothing
    leave: Act = nothing
    user: str | None = "ada@example.org"
    readme: tuple[str, str] | None = None


async def select_book(page: Page) -> None:
    """A node's form."""
    await page.locator('[data-id="book"]').first.click()


async def open_palette(page: Page) -> None:
    """The command palette, with results."""
    await page.keyboard.press("Control+k")
    await page.keyboard.type("inv", delay=20)


async def new_workflow(page: Page) -> None:
    """The ways to a new workflow."""
    await page.get_by_role("button", name="New workflow").first.click()


async def register_runner(page: Page) -> None:
    """How a machine becomes a Runner."""
    await page.get_by_role("button", name="Register a Runner").first.click()


async def pick_step(page: Page) -> None:
    """The list of steps that opens under what one types."""
    await page.locator('[data-id="invoice"]').first.click()
    await page.keyboard.press("/")
    await page.keyboard.type("csv", delay=20)


async def running(page: Page) -> None:
    """A run that goes on, with its log."""
    await page.get_by_role("button", name="Run", exact=True).first.click()
    await page.get_by_role("dialog").get_by_role("button", name="Run").click()
    await page.locator('[data-id="read"] [data-state]').wait_for()
    await asyncio.sleep(2.5)


async def paused(page: Page) -> None:
    """A debug session at a breakpoint in a loop."""
    await page.locator('[data-id="is_large"]').first.click()
    if await page.locator('[data-id="is_large"] [data-breakpoint][data-kind="none"]').count() > 0:
        await page.keyboard.press("F9")
    await page.get_by_role("button", name="Debug", exact=True).first.click()
    await page.get_by_role("dialog").get_by_role("button", name="Debug").click()
    await page.locator('[data-id="is_large"] [data-state="paused"]').wait_for()


async def stop(page: Page) -> None:
    """The Runner is free again for the next picture."""
    await page.keyboard.press("Shift+F5")
    await page.get_by_role("button", name="Stop", exact=True).wait_for(state="detached")


def press(*names: str, exact: bool = True) -> Act:
    """Press buttons, menu items or tabs, one after the other."""

    async def act(page: Page) -> None:
        for name in names:
            words = re.compile(f"^{re.escape(name)}" + ("$" if exact else ""))
            roles = [page.get_by_role(role, name=words) for role in ("button", "menuitem", "tab", "link")]
            found = roles[0]
            for other in roles[1:]:
                found = found.or_(other)
            await found.locator("visible=true").first.click()
            await asyncio.sleep(0.4)

    return act


def step(name: str, *keys: str) -> Act:
    """Select a step, and press keys."""

    async def act(page: Page) -> None:
        await page.locator(f'[data-id="{name}"]').first.click()
        for key in keys:
            await page.keyboard.press(key)
            await asyncio.sleep(0.3)

    return act


async def select_everything(page: Page) -> None:
    """Several steps selected."""
    await page.locator("[data-canvas]").focus()
    await page.keyboard.press("Control+a")


async def find(page: Page) -> None:
    """The search within the workflow."""
    await page.locator("[data-canvas]").focus()
    await page.keyboard.press("Control+f")
    await page.keyboard.type("inv", delay=20)


async def expression(page: Page) -> None:
    """The editor of an expression, with what it can use."""
    await step("is_large")(page)
    await (
        page.locator("[data-panel=right]")
        .get_by_role("button", name=re.compile("editor|Edit|larger", re.I))
        .first.click()
    )


async def condition(page: Page) -> None:
    """The condition of a breakpoint."""
    await step("known", "F9", "Shift+F9")(page)
    await page.keyboard.type("sku == pr", delay=40)


async def broken(page: Page) -> None:
    """A draft with two errors is asked to run."""
    await step("read")(page)
    await page.keyboard.press("Control+d")
    await page.locator("[data-canvas]").focus()
    await page.keyboard.press("F5")
    await asyncio.sleep(0.6)
    await page.get_by_role("dialog").get_by_role("button", name="Run").click()
    await page.get_by_role("dialog").get_by_role("alert").wait_for()


async def conflict(page: Page) -> None:
    """Somebody else saved meanwhile."""
    id = page.url.split("/studio/")[1][:36]
    workflow = await (await page.request.get(f"/api/workflows/{id}")).json()
    number = workflow["latest_number"]
    version = await (await page.request.get(f"/api/workflows/{id}/versions/{number}")).json()
    document = version["document"]
    document["nodes"]["none"]["with"]["message"] = "Nothing costs {most} or less."
    origin = {"Origin": page.url.split("/studio/")[0]}
    body = {"document": document, "based_on": number}
    answer = await page.request.post(f"/api/workflows/{id}/versions", data=body, headers=origin)
    assert answer.ok, await answer.text()
    await step("none")(page)
    await page.locator("[data-panel=right]").get_by_role("textbox", name="Message").click()
    await page.keyboard.press("Control+a")
    await page.keyboard.insert_text("My words")
    await page.keyboard.press("Control+s")
    await page.get_by_role("dialog").wait_for()


async def drafts_left(page: Page) -> None:
    """What a closed page left."""
    await step("none")(page)
    await page.locator("[data-panel=right]").get_by_role("textbox", name="Message").click()
    await page.keyboard.press("Control+a")
    await page.keyboard.insert_text("Written and never saved")
    await asyncio.sleep(1)
    await page.evaluate("window.addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)")
    await page.reload()
    await page.get_by_text("You have unsaved changes").wait_for()


async def hub_away(page: Page) -> None:
    """The Hub does not answer."""
    await page.context.set_offline(True)
    await step("none")(page)
    await page.locator("[data-panel=right]").get_by_role("textbox", name="Message").click()
    await page.keyboard.insert_text("More")
    await page.keyboard.press("Control+s")
    await asyncio.sleep(2)


async def online(page: Page) -> None:
    """The Hub answers again, and what waited is saved."""
    await page.context.set_offline(False)
    await page.get_by_text(re.compile(r"Version \d+ · saved")).wait_for()


async def part_missing(page: Page) -> None:
    """A part of the page cannot be fetched."""
    await page.route("**/assets/*Palette*", lambda route: route.abort())
    await page.keyboard.press("Control+k")
    await page.get_by_role("alert").first.wait_for()


async def called(page: Page) -> None:
    """A called workflow, shown."""
    await step("ask", "Control+Enter")(page)
    await page.get_by_role("navigation", name="Called workflow").wait_for()


async def audit_entry(page: Page) -> None:
    """One entry of the log, with what is known of it."""
    await page.get_by_role("row").nth(3).get_by_role("cell").first.click()


async def drop_session(page: Page) -> None:
    """The session has ended."""
    await page.route("**/api/**", lambda route: route.fulfill(status=401, json=UNAUTHENTICATED))
    await page.get_by_role("link", name="Runners").first.click()
    await asyncio.sleep(1)


UNAUTHENTICATED: dict[str, Any] = {"code": "not_signed_in", "message": "Sign in first.", "hint": None, "details": {}}


SHOTS = (
    Shot(name="sign-in", path="/sign-in", user=None),
    Shot(name="dashboard", path="/", readme=("small", "light")),
    Shot(name="palette", path="/", act=open_palette),
    Shot(name="workflows", path="/workflows"),
    Shot(name="workflows-new", path="/workflows", act=new_workflow),
    Shot(name="workflows-none", path="/workflows?text=nothing-like-it"),
    Shot(name="workflow", path="/workflows/{invoices}"),
    Shot(name="workflow-versions", path="/workflows/{invoices}?tab=versions"),
    Shot(name="workflow-statistics", path="/workflows/{stock}?tab=statistics"),
    Shot(name="compare", path="/workflows/{invoices}/compare?from=1&to=2"),
    Shot(name="executions", path="/executions"),
    Shot(name="executions-failed", path="/executions?state=FAILED"),
    Shot(name="execution-failed", path="/executions/{failed}", readme=("small", "light")),
    Shot(name="execution-node", path="/executions/{failed}?node=write"),
    Shot(name="execution-values", path="/executions/{finished}?tab=values"),
    Shot(name="execution-metrics", path="/executions/{finished}?tab=metrics"),
    Shot(name="execution-events", path="/executions/{finished}?tab=events"),
    Shot(name="execution-log", path="/executions/{finished}?tab=log"),
    Shot(name="triggers", path="/triggers"),
    Shot(name="trigger-new", path="/triggers?create=true"),
    Shot(name="runners", path="/runners"),
    Shot(name="runner-new", path="/runners", act=register_runner),
    Shot(name="runner", path="/runners/{runner}"),
    Shot(name="users", path="/users"),
    Shot(name="audit", path="/audit"),
    Shot(name="storage", path="/storage"),
    Shot(name="system", path="/system"),
    Shot(name="account", path="/account"),
    Shot(name="studio", path="/studio/{invoices}"),
    Shot(name="studio-form", path="/studio/{invoices}", act=select_book, readme=("small", "dark")),
    Shot(name="studio-picker", path="/studio/{invoices}", act=pick_step),
    Shot(name="studio-running", path="/studio/{invoices}", act=running, leave=stop),
    Shot(name="studio-paused", path="/studio/{invoices}", act=paused, leave=stop, readme=("small", "light")),
    Shot(name="not-found", path="/workflows/00000000-0000-7000-8000-000000000000"),
    Shot(name="no-page", path="/nowhere"),
    Shot(name="forbidden", path="/users", user="alan@example.org"),
    Shot(name="workflows-operator", path="/workflows", user="alan@example.org"),
    Shot(name="studio-operator", path="/studio/{invoices}", user="alan@example.org"),
    Shot(name="session-ended", path="/workflows", act=drop_session),
    Shot(name="part-missing", path="/", act=part_missing),
    Shot(name="dashboard-month", path="/?range=30d"),
    Shot(name="workflows-menu", path="/workflows", act=press("Actions for", exact=False)),
    Shot(name="workflows-import", path="/workflows", act=press("New workflow", "Import it")),
    Shot(name="workflow-executions", path="/workflows/{invoices}?tab=executions"),
    Shot(name="workflow-settings", path="/workflows/{invoices}?tab=settings"),
    Shot(name="workflow-run", path="/workflows/{invoices}", act=press("Run")),
    Shot(name="workflow-called", path="/workflows/{pricing}"),
    Shot(name="workflow-archive", path="/workflows/{pricing}?tab=settings", act=press("Archive…")),
    Shot(name="compare-text", path="/workflows/{invoices}/compare?from=1&to=2&view=text"),
    Shot(name="executions-workflow", path="/executions", act=press("Any time")),
    Shot(name="executions-period", path="/executions", act=press("Any time", "Between two moments")),
    Shot(name="executions-none", path="/executions?text=nothing&source=webhook"),
    Shot(name="executions-queued", path="/executions?state=QUEUED"),
    Shot(name="execution-waiting", path="/executions/{waiting}"),
    Shot(name="execution-called", path="/executions/{called}"),
    Shot(name="runner-work", path="/runners/{runner}?tab=executions"),
    Shot(name="user-new", path="/users", act=press("Add a user")),
    Shot(name="audit-entry", path="/audit", act=audit_entry),
    Shot(name="account-menu", path="/", act=press("Ada Lovelace", exact=False)),
    Shot(name="studio-empty", path="/studio/{empty}"),
    Shot(name="studio-called", path="/studio/{calling}", act=called),
    Shot(name="studio-pinned", path="/studio/{calling}", act=step("ask")),
    Shot(name="studio-errors", path="/studio/{orders}", act=broken),
    Shot(name="studio-condition", path="/studio/{pricing}", act=condition),
    Shot(name="studio-expression", path="/studio/{invoices}", act=expression),
    Shot(name="studio-several", path="/studio/{invoices}", act=select_everything),
    Shot(name="studio-find", path="/studio/{invoices}", act=find),
    Shot(name="studio-menu", path="/studio/{invoices}", act=step("book", "Shift+F10")),
    Shot(name="studio-commands", path="/studio/{invoices}", act=press("All commands")),
    Shot(name="studio-ways", path="/studio/{invoices}", act=press("More ways to run")),
    Shot(name="studio-versions", path="/studio/{invoices}", act=press("Versions")),
    Shot(name="studio-variables", path="/studio/{invoices}", act=press("Variables", exact=False)),
    Shot(name="studio-problems", path="/studio/{orders}", act=press("Problems", exact=False)),
    Shot(name="studio-hub-away", path="/studio/{calling}", act=hub_away, leave=online),
    Shot(name="studio-publish", path="/studio/{calling}", act=press("Publish")),
    Shot(name="studio-left", path="/studio/{calling}", act=drafts_left),
    Shot(name="studio-conflict", path="/studio/{calling}", act=conflict),
)

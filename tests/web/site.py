"""What the tests of the pages share: the platform under test, users who are signed in, and a watch over each page."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, expect
from tests.e2e.platform import Platform

from exekra.testing.patience import PATIENCE_SECONDS

PASSWORD = "correct horse battery"
EXPECTED = (
    "401 (Unauthorized)",
    "404 (Not Found)",
    "409 (Conflict)",
    "ERR_CONNECTION_REFUSED",
    "net::ERR_",
    "422 (Unprocessable",
    "PartMissingError",
)
"""The browser notes refused requests in its console, and React what it could not draw because of one; the pages show
both in words, and tests look there."""


class Site(Platform):
    """`exekra up` with its pages."""

    async def sign_in(self, context: BrowserContext, hub: httpx.AsyncClient, role: str, number: int) -> str:
        """Make a user of that role and sign it in, as the sign-in page does; its e-mail address."""
        email = f"{role.lower()}{number}@example.org"
        body = {"email": email, "name": f"{role.title()} {number}", "role": role, "password": PASSWORD}
        (await hub.post("/api/users", json=body)).raise_for_status()
        answer = await context.request.post("/api/session", data={"email": email, "password": PASSWORD})
        assert answer.ok, await answer.text()
        return email

    async def second_page(self, context: BrowserContext, path: str) -> Page:
        """Another tab of the same browser."""
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_SECONDS * 1000)
        await page.goto(path)
        return page

    async def publish(self, hub: httpx.AsyncClient, document: dict[str, Any], *, publish: bool = True) -> str:
        """Store a workflow and publish it; its id."""
        answer = await hub.post("/api/workflows", json={"name": document["name"], "document": document})
        assert answer.is_success, answer.text
        id: str = answer.json()["workflow"]["id"]
        if publish:
            answer = await hub.post(f"/api/workflows/{id}/publish", json={})
            assert answer.is_success, answer.text
        return id

    async def until_online(self) -> None:
        """Wait until the Runner has connected."""
        async with self.client() as hub, asyncio.timeout(PATIENCE_SECONDS):
            while (await hub.get("/api/runners")).json()["items"][0]["state"] != "ONLINE":  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.05)

    async def stop_all(self, hub: httpx.AsyncClient) -> None:
        """Stop what a failed test left behind, so that its Runner is free for the next."""
        active = {"state": ["QUEUED", "ASSIGNED", "RUNNING"]}
        for execution in (await hub.get("/api/executions", params=active)).json()["items"]:
            await hub.post(f"/api/executions/{execution['id']}/stop")

    async def run(self, hub: httpx.AsyncClient, workflow: str, **inputs: Any) -> dict[str, Any]:
        """Start an execution and wait for its end."""
        answer = await hub.post("/api/executions", json={"workflow": workflow, "inputs": inputs})
        assert answer.is_success, answer.text
        return await self.until_ended(hub, answer.json()["id"])

    async def until_ended(self, hub: httpx.AsyncClient, id: str) -> dict[str, Any]:
        """Wait until an execution has ended; the execution."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                execution: dict[str, Any] = (await hub.get(f"/api/executions/{id}")).json()
                if execution["state"] in {"COMPLETED", "FAILED", "STOPPED"}:
                    return execution
                await asyncio.sleep(0.05)


class Watched:
    """A page, and all that went wrong in it."""

    def __init__(self, url: str, context: BrowserContext, page: Page) -> None:
        self.context = context
        self.found: list[str] = []
        self._url = url
        page.on("pageerror", lambda error: self.found.append(f"script: {error}"))
        page.on("console", self._console)
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in EXPECTED):
            self.found.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self._url, "data:", "blob:")):
            self.found.append(f"another host: {request.url}")


async def settled(page: Page) -> None:
    """Wait until the page has its heading, and nothing in it is still on its way."""
    await expect(page.get_by_role("heading", level=1).first).to_be_visible()
    await expect(page.locator(".mantine-Skeleton-root:visible, .mantine-Loader-root:visible")).to_have_count(0)


AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


COLOURS_ARE_THERE = """async () => {
    for (let quiet = 0; quiet < 10; quiet++) {
        await new Promise(requestAnimationFrame);
        if (document.getAnimations().some(one => one instanceof CSSTransition)) quiet = 0;
    }
}"""
"""An inherited colour changes a frame later than its origin: the last has come when ten frames change nothing."""
EVERYTHING: dict[str, Any] = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
CONTRAST: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
"""What another theme can change in a page that was looked at already."""


async def violations(page: Page, look_for: dict[str, Any] = EVERYTHING) -> list[str]:
    """What axe finds in the page as it stands: against WCAG 2.1 A and AA, or only what `look_for` says."""
    await page.evaluate(COLOURS_ARE_THERE)
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    result = await page.evaluate(
        "options => axe.run(document, options).then(result => result.violations)",
        look_for | {"resultTypes": ["violations"]},
    )
    return [
        f"{found['id']}: {found['help']} ({'; '.join(node['html'][:160] for node in found['nodes'][:4])})"
        for found in result
    ]

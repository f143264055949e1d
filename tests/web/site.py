"""What the tests of the pages share: the platform under test, users who are signed in, and a watch over each page."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request
from tests.e2e.platform import Platform

PASSWORD = "correct horse battery"
EXPECTED = ("401 (Unauthorized)", "409 (Conflict)", "ERR_CONNECTION_REFUSED", "net::ERR_", "422 (Unprocessable")
"""The browser itself notes refused requests in its console; the pages show them in words, and tests look there."""


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

    async def publish(self, hub: httpx.AsyncClient, document: dict[str, Any], *, publish: bool = True) -> str:
        """Store a workflow and publish it; its id."""
        answer = await hub.post("/api/workflows", json={"name": document["name"], "document": document})
        assert answer.is_success, answer.text
        id: str = answer.json()["workflow"]["id"]
        if publish:
            answer = await hub.post(f"/api/workflows/{id}/publish", json={})
            assert answer.is_success, answer.text
        return id

    async def run(self, hub: httpx.AsyncClient, workflow: str, **inputs: Any) -> dict[str, Any]:
        """Start an execution and wait for its end."""
        answer = await hub.post("/api/executions", json={"workflow": workflow, "inputs": inputs})
        assert answer.is_success, answer.text
        id = answer.json()["id"]
        async with asyncio.timeout(60):
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


AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


async def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.1 A and AA in the page as it stands."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    result = await page.evaluate(
        "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})",
    )
    return [
        f"{found['id']}: {found['help']} ({', '.join(str(node['target']) for node in found['nodes'][:4])})"
        for found in result["violations"]
    ]

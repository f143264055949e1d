"""A real Hub and a real Runner, each a process of its own, that a test may kill and start again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from exekra.testing.patience import PATIENCE_SECONDS

from .platform import EMAIL, PASSWORD, free_port

PLUGIN = Path(__file__).parents[1] / "runner" / "plugin"
"""Activities that misbehave, as an installed package would bring them."""
FINAL = {"COMPLETED", "FAILED", "STOPPED"}


class HubAndRunner:
    """Both programs over one database; `folder` holds their files, `log` what both said."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        self.hub_url = f"http://127.0.0.1:{self.port}"
        self.client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=PATIENCE_SECONDS)
        self.hub: asyncio.subprocess.Process
        self.runner: asyncio.subprocess.Process
        self.registered: dict[str, Any] = {}
        self._database_url = database_url
        self._log = (folder / "log").open("wb")

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    async def start_hub(self, **settings: str) -> None:
        given = {
            "database_url": self._database_url,
            "password_rounds": "4",
            "requests_per_minute": "0",
            "signing_secret": "s" * 48,
            "heartbeat_seconds": "1",
            "poll_seconds": "0.3",
        } | settings
        self.hub = await self._start(
            *("hub", "--home", str(self.folder / "hub"), "--port", str(self.port)), **_variables(given)
        )
        await self.until(self._answers)

    async def sign_in(self) -> None:
        account = {"email": EMAIL, "name": "Ada", "password": PASSWORD}
        (await self.client.post("/api/bootstrap", json=account)).raise_for_status()
        session = await self.client.post("/api/session", json={"email": EMAIL, "password": PASSWORD})
        self.client.cookies.clear()
        self.client.headers["Authorization"] = f"Bearer {session.json()['token']}"
        self.registered = await self.post("/api/runners", {"name": "Runner"})

    async def start_runner(self, **settings: str) -> None:
        given = {
            "hub_url": self.hub_url,
            "runner_home": str(self.folder / "runner"),
            "work_folder": str(self.folder),
            "machine_key": self.registered["machine_key"],
            "machine_secret": self.registered["machine_secret"],
            "shutdown_seconds": "0.5",
        } | settings
        self.runner = await self._start("runner", **_variables(given))

    async def until_online(self) -> None:
        """Wait until the Runner is ONLINE and the Hub knows what it can do."""

        async def online() -> bool:
            return (await self.get(f"/api/runners/{self.registered['id']}"))["state"] == "ONLINE"

        await self.until(online)

    async def until_online_again(self) -> None:
        """Wait until a Runner has connected a second time; it may hold an execution."""

        async def connected() -> bool:
            return self.log.count("Connected to") >= 2

        await self.until(connected)

    async def publish(self, document: dict[str, Any]) -> str:
        id: str = (await self.post("/api/workflows", {"name": document["name"], "document": document}))["workflow"][
            "id"
        ]
        answer = await self.client.post(f"/api/workflows/{id}/publish", json={})
        assert answer.is_success, answer.text
        return id

    async def request(self, workflow: str, **more: Any) -> str:
        id: str = (await self.post("/api/executions", {"workflow": workflow} | more))["id"]
        return id

    async def until_state(self, id: str, *states: str, seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """The execution, when it is in one of these states; in a final one without any."""
        seen: dict[str, Any] = {}

        async def there() -> bool:
            seen.update(await self.get(f"/api/executions/{id}"))
            return seen["state"] in (states or FINAL)

        await self.until(there, seconds)
        return seen

    async def run(self, document: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Publish and run; the execution at its end."""
        return await self.until_state(await self.request(await self.publish(document), **more))

    async def logs(self, id: str) -> list[str]:
        lines = await self.get(f"/api/executions/{id}/logs?limit=1000")
        return [line["message"] for line in lines["items"]]

    async def sequences(self, id: str) -> list[int]:
        return [event["sequence"] for event in (await self.get(f"/api/executions/{id}/events?limit=1000"))["items"]]

    async def get(self, path: str) -> Any:
        answer = await self.client.get(path)
        assert answer.is_success, answer.text
        return answer.json()

    async def post(self, path: str, body: Any) -> Any:
        answer = await self.client.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    async def end(self, process: asyncio.subprocess.Process, number: int = signal.SIGTERM) -> int:
        if process.returncode is None:
            process.send_signal(number)
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await process.wait()

    async def close(self) -> None:
        await self.client.aclose()
        for name in ("runner", "hub"):
            if (process := getattr(self, name, None)) is not None and process.returncode is None:
                await self.end(process)
        self._log.close()

    @classmethod
    @asynccontextmanager
    async def connected(cls, database_url: str, folder: Path, **settings: str) -> AsyncIterator[HubAndRunner]:
        """A Hub with these settings and a Runner that is connected to it, while the block lasts."""
        both = cls(database_url, folder)
        try:
            await both.start_hub(**settings)
            await both.sign_in()
            await both.start_runner()
            await both.until_online()
            yield both
        finally:
            await both.close()

    @staticmethod
    async def until(condition: Any, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until that coroutine function says so."""
        limit = time.monotonic() + seconds
        while not await condition():
            assert time.monotonic() < limit, "it did not happen in time"
            await asyncio.sleep(0.02)

    async def _answers(self) -> bool:
        assert self.hub.returncode is None, self.log
        try:
            return (await self.client.get("/api/health")).is_success
        except httpx.TransportError:
            return False

    async def _start(self, command: str, *words: str, **environment: str) -> asyncio.subprocess.Process:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("EXEKRA_")}
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "exekra.cli.main", command, *words),
            env=clean | {"PYTHONPATH": str(PLUGIN)} | environment,
            stdout=self._log,
            stderr=self._log,
        )


def _variables(settings: dict[str, str]) -> dict[str, str]:
    return {f"EXEKRA_{name.upper()}": text for name, text in settings.items()}


def row(name: str, *steps: tuple[str, str, dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A flow with these nodes (id, activity, inputs) in a row."""
    return {
        "format": "exekra.flow/1",
        "name": name,
        "nodes": {id: {"do": do, "with": inputs} for id, do, inputs in steps},
        "edges": [" -> ".join(["start", *(id for id, _, _ in steps)])],
    } | more

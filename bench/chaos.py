"""The claim: executions that are lost or run twice, while Hub, Runner, child and PostgreSQL are killed again and again.

Each execution appends a line with its key to a file: a step that may not be repeated. What a killed Runner or child had
in hand fails, and says so; everything else is COMPLETED. `chaos.py 100000 3600` takes another number of executions than
the usual one, and asks for so many seconds at most: what was accepted by then is judged.
"""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import shutil
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil

from measure import report

COUNT = 1_000
RUNNERS = 4
ASKERS = 8
MOST_UNFINISHED = 60
"""Requests wait while so many executions have not ended, so that every kill meets work of every kind."""
BETWEEN_SECONDS = (2.0, 10.0)
BETWEEN_EXECUTIONS = (10, 60)
"""From one kill to the next there are so many seconds, and so many accepted requests: the parts have come back."""
SETTLE_SECONDS = 240.0
ASKING_SECONDS = 120.0
FINAL = {"COMPLETED", "FAILED", "STOPPED"}
KEYS_IN_A_FILE = 1_000
DOCUMENT: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Chaos",
    "inputs": {"key": {"type": "text"}, "file": {"type": "text"}},
    "nodes": {
        "leave": {"do": "file.append_text", "with": {"path": "{file}", "text": "{key}"}},
        "say": {"do": "general.log", "with": {"message": "{key}"}},
    },
    "edges": ["start -> leave -> say"],
}


class Platform:
    """`exekra up` and Runners beside it; whatever of it ends is started again.

    Attributes:
        files: Where executions leave their lines.
        killed: How often each part was killed.
    """

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.files = home / "files"
        self.files.mkdir()
        self.killed: Counter[str] = Counter()
        self._home = home
        self._password = secrets.token_urlsafe(12)
        self._up: asyncio.subprocess.Process
        self._runners: dict[int, asyncio.subprocess.Process] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[httpx.AsyncClient]:
        """Lend a client that is signed in, while all parts run."""
        self._up = await self._start(
            *("up", "--no-runner", "--home", str(self._home / "home"), "--port", str(self.port)),
            EXEKRA_ADMIN_EMAIL="chaos@example.org",
            EXEKRA_ADMIN_PASSWORD=self._password,
            EXEKRA_REQUESTS_PER_MINUTE="0",
        )
        try:
            async with (
                httpx.AsyncClient(base_url=self.url, timeout=30, trust_env=False) as client,
                AsyncExitStack() as stack,
            ):
                token = (await self._signed_in(client))["token"]
                client.headers["Authorization"] = f"Bearer {token}"
                for number in range(RUNNERS):
                    registered = (await client.post("/api/runners", json={"name": f"Runner {number}"})).json()
                    keeping = asyncio.create_task(self._keep_runner(number, registered))
                    stack.push_async_callback(_end, keeping)
                yield client
        finally:
            for process in [*self._runners.values(), self._up]:
                with suppress(ProcessLookupError):
                    process.terminate()
            for process in [*self._runners.values(), self._up]:
                await process.wait()

    def kill_one(self) -> None:
        """Kill a part that chance chooses, without warning."""
        up = psutil.Process(self._up.pid)
        part = random.choice(("Hub", "PostgreSQL", "Runner", "child"))
        with suppress(psutil.NoSuchProcess):
            if part == "Hub":
                victims = [child for child in up.children() if "hub" in child.cmdline()]
            elif part == "PostgreSQL":
                victims = [child for child in up.children() if "-D" in child.cmdline()]
            elif part == "Runner":
                victims = [psutil.Process(process.pid) for process in self._runners.values()]
            else:
                victims = [
                    child for process in self._runners.values() for child in psutil.Process(process.pid).children(True)
                ]
            if victims:
                random.choice(victims).kill()
                self.killed[part] += 1

    async def _signed_in(self, client: httpx.AsyncClient) -> Any:
        account = {"email": "chaos@example.org", "password": self._password}
        async with asyncio.timeout(120):
            while True:
                with suppress(httpx.TransportError):
                    answer = await client.post("/api/session", json=account)
                    client.cookies.clear()
                    if answer.is_success:
                        return answer.json()
                await asyncio.sleep(0.2)

    async def _keep_runner(self, number: int, registered: dict[str, Any]) -> None:
        while True:
            self._runners[number] = await self._start(
                "runner",
                EXEKRA_HUB_URL=self.url,
                EXEKRA_RUNNER_HOME=str(self._home / f"runner-{number}"),
                EXEKRA_MACHINE_KEY=registered["machine_key"],
                EXEKRA_MACHINE_SECRET=registered["machine_secret"],
            )
            await self._runners[number].wait()

    async def _start(self, *words: str, **environment: str) -> asyncio.subprocess.Process:
        own = {name: value for name, value in os.environ.items() if not name.startswith("EXEKRA_")}
        silent = None if "EXEKRA_BENCH_LOUD" in os.environ else asyncio.subprocess.DEVNULL
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "exekra.cli.main", *words), env=own | environment, stdout=silent, stderr=silent
        )


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


class Requests:
    """Asks for executions until so many were accepted or the time is over, whatever answers come.

    Attributes:
        accepted: The key of each execution that was answered with 201, by its id.
        answers: How often each status came; 0 where the Hub was away.
    """

    def __init__(self, client: httpx.AsyncClient, platform: Platform, count: int, seconds: float) -> None:
        self.accepted: dict[str, str] = {}
        self.answers: Counter[int] = Counter()
        self._client = client
        self._platform = platform
        self._count = count
        self._seconds = seconds
        self._made = 0
        self._room = MOST_UNFINISHED
        self._more_room = asyncio.Event()

    async def run(self) -> None:
        """Ask, by several connections."""
        watching = asyncio.create_task(self._watch_room())
        with suppress(TimeoutError):
            async with asyncio.timeout(self._seconds):
                await asyncio.gather(*(self._ask() for _ in range(ASKERS)))
        await _end(watching)

    async def _watch_room(self) -> None:
        while True:
            with suppress(httpx.HTTPError):
                self._room = MOST_UNFINISHED - await unfinished(self._client)
                self._more_room.set()
            await asyncio.sleep(0.2)

    async def _ask(self) -> None:
        while len(self.accepted) < self._count:
            if self._room <= 0:
                self._more_room.clear()
                await self._more_room.wait()
                continue
            self._room -= 1
            key = f"{self._made:07}"
            file = self._platform.files / str(self._made // KEYS_IN_A_FILE)
            self._made += 1
            try:
                answer = await self._client.post(
                    "/api/executions", json={"workflow": "Chaos", "inputs": {"key": key, "file": str(file)}}
                )
            except httpx.TransportError:
                self.answers[0] += 1
                await asyncio.sleep(0.2)
                continue
            self.answers[answer.status_code] += 1
            if answer.status_code == 201:
                self.accepted[answer.json()["id"]] = key
                if len(self.accepted) % 500 == 0:
                    print(f"{len(self.accepted):,} were accepted", file=sys.stderr)


async def unfinished(client: httpx.AsyncClient) -> int:
    """How many executions have not ended.

    Raises:
        httpx.HTTPError: The Hub is away, or its database.
    """
    answer = await client.get("/api/executions/counts")
    answer.raise_for_status()
    return sum(one["count"] for one in answer.json()["items"] if one["state"] not in FINAL)


async def publish(client: httpx.AsyncClient) -> None:
    made = (await client.post("/api/workflows", json={"name": DOCUMENT["name"], "document": DOCUMENT})).json()
    (await client.post(f"/api/workflows/{made['workflow']['id']}/publish", json={})).raise_for_status()


async def everything(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    """All executions by their ids, when none is unfinished any more, or after a while."""
    until = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < until:
        with suppress(httpx.HTTPError):
            if await unfinished(client) == 0:
                break
        await asyncio.sleep(0.5)
    found: dict[str, dict[str, Any]] = {}
    cursor: dict[str, Any] = {}
    while True:
        answer = await client.get("/api/executions", params={"limit": 200} | cursor)
        page = answer.raise_for_status().json()
        found |= {one["id"]: one for one in page["items"]}
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


async def reasons(client: httpx.AsyncClient, found: Iterable[dict[str, Any]]) -> Counter[str]:
    """Why executions failed: how often which type of failure came."""
    counted: Counter[str] = Counter()
    for one in found:
        if one["state"] == "FAILED":
            whole = (await client.get(f"/api/executions/{one['id']}")).raise_for_status().json()
            counted[whole["failure"]["type"]] += 1
    return counted


async def chaos(platform: Platform, requests: Requests) -> None:
    """Kill one part after the other."""
    while True:
        enough = len(requests.accepted) + random.randint(*BETWEEN_EXECUTIONS)
        await asyncio.sleep(random.uniform(*BETWEEN_SECONDS))
        while len(requests.accepted) < enough:  # noqa: ASYNC110 - a tenth of a second too late is no harm
            await asyncio.sleep(0.1)
        platform.kill_one()


async def measure(home: Path, count: int, seconds: float) -> dict[str, Any]:
    platform = Platform(home)
    began = time.monotonic()
    async with platform.running() as client:
        await publish(client)
        requests = Requests(client, platform, count, seconds)
        killing = asyncio.create_task(chaos(platform, requests))
        await requests.run()
        asked = time.monotonic() - began
        await _end(killing)
        found = await everything(client)
        failures = await reasons(client, found.values())
    states = Counter(one["state"] for one in found.values())
    lines = Counter(line for file in platform.files.iterdir() for line in file.read_text().splitlines())
    done = [key for id, key in requests.accepted.items() if id in found and found[id]["state"] == "COMPLETED"]
    return {
        "accepted": len(requests.accepted),
        "lost": sum(id not in found for id in requests.accepted),
        "unfinished": sum(one["state"] not in FINAL for one in found.values()),
        "COMPLETED without its line": sum(lines[key] == 0 for key in done),
        "run twice": sum(count > 1 for count in lines.values()),
        "COMPLETED": states["COMPLETED"],
        **{f"FAILED: {type}": number for type, number in sorted(failures.items())},
        **{f"{part} killed": platform.killed[part] for part in ("Hub", "PostgreSQL", "Runner", "child")},
        "requests without an answer": requests.answers[0],
        "requests refused": sum(number for status, number in requests.answers.items() if status not in {0, 201}),
        "seconds": round(time.monotonic() - began),
        "executions a second": round(len(requests.accepted) / asked, 1),
    }


def main(count: int = COUNT, seconds: float = ASKING_SECONDS) -> None:
    home = Path(tempfile.mkdtemp(prefix="exekra-chaos-"))
    home.chmod(0o755)
    try:
        row = asyncio.run(measure(home, count, seconds))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    wrong = sum(row[name] for name in ("lost", "unfinished", "COMPLETED without its line", "run twice"))
    report(
        f"of {row['accepted']:,} executions, lost or run twice while parts are killed",
        wrong,
        "executions",
        0,
        [{"what": name, "number": number} for name, number in row.items()],
    )


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))

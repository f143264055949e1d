"""What the Hub's benches share: a PostgreSQL and a Hub of their own, as processes of their own, and a cheap client.

The PostgreSQL is set up as `exekra up` does it: what is acknowledged is on disk.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import msgspec
import psutil

from exekra.hub.core.tokens import Tokens
from exekra.kit.clock import SystemClock
from exekra.kit.ids import new_id
from exekra.postgres.cluster import Cluster

DOCUMENT: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Light",
    "inputs": {"number": {"type": "number", "default": 1}},
    "variables": {"total": {"type": "number", "default": 0}},
    "nodes": {"work": {"do": "set_variable", "with": {"variable": "total", "value": "{number + 1}"}}},
    "edges": ["start -> work"],
}


class Client:
    """One HTTP/1.1 connection that is kept open; a request costs tens of microseconds."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"

    async def open(self) -> Client:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Status and body of the answer; on a new connection where the Hub closed this one because it was idle."""
        if self._reader.at_eof():
            self.close()
            await self.open()
        length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._writer.write(f"{method} {path} HTTP/1.1\r\n{self._head}{length}".encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        lowered = answer.lower()
        at = lowered.index(b"content-length:") + 15
        following = int(lowered[at : lowered.index(b"\r\n", at)])
        return int(answer[9:12]), await self._reader.readexactly(following)

    def close(self) -> None:
        self._writer.close()


@dataclass(kw_only=True)
class Stage:
    """What a bench works with.

    Attributes:
        url: The Hub's address.
        port: Its port.
        process: Its process.
        database: A connection of the bench's own.
        database_pid: PostgreSQL's process.
        admin_token: Of the first administrator.
        tokens: Issues tokens, as the Hub itself does.
        workflow_id: The published workflow "Light".
    """

    url: str
    port: int
    process: subprocess.Popen[bytes]
    database: Any
    database_pid: int
    admin_token: str
    tokens: Tokens
    workflow_id: UUID

    def database_processes(self) -> list[psutil.Process]:
        """PostgreSQL's processes."""
        server = psutil.Process(self.database_pid)
        return [server, *server.children()]

    async def make_runners(self, count: int) -> Sequence[str]:
        """Register Runners, past bcrypt, which would take longer than the bench; their tokens."""
        rows = [(new_id(), f"Runner {number}", "UNATTENDED", f"FC-{number}", "") for number in range(count)]
        await self.database.copy_records_to_table(
            "runner", records=rows, columns=["id", "name", "type", "machine_key", "secret_hash"]
        )
        return [self.tokens.issue("runner", row[0], 1, timedelta(hours=1))[0] for row in rows]


@asynccontextmanager
async def stage(**environment: str) -> AsyncIterator[Stage]:
    """A Hub over an empty database, with one published workflow; all of it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="exekra-bench-"))
    folder.chmod(0o755)
    cluster = Cluster(folder=folder / "postgres")
    process: subprocess.Popen[bytes] | None = None
    secret = secrets.token_urlsafe(36)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    try:
        await cluster.start()
        own = {name: value for name, value in os.environ.items() if not name.startswith("EXEKRA_")}
        process = subprocess.Popen(
            [sys.executable, "-m", "exekra.cli.main", "hub", "--home", folder / "home", "--port", str(port)],
            env=own
            | {
                "EXEKRA_DATABASE_URL": cluster.url(),
                "EXEKRA_SIGNING_SECRET": secret,
                "EXEKRA_PASSWORD_ROUNDS": "4",
                "EXEKRA_REQUESTS_PER_MINUTE": "0",
            }
            | environment,
            stdout=subprocess.DEVNULL if "EXEKRA_BENCH_LOUD" not in os.environ else None,
            stderr=subprocess.DEVNULL if "EXEKRA_BENCH_LOUD" not in os.environ else None,
        )
        url = f"http://127.0.0.1:{port}"
        token, workflow_id = await _prepare(url, process)
        database = await asyncpg.connect(cluster.url())
        yield Stage(
            url=url,
            port=port,
            process=process,
            database=database,
            database_pid=cluster.process.pid if cluster.process else 0,
            admin_token=token,
            tokens=Tokens(secret, SystemClock()),
            workflow_id=workflow_id,
        )
        await database.close()
    finally:
        if process is not None:
            process.terminate()
            process.wait(20)
        await cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def real_runner(
    on: Stage, client: Client, *, work_folder: Path | None = None
) -> AsyncIterator[subprocess.Popen[bytes]]:
    """A Runner, started as its command does, that is ONLINE; it works in its home where no folder is given."""
    status, body = await client.ask("POST", "/api/runners", b'{"name": "Bench"}')
    assert status == 201, body
    registered = msgspec.json.decode(body)
    own = {name: value for name, value in os.environ.items() if not name.startswith("EXEKRA_")}
    with tempfile.TemporaryDirectory(prefix="exekra-bench-") as home:
        process = subprocess.Popen(
            [sys.executable, "-m", "exekra.cli.main", "runner", "--hub-url", on.url, "--runner-home", home],
            env=own
            | {
                "EXEKRA_MACHINE_KEY": registered["machine_key"],
                "EXEKRA_MACHINE_SECRET": registered["machine_secret"],
                "EXEKRA_WORK_FOLDER": str(work_folder or home),
            },
            stdout=subprocess.DEVNULL if "EXEKRA_BENCH_LOUD" not in os.environ else None,
            stderr=subprocess.DEVNULL if "EXEKRA_BENCH_LOUD" not in os.environ else None,
        )
        try:
            async with asyncio.timeout(20):
                online = "SELECT count(*) FROM runner WHERE state = 'ONLINE'"
                while await on.database.fetchval(online) == 0:  # noqa: ASYNC110 - the database rings no bell here
                    await asyncio.sleep(0.05)
            yield process
        finally:
            process.terminate()
            process.wait(20)


async def _prepare(url: str, process: subprocess.Popen[bytes]) -> tuple[str, UUID]:
    """The first administrator's token, and the id of the published workflow."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as client:
        for _ in range(300):
            assert process.poll() is None, "the Hub did not start"
            try:
                await client.get("/api/health")
                break
            except httpx.TransportError:
                await asyncio.sleep(0.1)
        account = {"email": "bench@example.org", "name": "Bench", "password": secrets.token_urlsafe(12)}
        (await client.post("/api/bootstrap", json=account)).raise_for_status()
        session = await client.post("/api/session", json={key: account[key] for key in ("email", "password")})
        client.cookies.clear()
        client.headers["Authorization"] = f"Bearer {session.json()['token']}"
        made = await client.post("/api/workflows", json={"name": "Light", "document": DOCUMENT})
        made.raise_for_status()
        id = made.json()["workflow"]["id"]
        (await client.post(f"/api/workflows/{id}/publish", json={})).raise_for_status()
    return session.json()["token"], UUID(id)


def request_body(**more: Any) -> bytes:
    """A request for an execution of the workflow "Light"."""
    return msgspec.json.encode({"workflow": "Light", "inputs": {"number": 41}} | more)


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)

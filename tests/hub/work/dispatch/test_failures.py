"""The Hub is killed, and PostgreSQL is restarted, in the middle of work: none is lost, and none runs twice."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path

import asyncpg
import httpx
import msgspec
from at_work import LIGHT, HubAtWork, eventually
from websockets.exceptions import WebSocketException

from exekra.flow.events import AnyEvent, ExecutionFinished, ExecutionStarted, Log
from exekra.protocol.messages import Acknowledge, Assign, Events, Held, Refused
from exekra.testing.patience import PATIENCE_SECONDS
from exekra.testing.postgres import Postgres
from exekra.testing.simulated_runner import SimulatedRunner, authenticate

COUNT = 50


class SpoolingRunner:
    """Like a real Runner: keeps what is not acknowledged, connects again, and never begins the same lease twice."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url, token
        self.spool: dict[tuple[str, int], list[AnyEvent]] = {}
        self.begun: Counter[tuple[str, int]] = Counter()

    async def run(self) -> None:
        while True:
            with contextlib.suppress(OSError, WebSocketException, ConnectionError, TimeoutError, EOFError):
                await self._once()
            await asyncio.sleep(0.05)

    async def _once(self) -> None:
        held = tuple(Held(execution_id=id, lease=lease) for id, lease in self.spool)
        runner = SimulatedRunner(hub_url=self.url, token=self.token, carry_out=None, held=held)
        await runner.connect()
        seen = 0
        try:
            for (id, lease), events in list(self.spool.items()):
                await runner.send(Events(execution_id=id, lease=lease, first=1, events=tuple(events)))
            while not runner.closed:
                for message in runner.received[seen:]:
                    await self._take(runner, message)
                seen = len(runner.received)
                async with runner._news:
                    if len(runner.received) == seen and not runner.closed:
                        await runner._news.wait()
        finally:
            await runner.vanish()

    async def _take(self, runner: SimulatedRunner, message: object) -> None:
        match message:
            case Assign():
                key = (message.execution_id, message.lease)
                if key not in self.spool:
                    self.begun[key] += 1
                    line = Log(at=1, message="a line")
                    self.spool[key] = [ExecutionStarted(at=1), line, ExecutionFinished(at=2, state="COMPLETED")]
                await asyncio.sleep(0.02)
                await runner.send(
                    Events(execution_id=key[0], lease=key[1], first=1, events=tuple(self.spool.get(key, ())))
                )
            case Acknowledge() if message.sequence == 3:
                self.spool.pop((message.execution_id, message.lease), None)
            case Refused():
                self.spool.pop((message.execution_id, message.lease), None)
            case _:
                pass


def start_hub(database_url: str, home: Path, port: int) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EXEKRA_")}
    return subprocess.Popen(
        [sys.executable, "-m", "exekra.cli.main", "hub", "--home", home, "--port", str(port)],
        env=environment
        | {"EXEKRA_DATABASE_URL": database_url, "EXEKRA_PASSWORD_ROUNDS": "4", "EXEKRA_REQUESTS_PER_MINUTE": "0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


async def test_a_hub_killed_in_the_middle_of_fifty_loses_none_and_runs_none_twice(
    database_url: str, tmp_path: Path
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    hub = start_hub(database_url, tmp_path, port)
    database = await asyncpg.connect(database_url)
    tasks: list[asyncio.Task[None]] = []
    try:
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=PATIENCE_SECONDS) as client:

            async def ready() -> bool:
                with contextlib.suppress(httpx.TransportError):
                    return (await client.get("/api/health")).status_code == 200
                return False

            await eventually(ready, "the Hub does not start")
            account = {"email": "admin@example.org", "name": "Admin", "password": "correct horse battery"}
            await client.post("/api/bootstrap", json=account)
            session = await client.post("/api/session", json={key: account[key] for key in ("email", "password")})
            client.cookies.clear()
            client.headers["Authorization"] = f"Bearer {session.json()['token']}"
            made = await client.post("/api/workflows", json={"name": "Light", "document": LIGHT})
            await client.post(f"/api/workflows/{made.json()['workflow']['id']}/publish", json={})
            runners = []
            for number in range(3):
                one = (await client.post("/api/runners", json={"name": f"R{number}"})).json()
                runners.append(SpoolingRunner(url, await authenticate(url, one["machine_key"], one["machine_secret"])))
            tasks = [asyncio.create_task(runner.run()) for runner in runners]
            answers = await asyncio.gather(
                *(client.post("/api/executions", json={"workflow": "Light"}) for _ in range(COUNT))
            )
            assert [answer.status_code for answer in answers] == [201] * COUNT

            async def some_done() -> bool:
                return await database.fetchval("SELECT count(*) FROM execution WHERE state = 'COMPLETED'") >= 5

            await eventually(some_done, "nothing is carried out")
            hub.send_signal(signal.SIGKILL)
            hub.wait()
            left = await database.fetchval("SELECT count(*) FROM execution WHERE state <> 'COMPLETED'")
            assert left > 0, "the Hub was killed too late to prove anything"
            hub = start_hub(database_url, tmp_path, port)

            async def all_done() -> bool:
                return await database.fetchval("SELECT count(*) FROM execution WHERE state <> 'COMPLETED'") == 0

            await eventually(all_done, "not all are carried out")
        begun: Counter[str] = Counter()
        for runner in runners:
            for (id, _), times in runner.begun.items():
                begun[id] += times
        assert sorted(begun) == sorted(answer.json()["id"] for answer in answers)
        assert set(begun.values()) == {1}
        assert await database.fetchval("SELECT count(*) FROM execution_event") == 3 * COUNT
        assert await database.fetchval("SELECT count(*) FROM runner WHERE execution_id IS NOT NULL") == 0
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await database.close()
        hub.kill()
        hub.wait()


async def test_postgresql_restarted_under_load_loses_nothing(work: HubAtWork, postgres: Postgres) -> None:
    await work.publish()
    runners = [await work.runner() for _ in range(4)]
    accepted: list[str] = []
    statuses: Counter[int] = Counter()

    async def ask() -> None:
        for _ in range(30):
            answer = await work.admin.post("/api/executions", json={"workflow": "Light"})
            statuses[answer.status_code] += 1
            if answer.status_code == 201:
                accepted.append(msgspec.json.decode(answer.content)["id"])

    async def restart() -> None:
        await asyncio.sleep(0.3)
        await postgres.cluster.stop()
        await postgres.cluster.start()

    await asyncio.gather(*(ask() for _ in range(4)), restart())
    assert set(statuses) <= {201, 503}, statuses
    assert len(accepted) >= 20

    async def all_done() -> bool:
        rows = await work.fetch("SELECT state, count(*) FROM execution GROUP BY state")
        return [row["state"] for row in rows] == ["COMPLETED"]

    await eventually(all_done, "not all are carried out")
    stored = {str(row["id"]) for row in await work.fetch("SELECT id FROM execution")}
    assert set(accepted) <= stored
    assert len(await work.fetch("SELECT FROM execution_event")) == 6 * len(stored)
    assert not any(runner.closed for runner in runners), "the connections of Runners outlast the restart"

"""A Runner's side of sending a file, request by request."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
from at_work import HubAtWork

from exekra.protocol.messages import Assign
from exekra.testing.patience import PATIENCE_SECONDS
from exekra.testing.simulated_runner import SimulatedRunner


@dataclass(frozen=True, kw_only=True)
class Sender:
    """A Runner that holds an execution and sends files of it."""

    client: httpx.AsyncClient
    assignment: Assign
    runner: SimulatedRunner

    @property
    def execution(self) -> str:
        return self.assignment.execution_id

    async def announce(self, id: str, name: str, size: int, **more: Any) -> httpx.Response:
        body = {
            "execution_id": self.execution,
            "lease": self.assignment.lease,
            "name": name,
            "size": size,
            "node": "work",
            "kept_at": datetime.now(UTC).isoformat(),
        }
        return await self.client.put(f"/api/runner/files/{id}", json=body | more)

    async def chunk(self, id: str, offset: int, data: bytes) -> httpx.Response:
        return await self.client.put(f"/api/runner/files/{id}/content", params={"offset": offset}, content=data)

    async def finish(self, id: str, data: bytes) -> httpx.Response:
        return await self.client.post(
            f"/api/runner/files/{id}/stored", json={"sha256": hashlib.sha256(data).hexdigest()}
        )

    async def send(self, name: str, data: bytes, **more: Any) -> str:
        """Send a file whole; its id."""
        id = str(uuid4())
        announced = await self.announce(id, name, len(data), **more)
        assert announced.status_code == 200, announced.text
        step = announced.json()["chunk_bytes"]
        for offset in range(0, len(data), step):
            sent = await self.chunk(id, offset, data[offset : offset + step])
            assert sent.status_code == 200, sent.text
        stored = await self.finish(id, data)
        assert stored.status_code == 200, stored.text
        assert stored.json()["stored"] is True
        return id


async def sender(work: HubAtWork) -> Sender:
    """A Runner with an execution in hand."""
    await work.publish()
    runner = await work.runner(carry_out=None)
    await work.start()
    assignment = await runner.expect(Assign)
    client = httpx.AsyncClient(
        base_url=work.url,
        headers={"Authorization": f"Bearer {runner.token}"},
        trust_env=False,
        timeout=PATIENCE_SECONDS,
    )
    work.stack.push_async_callback(client.aclose)
    return Sender(client=client, assignment=assignment, runner=runner)

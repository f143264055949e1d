"""The claim: one execution keeps 1 GB, against copying it over loopback in the same run, with flat memory.

The way is whole: the child copies the file, the Runner reads and sends it in chunks, the Hub hashes and stores it, and
PostgreSQL says that it is there. The comparison is a program that reads the file, a socket, and one that writes it.
`EXEKRA_BENCH_MB` makes it smaller.
"""

from __future__ import annotations

import asyncio
import os
import socket
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import psutil

from measure import report, seconds_of
from stage import Client, Stage, real_runner, stage

GOAL = 1.5
SIZE_MB = int(os.environ.get("EXEKRA_BENCH_MB", "1024"))
BLOCK = 1024 * 1024
SECONDS = 40
FLOW: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Keep",
    "nodes": {"keep": {"do": "file.keep", "with": {"path": "large.bin"}}},
    "edges": ["start -> keep"],
}


def make_file(path: Path) -> None:
    """A file whose blocks differ."""
    block = os.urandom(BLOCK)
    with path.open("wb") as file:
        for number in range(SIZE_MB):
            file.write(number.to_bytes(8) + block[8:])


def copy_over_loopback(source: Path, target: Path) -> None:
    """Read, send, receive, write."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def receive() -> None:
            connection, _ = listening.accept()
            buffer = memoryview(bytearray(BLOCK))
            with connection, target.open("wb") as file:
                while count := connection.recv_into(buffer):
                    file.write(buffer[:count])

        receiving = threading.Thread(target=receive)
        receiving.start()
        with socket.create_connection(listening.getsockname()) as connection, source.open("rb") as file:
            while block := file.read(BLOCK):
                connection.sendall(block)
        receiving.join()


class Cost:
    """What processes have cost since this was made: their growth in MB, and their processor time in seconds."""

    def __init__(self, **processes: int) -> None:
        self._processes = {name: psutil.Process(pid) for name, pid in processes.items()}
        self._first = {name: _used(process) for name, process in self._processes.items()}
        self.megabytes = dict.fromkeys(processes, 0.0)
        self.processor_seconds = dict.fromkeys(processes, 0.0)

    async def watch(self) -> None:
        """Look again and again."""
        while True:
            self.look()
            await asyncio.sleep(0.05)

    def look(self) -> None:
        """Take the figures of this moment; of memory, the largest counts."""
        for name, process in self._processes.items():
            megabytes, seconds = (now - first for now, first in zip(_used(process), self._first[name], strict=True))
            self.megabytes[name] = max(self.megabytes[name], megabytes)
            self.processor_seconds[name] = seconds


def _used(process: psutil.Process) -> tuple[float, float]:
    times = process.cpu_times()
    return process.memory_info().rss / 1e6, times.user + times.system


async def keep(on: Stage, cost: Cost) -> float:
    """Seconds from the request until the Hub has all of the file."""
    headers = {"Authorization": f"Bearer {on.admin_token}"}
    async with httpx.AsyncClient(base_url=on.url, headers=headers, trust_env=False, timeout=30) as client:
        made = await client.post("/api/workflows", json={"name": "Keep", "document": FLOW})
        (await client.post(f"/api/workflows/{made.json()['workflow']['id']}/publish", json={})).raise_for_status()
        watching = asyncio.create_task(cost.watch())
        began = time.perf_counter()
        started = await client.post("/api/executions", json={"workflow": "Keep"})
        query = "SELECT stored_at IS NOT NULL AND size = $2 FROM execution_file WHERE execution_id = $1"
        async with asyncio.timeout(SECONDS):
            while not await on.database.fetchval(query, started.json()["id"], SIZE_MB * BLOCK):  # noqa: ASYNC110 - the database rings no bell here
                await asyncio.sleep(0.01)
        seconds = time.perf_counter() - began
        watching.cancel()
        cost.look()
        return seconds


async def main() -> None:
    """Copy, keep, compare."""
    with tempfile.TemporaryDirectory(prefix="exekra-bench-") as place:
        folder = Path(place)
        make_file(folder / "large.bin")
        os.sync()  # Before each way: the kernel slows down whoever writes while much is still to be written back.
        copied = seconds_of(lambda: copy_over_loopback(folder / "large.bin", folder / "copy.bin"))
        (folder / "copy.bin").unlink()
        async with stage() as on:
            client = await Client(on.port, on.admin_token).open()
            async with real_runner(on, client, work_folder=folder) as runner:
                cost = Cost(Hub=on.process.pid, Runner=runner.pid)
                os.sync()
                kept = await keep(on, cost)
            client.close()
    rows = [
        {"way": "copied over loopback", "seconds": copied, "MB/s": SIZE_MB / copied}
        | {f"{name} {unit}": "" for name in ("Hub", "Runner") for unit in ("+MB", "CPU s")},
        {"way": "kept by an execution", "seconds": kept, "MB/s": SIZE_MB / kept}
        | {
            f"{name} {unit}": figures[name]
            for name in ("Hub", "Runner")
            for unit, figures in (("+MB", cost.megabytes), ("CPU s", cost.processor_seconds))
        },
    ]
    report(f"{SIZE_MB} MB kept by one execution, against copying it over loopback", kept / copied, "x", GOAL, rows)


if __name__ == "__main__":
    asyncio.run(main())

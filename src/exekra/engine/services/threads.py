"""The one place where blocking activities get their threads.

The threads are daemons: one that does not react to a stop is left behind and never keeps the process from ending.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any

MOST_THREADS = 32
"""How many activities may block at the same time; others wait for a free thread."""

PATIENCE_SECONDS = 1.0
"""How long a thread that was asked to stop is waited for."""


class Threads:
    """A bounded pool of daemon threads for one execution; a thread is started when none is idle."""

    def __init__(self, most: int = MOST_THREADS) -> None:
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._free = asyncio.Semaphore(most)
        self._lock = threading.Lock()
        self._idle = 0
        self._started = 0

    async def run(
        self,
        function: Callable[[], Any],
        *,
        ask_to_stop: Callable[[], None],
        left_behind: Callable[[], None],
    ) -> Any:
        """Call `function` in a thread and give what it returns or raises.

        When the waiting task is cancelled, `ask_to_stop` is called and the thread has `PATIENCE_SECONDS` to end. If
        it does not, `left_behind` is called and the thread continues alone; its result is dropped.
        """
        loop = asyncio.get_running_loop()
        async with self._free:
            done: asyncio.Future[tuple[Any, BaseException | None]] = loop.create_future()

            def work() -> None:
                result, error = None, None
                try:
                    result = function()
                except BaseException as raised:  # The thread must live on; the waiting task gets the error.
                    error = raised
                try:
                    loop.call_soon_threadsafe(done.set_result, (result, error))
                except RuntimeError:
                    return  # The loop is closed: nobody waits any more.

            self._hand_over(work)
            try:
                await asyncio.wait((done,))
            except asyncio.CancelledError:
                ask_to_stop()
                await asyncio.wait((done,), timeout=PATIENCE_SECONDS)
                if not done.done():
                    left_behind()
                raise
        result, error = done.result()
        if error is not None:
            raise error
        return result

    def close(self) -> None:
        """Let the idle threads end."""
        for _ in range(self._started):
            self._work.put(None)

    def _hand_over(self, work: Callable[[], None]) -> None:
        with self._lock:
            start = self._idle == 0
            if start:
                # Before the work is handed over: the system may refuse the thread, and no other must do it later.
                threading.Thread(target=self._serve, name=f"activity-{self._started + 1}", daemon=True).start()
                self._started += 1
            else:
                self._idle -= 1
        self._work.put(work)

    def _serve(self) -> None:
        while (work := self._work.get()) is not None:
            work()
            with self._lock:
                self._idle += 1

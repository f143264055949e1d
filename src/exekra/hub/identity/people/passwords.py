"""Passwords: bcrypt, in a few threads of its own, so that checking one does not block the Hub."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import bcrypt

from exekra.hub.core.errors import Invalid, Unavailable

Result = TypeVar("Result")

SHORTEST = 8
LONGEST_BYTES = 72
"""bcrypt ignores everything after this (and version 5 refuses it)."""

THREADS = 2
WAITING = 64
"""The most passwords that may wait to be checked; more at the same time is an attack or a mistake."""


class Passwords:
    """Makes and checks hashes.

    Args:
        rounds: The cost, as a power of two.
    """

    def __init__(self, rounds: int) -> None:
        self._rounds = rounds
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="passwords")
        self._waiting = 0
        self._nobody = bcrypt.hashpw(b"nobody has this password", bcrypt.gensalt(rounds))

    async def hash(self, password: str) -> str:
        """The bcrypt hash to store.

        Raises:
            Invalid: The password is too short or too long.
            Unavailable: Too many are waiting.
        """
        check_password(password)
        hashed = await self._run(lambda: bcrypt.hashpw(password.encode(), bcrypt.gensalt(self._rounds)))
        return hashed.decode()

    async def fits(self, password: str, hashed: str | None) -> bool:
        """Whether the password is correct; takes just as long when there is no such user (`hashed` is None).

        Raises:
            Unavailable: Too many are waiting.
        """
        known = hashed.encode() if hashed else self._nobody
        given = password.encode()[:LONGEST_BYTES]
        fits = await self._run(lambda: bcrypt.checkpw(given, known))
        return fits and hashed is not None and len(password.encode()) <= LONGEST_BYTES

    async def _run(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= WAITING:
            raise Unavailable("Too many people are signing in at the same time.", hint="Try again in a moment.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def check_password(password: str, where: str = "body.password") -> None:
    """Raise Invalid when the password is too short or too long."""
    if len(password) < SHORTEST:
        raise Invalid(f"A password needs at least {SHORTEST} characters.", code="password-too-short", where=where)
    if len(password.encode()) > LONGEST_BYTES:
        raise Invalid(
            f"A password may have at most {LONGEST_BYTES} bytes; this one has {len(password.encode())}.",
            code="password-too-long",
            where=where,
        )

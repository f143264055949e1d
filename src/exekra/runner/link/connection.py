"""The connection to the Hub: an open WebSocket, or polling every few seconds where WebSockets are blocked."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Callable
from typing import Protocol

import httpx
from tenacity import wait_random_exponential
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidStatus, WebSocketException

from exekra.protocol.frames import LARGEST_FRAME_BYTES
from exekra.runner.link.raw_events import joined
from exekra.sdk.errors import ApplicationError

OPEN_SECONDS = 10.0
PING_SECONDS = 20.0
DEBUGGING_SECONDS = 1.0
"""The longest time between two polls while a user waits for answers."""
COLLECT_SECONDS = 0.1
"""How long messages are collected before they are posted."""
PAUSES = wait_random_exponential(multiplier=1, min=0.5, max=60)
"""Pauses before another attempt to reach the Hub, randomised so that a thousand Runners do not come at the same time.
"""
LARGEST_POST = 4 * 1024 * 1024
log = logging.getLogger(__name__)


class LinkLostError(ApplicationError):
    """The connection to the Hub was lost."""


class TokenRefusedError(ApplicationError):
    """The Hub no longer accepts the Runner's token."""


class WebSocketBlockedError(ApplicationError):
    """Something between this machine and the Hub blocks WebSockets."""


class Link(Protocol):
    """Carries frames both ways; all methods raise LinkLostError if the connection is lost."""

    async def send(self, frame: bytes) -> None:
        """Send a frame; waits while the connection cannot accept more."""

    async def receive(self) -> bytes | str:
        """The next frame from the Hub."""

    async def close(self) -> None:
        """Send what is waiting, then close the connection."""


class WebSocketLink:
    """Frames over a WebSocket. Created by `open`."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, hub_url: str, token: str, tls: ssl.SSLContext | None) -> WebSocketLink:
        """Connect.

        Raises:
            TokenRefusedError: The token is not valid.
            WebSocketBlockedError: There was an answer, but not a WebSocket.
            LinkLostError: The Hub could not be reached.
        """
        url = f"ws{hub_url.removeprefix('http')}/api/runner/connect"
        try:
            return cls(
                await connect(
                    url,
                    additional_headers={"Authorization": f"Bearer {token}"},
                    open_timeout=OPEN_SECONDS,
                    ping_interval=PING_SECONDS,
                    ping_timeout=PING_SECONDS,
                    close_timeout=2,
                    max_size=LARGEST_FRAME_BYTES,
                    compression=None,
                    ssl=tls,
                )
            )
        except InvalidStatus as error:
            status = error.response.status_code
            if status in {401, 403}:
                raise TokenRefusedError from None
            if status in {429, 502, 503, 504}:  # 502 and 504: a proxy answers for a Hub that is down
                raise LinkLostError(f"The Hub at {hub_url} is busy or down (HTTP {status}).") from None
            raise WebSocketBlockedError(f"HTTP {status} instead of a WebSocket") from None
        except InvalidHandshake as error:
            raise WebSocketBlockedError(str(error)) from None
        except (OSError, TimeoutError, WebSocketException) as error:
            raise LinkLostError(f"The Hub at {hub_url} could not be reached: {reason(error)}.") from None

    async def send(self, frame: bytes) -> None:
        """Send a frame as text."""
        try:
            await self._connection.send(frame, text=True)
        except WebSocketException as error:
            raise LinkLostError(f"The connection to the Hub was lost: {reason(error)}.") from None

    async def receive(self) -> bytes | str:
        """The next frame from the Hub."""
        try:
            return await self._connection.recv(decode=False)
        except WebSocketException as error:
            raise LinkLostError(f"The connection to the Hub was lost: {reason(error)}.") from None

    async def close(self) -> None:
        """End the connection."""
        await self._connection.close()


class PollingLink:
    """Frames by `POST /api/runner/poll`: immediately if there is something to send, otherwise every `seconds`, and more
    often while `is_hurried` says so.
    """

    def __init__(self, client: httpx.AsyncClient, token: str, is_hurried: Callable[[], bool] = lambda: False) -> None:
        self.seconds = 5.0
        self._is_hurried = is_hurried
        self._client = client
        self._token = token
        self._waiting: list[bytes] = []
        self._received: asyncio.Queue[bytes | LinkLostError | TokenRefusedError] = asyncio.Queue()
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._closing = False
        self._polling = asyncio.create_task(self._poll())

    async def send(self, frame: bytes) -> None:
        """Add a frame to the next request; waits while that is large."""
        await self._room.wait()
        if self._polling.done():
            raise LinkLostError
        self._waiting.append(frame)
        if sum(map(len, self._waiting)) > LARGEST_POST:
            self._room.clear()
        self._changed.set()

    async def receive(self) -> bytes | str:
        """The next answer of the Hub that contains messages."""
        received = await self._received.get()
        if isinstance(received, bytes):
            return received
        raise received

    async def close(self) -> None:
        """Send what is waiting, then stop polling."""
        self._closing = True
        self._changed.set()
        await self._polling

    async def _poll(self) -> None:
        try:
            await self._changed.wait()  # The first request must contain Hello.
            while not self._closing or self._waiting:
                frames, self._waiting = self._waiting, []
                self._changed.clear()
                self._room.set()
                answer = await self._client.post(
                    "/api/runner/poll",
                    content=joined(frames) if frames else b"[]",
                    headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
                )
                if answer.status_code == httpx.codes.UNAUTHORIZED:
                    raise TokenRefusedError
                if answer.status_code != httpx.codes.OK:
                    raise LinkLostError(f"The Hub answered a poll with HTTP {answer.status_code}.")
                if len(answer.content) > len(b"[]"):
                    self._received.put_nowait(answer.content)
                with contextlib.suppress(TimeoutError):
                    pause = min(self.seconds, DEBUGGING_SECONDS) if self._is_hurried() else self.seconds
                    async with asyncio.timeout(pause):
                        await self._changed.wait()
                        await asyncio.sleep(0 if self._closing else COLLECT_SECONDS)
        except (LinkLostError, TokenRefusedError) as error:
            self._received.put_nowait(error)
        except httpx.HTTPError as error:
            self._received.put_nowait(LinkLostError(f"The Hub could not be reached: {reason(error)}."))
        except Exception as error:  # Whoever waits for the Hub must be notified.
            log.exception("Polling the Hub failed unexpectedly")
            self._received.put_nowait(LinkLostError(f"Polling the Hub failed: {reason(error)}."))
        finally:
            self._room.set()


def reason(error: BaseException) -> str:
    """The reason of a network error, in a few words."""
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return "it did not respond in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).rstrip(".") or type(error).__name__

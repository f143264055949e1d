"""The Runner: stays connected to its Hub, takes one execution at a time, and reports what happens."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import time
from collections.abc import Awaitable
from typing import Any

import httpx

from exekra.protocol.frames import ProtocolError
from exekra.runner.children.channel import Abilities
from exekra.runner.children.forked import ForkedChildPool
from exekra.runner.children.pool import ChildPool
from exekra.runner.children.spawned import SpawnedChildPool
from exekra.runner.executions.assignments import Assignments
from exekra.runner.executions.documents import DocumentCache
from exekra.runner.home import Home
from exekra.runner.host import SYSTEM
from exekra.runner.link.authentication import Authentication, BackOff
from exekra.runner.link.connection import (
    Link,
    LinkLostError,
    PollingLink,
    TokenRefusedError,
    WebSocketBlockedError,
    WebSocketLink,
)
from exekra.runner.link.delivery import Delivery
from exekra.runner.link.file_delivery import FileDelivery
from exekra.runner.link.file_spool import FileSpool
from exekra.runner.session import GoodbyeError, HubSession
from exekra.runner.settings import RunnerSettings
from exekra.sdk.errors import ExekraError, SettingsError

WEBSOCKET_AGAIN_SECONDS = 600.0
"""How long the Runner polls before it tries a WebSocket again."""
WELCOME_SECONDS = 15.0
ATTEMPTS = 5
"""Failed attempts in a row after which the log calls it an error."""
AWAITED_SECONDS = 2.0
"""The longest wait between two attempts while a person debugs an execution here."""
STOP_GRACE_SECONDS = 5.0
DELIVER_SECONDS = 5.0
"""How long the last events may take when the Runner ends; what is left is sent after its next start."""
log = logging.getLogger(__name__)


async def run_agent(settings: RunnerSettings) -> None:
    """Serve the Hub until this process is asked to end (SIGTERM or Ctrl-C; a second time ends it at once).

    Raises:
        SettingsError: The Runner's folder or its secret cannot be used.
        ChildError: No process for executions can be made on this machine.
        SecretRefusedError: The Hub does not know the Runner, or the secret is wrong.
        GoodbyeError: The Hub does not want this Runner back.
    """
    home = Home(settings.runner_home)
    try:
        await Agent(settings, home).serve()
    finally:
        home.close()


class Agent:
    """One Runner at work."""

    def __init__(self, settings: RunnerSettings, home: Home) -> None:
        megabyte = 1024 * 1024
        self._settings = settings
        self._home = home
        self._children = child_pool(settings)
        self._delivery = Delivery()
        self._files = FileSpool(home.files, settings.files_limit_mb * megabyte)
        self._assignments = Assignments(
            children=self._children,
            delivery=self._delivery,
            home=home,
            files=self._files,
            documents=DocumentCache(home.documents, settings.documents_limit_mb * megabyte),
            work_folder=settings.work_folder,
            spool_limit=settings.spool_limit_mb * megabyte,
        )
        self._tls = _trust(settings)
        self._websocket_blocked_until = 0.0
        self._why = "It met an error that its log tells."
        self._asked_to_end = asyncio.Event()
        self._asked_again = asyncio.Event()

    async def serve(self) -> None:
        """As `run_agent`."""
        SYSTEM.on_end_request(asyncio.get_running_loop(), self._asked)
        self._assignments.recover()
        client = httpx.AsyncClient(base_url=self._settings.hub_url, verify=self._tls or True, timeout=30)
        try:
            async with client:
                await self._until_asked_to_end(client)
        finally:
            await self._assignments.close(patience=0, grace=0, why=self._why)
            await self._children.close()
            self._delivery.close()

    async def _until_asked_to_end(self, client: httpx.AsyncClient) -> None:
        connected = asyncio.create_task(self._stay_connected(client))
        try:
            await _first(connected, self._asked_to_end.wait())
            if not connected.done():
                await _first(connected, self._asked_again.wait(), self._end_gently())
            if connected.done():
                connected.result()
        except ExekraError as error:
            self._why = error.message
            raise
        finally:
            connected.cancel()
            await asyncio.gather(connected, return_exceptions=True)

    async def _end_gently(self) -> None:
        patience = self._settings.shutdown_seconds
        await self._assignments.close(patience=patience, grace=STOP_GRACE_SECONDS, why=self._why)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DELIVER_SECONDS):
                await self._delivery.all_delivered()

    async def _stay_connected(self, client: httpx.AsyncClient) -> None:
        abilities = await self._children.abilities()
        self._children.prepare()
        authentication = Authentication(self._settings, client)
        sending = asyncio.create_task(FileDelivery(self._files, client, authentication).run())
        try:
            await self._keep_connecting(client, authentication, abilities)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _keep_connecting(
        self, client: httpx.AsyncClient, authentication: Authentication, abilities: Abilities
    ) -> None:
        back_off = BackOff()
        refusals = 0
        while True:
            welcomed = asyncio.Event()
            wait: float | None = None
            try:
                await self._converse(client, authentication, abilities, welcomed)
            except TokenRefusedError:
                authentication.forget()
                refusals += 1
                if refusals > 1:  # A new token, refused at once: that was not the Hub but something on the way.
                    self._websocket_blocked_until = time.monotonic() + WEBSOCKET_AGAIN_SECONDS
            except GoodbyeError as error:
                wait = error.retry_seconds
                if wait is None and not await authentication.has_new_secret():
                    raise
                authentication.forget()
                log.warning("%s", error.message)
            except (LinkLostError, ProtocolError) as error:
                often = back_off.attempts >= ATTEMPTS - 1 and not welcomed.is_set()
                log.log(logging.ERROR if often else logging.WARNING, "%s Trying again.", error.message)
            except ExekraError:  # The secret is refused, or no process can be made: only a person can change that.
                raise
            except Exception:
                log.exception("A defect of the Runner ended the connection to the Hub. Connecting again.")
            if welcomed.is_set():
                back_off.reset()
                refusals = 0
            pause = back_off.next() if wait is None else wait
            await asyncio.sleep(min(pause, AWAITED_SECONDS) if self._assignments.is_debugging else pause)

    async def _converse(
        self, client: httpx.AsyncClient, authentication: Authentication, abilities: Abilities, welcomed: asyncio.Event
    ) -> None:
        link = await self._open(client, await authentication.token())
        session = HubSession(
            link, assignments=self._assignments, delivery=self._delivery, abilities=abilities, home=self._home.folder
        )
        holding = asyncio.create_task(session.hold())
        try:
            if not await _first(holding, session.welcome, seconds=WELCOME_SECONDS):
                self._no_welcome(link)
            if session.welcome.done():
                welcomed.set()
                welcome = session.welcome.result()
                self._files.limits = welcome.files
                how = "by polling" if isinstance(link, PollingLink) else "by WebSocket"
                log.info("Connected to %s as %s, %s.", self._settings.hub_url, welcome.runner_name, how)
                if isinstance(link, PollingLink):
                    link.seconds = welcome.poll_seconds
                    await _first(holding, seconds=None if self._settings.poll_only else WEBSOCKET_AGAIN_SECONDS)
                    if not holding.done():
                        return
            await holding
        finally:
            holding.cancel()
            await asyncio.gather(holding, return_exceptions=True)
            await link.close()

    def _no_welcome(self, link: Link) -> None:
        if isinstance(link, WebSocketLink):
            self._websocket_blocked_until = time.monotonic() + WEBSOCKET_AGAIN_SECONDS
        raise LinkLostError(f"The Hub at {self._settings.hub_url} does not answer the Runner's Hello.")

    async def _open(self, client: httpx.AsyncClient, token: str) -> Link:
        """A WebSocket where one passes, else polling."""
        if not self._settings.poll_only and time.monotonic() >= self._websocket_blocked_until:
            try:
                return await WebSocketLink.open(self._settings.hub_url, token, self._tls)
            except WebSocketBlockedError as error:
                self._websocket_blocked_until = time.monotonic() + WEBSOCKET_AGAIN_SECONDS
                log.warning(
                    "No WebSocket passes between here and the Hub (%s): asking every few seconds.", error.message
                )
        return PollingLink(client, token, lambda: self._assignments.is_debugging)

    def _asked(self) -> None:
        if self._asked_to_end.is_set():
            self._asked_again.set()
        else:
            log.info("Asked to end: taking no more work.")
            self._why = "It was asked to end, as when its service is stopped or restarted, or its machine shuts down."
            self._asked_to_end.set()


def child_pool(settings: RunnerSettings) -> ChildPool:
    """How this platform makes processes for executions."""
    return ForkedChildPool() if SYSTEM.forks and not settings.spawn_children else SpawnedChildPool()


def _trust(settings: RunnerSettings) -> ssl.SSLContext | None:
    """Whose certificates are trusted; None for a Hub without TLS."""
    if not settings.hub_url.startswith("https"):
        return None
    context = ssl.create_default_context()
    if settings.ca_file is not None:
        try:
            context.load_verify_locations(settings.ca_file)
        except (ssl.SSLError, OSError) as error:
            raise SettingsError(
                f"{settings.ca_file} holds no certificate to trust: {error} (EXEKRA_CA_FILE)."
            ) from None
    return context


async def _first(*awaited: Awaitable[Any], seconds: float | None = None) -> bool:
    """Wait until one of them is done, and cancel coroutines that are not; whether that was within so many seconds."""
    tasks = {asyncio.ensure_future(item) for item in awaited}
    own = tasks - set(awaited)
    try:
        done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        return bool(done)
    finally:
        for task in own:
            task.cancel()
        await asyncio.gather(*own, return_exceptions=True)

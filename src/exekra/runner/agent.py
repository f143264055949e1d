"""The Runner: stays connected to its Hub, takes one execution at a time, and reports what happens."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import ssl
import time
from collections.abc import Awaitable
from typing import Any

import httpx
from tenacity import RetryCallState

from exekra.kit.supervision import Supervisor
from exekra.protocol.frames import ProtocolError
from exekra.runner.children.channel import Abilities
from exekra.runner.children.environment import environment_of_children, read_names
from exekra.runner.children.forked import ForkedChildPool
from exekra.runner.children.pool import ChildError, ChildPool
from exekra.runner.children.spawned import SpawnedChildPool
from exekra.runner.executions.assignments import Assignments
from exekra.runner.executions.documents import DocumentCache
from exekra.runner.executions.files import ExecutionFiles
from exekra.runner.executions.questions import Questions
from exekra.runner.executions.workflow_files import WorkflowFileCache
from exekra.runner.home import Home
from exekra.runner.host import SYSTEM
from exekra.runner.link.authentication import Authentication, SecretRefusedError
from exekra.runner.link.connection import (
    PAUSES,
    Link,
    LinkLostError,
    PollingLink,
    TokenRefusedError,
    WebSocketBlockedError,
    WebSocketLink,
)
from exekra.runner.link.delivery import Delivery
from exekra.runner.link.file_delivery import FileDelivery
from exekra.runner.link.file_fetching import FileFetching
from exekra.runner.link.file_spool import FileSpool
from exekra.runner.session import GoodbyeError, HubSession
from exekra.runner.settings import RunnerSettings
from exekra.sdk.errors import ExekraError, RefusedError, SettingsError

WEBSOCKET_AGAIN_SECONDS = 600.0
"""How long the Runner polls before it tries to open a WebSocket again."""
WELCOME_SECONDS = 15.0
AWAITED_SECONDS = 2.0
"""The longest wait between two attempts while an execution here waits for the Hub."""
STOP_GRACE_SECONDS = 5.0
DELIVER_SECONDS = 5.0
"""How long the delivery of the last events may take when the Runner ends; the rest is sent after its next start."""
log = logging.getLogger(__name__)


class SentAwayError(RefusedError):
    """The Hub has rejected this Runner for good."""


FINAL = (SettingsError, ChildError, SecretRefusedError, SentAwayError)
"""Errors that end the Runner, because only a person can fix the cause."""


async def run_agent(settings: RunnerSettings) -> None:
    """Serve the Hub until this process is asked to end (SIGTERM or Ctrl-C; a second one ends it immediately).

    Raises:
        SettingsError: The Runner's folder or its secret cannot be used.
        ChildError: No process for executions can be created on this machine.
        SecretRefusedError: The Hub does not know this Runner, or the secret is wrong.
        SentAwayError: The Hub has rejected this Runner for good.
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
        self._tls = _trust(settings)
        self._client = httpx.AsyncClient(base_url=settings.hub_url, verify=self._tls or True, timeout=30)
        self._authentication = Authentication(settings, self._client)
        self._children = child_pool(settings)
        self._supervisor = Supervisor((LinkLostError, TokenRefusedError, ProtocolError, GoodbyeError))
        self._delivery = Delivery()
        self._files = FileSpool(home.files, settings.files_limit_mb * megabyte)
        self._questions = Questions()
        fetching = FileFetching(self._client, self._authentication, patience=settings.file_patience_seconds)
        workflow_files = WorkflowFileCache(fetching, home.workflow_files, settings.workflow_files_limit_mb * megabyte)
        self._assignments = Assignments(
            children=self._children,
            delivery=self._delivery,
            questions=self._questions,
            home=home,
            files=self._files,
            needed_files=ExecutionFiles(fetching, workflow_files),
            documents=DocumentCache(home.documents, settings.documents_limit_mb * megabyte),
            work_folder=settings.work_folder,
            spool_limit=settings.spool_limit_mb * megabyte,
            supervisor=self._supervisor,
        )
        self._websocket_blocked_until = 0.0
        self._why = "It had an error, which is in its log."
        self._welcomed = False
        self._refusals = 0
        self._back_at: float | None = None
        self._asked_to_end = asyncio.Event()
        self._asked_again = asyncio.Event()

    async def serve(self) -> None:
        """As `run_agent`."""
        SYSTEM.on_end_request(asyncio.get_running_loop(), self._asked)
        self._assignments.recover()
        try:
            async with self._client:
                await self._until_asked_to_end()
        finally:
            await self._assignments.close(patience=0, grace=0, why=self._why)
            await self._children.close()
            self._delivery.close()

    async def _until_asked_to_end(self) -> None:
        connected = asyncio.create_task(self._stay_connected())
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

    async def _stay_connected(self) -> None:
        abilities = await self._children.abilities()
        self._children.prepare()

        async def connect() -> None:
            while True:
                await self._connect_once(abilities)

        files = FileDelivery(self._files, self._client, self._authentication)
        async with self._supervisor.keeping("delivering files", files.run):
            await self._supervisor.keep("connecting to the Hub", connect, ends=FINAL, waits=self._pause)

    async def _connect_once(self, abilities: Abilities) -> None:
        """Keep one connection until it is lost, which is an error, or until it is time to try another way."""
        self._welcomed = False
        self._back_at = None
        try:
            await self._converse(abilities)
        except TokenRefusedError:
            self._authentication.forget()
            self._refusals += 1
            if (
                self._refusals > 1
            ):  # A new token was refused immediately: that was not the Hub but something in between.
                self._websocket_blocked_until = time.monotonic() + WEBSOCKET_AGAIN_SECONDS
            raise
        except GoodbyeError as error:
            self._back_at = error.retry_seconds
            if self._back_at is None and not await self._authentication.has_new_secret():
                raise SentAwayError(error.message) from None
            self._authentication.forget()
            raise

    def _pause(self, state: RetryCallState) -> float:
        """Seconds until the Runner reconnects: as the Hub said, or growing while nothing works."""
        if self._welcomed:
            state.attempt_number = 1
            self._refusals = 0
        pause = PAUSES(state) if self._back_at is None else self._back_at
        return min(pause, AWAITED_SECONDS) if self._is_awaited() else pause

    def _is_awaited(self) -> bool:
        """Whether a user who debugs, or an activity that asks, is waiting for the Hub."""
        return self._assignments.is_debugging or self._questions.are_pending

    async def _converse(self, abilities: Abilities) -> None:
        link = await self._open(await self._authentication.token())
        session = HubSession(
            link,
            assignments=self._assignments,
            delivery=self._delivery,
            questions=self._questions,
            abilities=abilities,
            home=self._home.folder,
            supervisor=self._supervisor,
        )
        holding = asyncio.create_task(session.hold())
        try:
            if not await _first(holding, session.welcome, seconds=WELCOME_SECONDS):
                self._no_welcome(link)
            if session.welcome.done():
                self._welcomed = True
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
        raise LinkLostError(f"The Hub at {self._settings.hub_url} does not respond to the Runner's Hello.")

    async def _open(self, token: str) -> Link:
        """Open a WebSocket if possible, otherwise poll."""
        if not self._settings.poll_only and time.monotonic() >= self._websocket_blocked_until:
            try:
                return await WebSocketLink.open(self._settings.hub_url, token, self._tls)
            except WebSocketBlockedError as error:
                self._websocket_blocked_until = time.monotonic() + WEBSOCKET_AGAIN_SECONDS
                log.warning(
                    "WebSockets are blocked between this machine and the Hub (%s): polling instead.", error.message
                )
        return PollingLink(self._client, token, self._is_awaited)

    def _asked(self) -> None:
        if self._asked_to_end.is_set():
            self._asked_again.set()
        else:
            log.info("Shutting down: accepting no more work.")
            self._why = (
                "It was asked to end, for example because its service was stopped or restarted, or its machine is "
                "shutting down."
            )
            self._asked_to_end.set()


def child_pool(settings: RunnerSettings) -> ChildPool:
    """How this platform creates processes for executions."""
    environment = environment_of_children(os.environ, read_names(settings.pass_environment))
    forks = SYSTEM.forks and not settings.spawn_children
    return ForkedChildPool(environment) if forks else SpawnedChildPool(environment)


def _trust(settings: RunnerSettings) -> ssl.SSLContext | None:
    """The TLS settings with the trusted certificates; None for a Hub without TLS."""
    if not settings.hub_url.startswith("https"):
        return None
    context = ssl.create_default_context()
    if settings.ca_file is not None:
        try:
            context.load_verify_locations(settings.ca_file)
        except (ssl.SSLError, OSError) as error:
            raise SettingsError(
                f"{settings.ca_file} does not contain a certificate that can be trusted: {error} (EXEKRA_CA_FILE)."
            ) from None
    return context


async def _first(*awaited: Awaitable[Any], seconds: float | None = None) -> bool:
    """Wait until one of them is done, and cancel the other coroutines; returns whether that happened in time."""
    tasks = {asyncio.ensure_future(item) for item in awaited}
    own = tasks - set(awaited)
    try:
        done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        return bool(done)
    finally:
        for task in own:
            task.cancel()
        await asyncio.gather(*own, return_exceptions=True)

"""The exchange between Runner and Hub over one connection."""

from __future__ import annotations

import asyncio
import contextlib
import platform
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Never

import msgspec
from msgspec.structs import replace

from exekra.kit.supervision import Supervisor, WorkState
from exekra.protocol.frames import ProtocolError, decode_from_hub, encode
from exekra.protocol.messages import (
    Acknowledge,
    Answer,
    Assign,
    Debug,
    Documents,
    Goodbye,
    Hello,
    HubMessage,
    Refused,
    ReportCatalogue,
    RunnerMessage,
    Stop,
    Welcome,
    WorkFailure,
)
from exekra.protocol.versions import CAPABILITIES, OLDEST_PROTOCOL, PROTOCOL_VERSION, understood
from exekra.runner.children.channel import Abilities
from exekra.runner.executions.assignments import Assignments
from exekra.runner.executions.questions import Questions
from exekra.runner.host.measuring import heartbeat
from exekra.runner.link.connection import Link, LinkLostError, TokenRefusedError
from exekra.runner.link.delivery import Delivery
from exekra.sdk.catalogue import CatalogueEntry
from exekra.sdk.errors import RefusedError


class GoodbyeError(RefusedError):
    """The Hub ended the connection.

    Attributes:
        retry_seconds: When to reconnect; None means not with this secret or version.
    """

    def __init__(self, reason: str, retry_seconds: float | None) -> None:
        super().__init__(f"The Hub ended the connection: {reason}")
        self.retry_seconds = retry_seconds


ENDS = (LinkLostError, TokenRefusedError, ProtocolError, GoodbyeError)
"""Errors that end a session; any other is a defect, after which its part of the session is restarted."""


class HubSession:
    """One connection, from Hello on.

    Attributes:
        welcome: The Hub's answer to Hello; None before that.
    """

    def __init__(
        self,
        link: Link,
        *,
        assignments: Assignments,
        delivery: Delivery,
        questions: Questions,
        abilities: Abilities,
        home: Path,
        supervisor: Supervisor,
    ) -> None:
        self.welcome: asyncio.Future[Welcome] = asyncio.get_running_loop().create_future()
        self._link = link
        self._assignments = assignments
        self._delivery = delivery
        self._questions = questions
        self._abilities = abilities
        self._home = home
        self._supervisor = supervisor

    async def hold(self) -> Never:
        """Send Hello, then carry messages both ways.

        Raises:
            LinkLostError: The connection is gone.
            TokenRefusedError: The token is no longer valid.
            GoodbyeError: The Hub ended the connection.
            ProtocolError: The Hub sent something that is not understood.
        """
        self._assignments.forget_incomplete()
        await self._say(
            Hello(
                protocol=OLDEST_PROTOCOL,
                newest=PROTOCOL_VERSION,
                capabilities=CAPABILITIES,
                version=version("exekra"),
                platform=platform.system().lower(),
                host=platform.node(),
                catalogue_hash=self._abilities.catalogue_hash,
                held=self._delivery.held(),
                at=time.time(),
            )
        )
        keep = self._supervisor.keep
        tasks = [
            asyncio.create_task(keep("listening to the Hub", self._listen, ends=ENDS)),
            asyncio.create_task(keep("delivering events", self._deliver, ends=ENDS)),
            asyncio.create_task(keep("sending questions to the Hub", self._ask, ends=ENDS)),
            asyncio.create_task(keep("handing executions back", self._hand_back, ends=ENDS)),
            asyncio.create_task(keep("sending heartbeats", self._live, ends=ENDS)),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            raise AssertionError("these tasks only end with an error")
        finally:
            self._assignments.keep_alive()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _say(self, message: RunnerMessage) -> None:
        """Send a message, unless the Hub is too old to understand it."""
        welcome = self.welcome.result() if self.welcome.done() else None
        if understood([message], welcome.capabilities if welcome else ()):
            await self._link.send(encode([message]))

    async def _listen(self) -> Never:
        while True:
            for message in decode_from_hub(await self._link.receive()):
                answer = self._answer(message)
                if answer is not None:
                    await self._say(answer)

    async def _deliver(self) -> Never:
        await asyncio.shield(self.welcome)
        await self._delivery.over(self._link)

    async def _ask(self) -> Never:
        welcome = await asyncio.shield(self.welcome)
        await self._questions.over(self._say, welcome.capabilities)

    async def _hand_back(self) -> Never:
        await asyncio.shield(self.welcome)
        await self._assignments.hand_back(self._say)

    async def _live(self) -> Never:
        welcome = await asyncio.shield(self.welcome)
        changed = self._assignments.condition_changed
        while True:
            changed.clear()
            figures = heartbeat(self._home, self._delivery.held())
            failures = _failures(self._supervisor.states())
            await self._say(replace(figures, problem=self._assignments.problem, failures=failures))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(welcome.heartbeat_seconds):
                    await changed.wait()

    def _answer(self, message: HubMessage) -> RunnerMessage | None:
        match message:
            case Welcome():
                return self._welcomed(message)
            case Assign():
                return self._assignments.assign(message)
            case Documents():
                return self._assignments.provide(message)
            case Stop():
                return self._assignments.stop(message)
            case Debug():
                self._assignments.debug(message)
            case Acknowledge():
                self._delivery.acknowledge(message)
                self._assignments.acknowledged(message.execution_id)
            case Refused():
                self._assignments.refuse(message)
            case Answer():
                self._questions.answered(message)
            case Goodbye():
                raise GoodbyeError(message.reason, message.retry_seconds)
        return None

    def _welcomed(self, welcome: Welcome) -> RunnerMessage | None:
        if not self.welcome.done():
            self.welcome.set_result(welcome)
            self._assignments.keep_alive()
        if not welcome.send_catalogue:
            return None
        entries = msgspec.json.decode(self._abilities.entries, type=tuple[CatalogueEntry, ...])
        return ReportCatalogue(catalogue_hash=self._abilities.catalogue_hash, entries=entries)


def _failures(states: Sequence[WorkState]) -> tuple[WorkFailure, ...]:
    """Background work that failed and was restarted. Only the type of the error: the Hub shows it to everybody."""
    return tuple(
        WorkFailure(
            name=state.name,
            restarts=state.restarts,
            failing=state.failing,
            error=state.error_type or "",
            failed_at=state.failed_at.timestamp(),
        )
        for state in states
        if state.failed_at is not None and state.name != "connecting to the Hub"
    )

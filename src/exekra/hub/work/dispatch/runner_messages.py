"""Handles what Runners send: one method for each kind of message, whether it came over a WebSocket or in a poll."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from exekra.hub.contents.limits import limit_bytes
from exekra.hub.core.database import Connection
from exekra.hub.core.hub import Hub
from exekra.hub.fleet.runners import store as runners
from exekra.hub.fleet.runners.clocks import in_words
from exekra.hub.fleet.runners.connections import Connections, RunnerConnection
from exekra.hub.work.dispatch.dispatcher import Dispatcher
from exekra.hub.work.dispatch.documents import Documents
from exekra.hub.work.dispatch.heartbeats import Heartbeats
from exekra.hub.work.dispatch.ingest import Ingest, Report
from exekra.hub.work.dispatch.questions import Questions
from exekra.hub.work.dispatch.reconcile import Reconciled, reconcile
from exekra.hub.work.ledger import held_store
from exekra.hub.work.ledger import store as ledger
from exekra.hub.work.ledger.broadcast import Broadcast
from exekra.hub.work.ledger.rows import HeldExecution
from exekra.hub.work.ledger.states import State
from exekra.hub.work.ledger.store import Change
from exekra.kit import json
from exekra.protocol.messages import (
    Ask,
    Decline,
    EndAsk,
    Events,
    FileLimits,
    Goodbye,
    Heartbeat,
    Hello,
    Refused,
    ReportCatalogue,
    RequestDocuments,
    RunnerMessage,
    Welcome,
)
from exekra.protocol.messages import Documents as DocumentsMessage
from exekra.protocol.versions import CAPABILITIES, OLDEST_PROTOCOL, PROTOCOL_VERSION, agreed_version

logger = logging.getLogger(__name__)

REST_AFTER_DECLINE = timedelta(seconds=10)
"""A Runner that declined gets no assignment for this long: otherwise it would be asked again immediately."""

TOO_NEW_SECONDS = 60.0
"""How long a Runner that is too new for this Hub waits before it tries again."""


class RunnerMessages:
    """Handles what Runners send."""

    def __init__(
        self,
        hub: Hub,
        hub_id: UUID,
        *,
        connections: Connections,
        dispatcher: Dispatcher,
        documents: Documents,
        ingest: Ingest,
        heartbeats: Heartbeats,
        questions: Questions,
        broadcast: Broadcast,
    ) -> None:
        self._hub = hub
        self._hub_id = hub_id
        self._connections = connections
        self._dispatcher = dispatcher
        self._documents = documents
        self._ingest = ingest
        self._heartbeats = heartbeats
        self._questions = questions
        self._broadcast = broadcast

    async def take(self, connection: RunnerConnection, messages: Sequence[RunnerMessage], *, size: int) -> None:
        """Handle a frame's messages in order; answers go into the connection's mailbox.

        Args:
            connection: The connection that the frame came over.
            messages: The messages in it.
            size: Its size in bytes.
        """
        connection.seen_at = self._hub.clock.now()
        for message in messages:
            if connection.closed:
                return
            if isinstance(message, Hello | Heartbeat):
                self._compare_clocks(connection, message.at)
            if isinstance(message, Hello):
                await self._hello(connection, message)
            elif not connection.greeted:
                self.expect_hello(connection)
            elif isinstance(message, Events):
                await self._ingest.put(Report(connection, message, size))
                size = 0  # counted once, whatever else the frame contains
            elif isinstance(message, Heartbeat):
                self._heartbeats.note(connection, message)
            elif isinstance(message, Decline):
                await self._decline(connection, message)
            elif isinstance(message, RequestDocuments):
                await self._request_documents(connection, message)
            elif isinstance(message, Ask):
                self._questions.ask(connection, message)
            elif isinstance(message, EndAsk):
                self._questions.end(connection, message)
            else:
                await self._catalogue(message)

    def _compare_clocks(self, connection: RunnerConnection, at: float | None) -> None:
        was_large = connection.clock.is_large
        connection.clock.note(at, self._hub.clock.now())
        if connection.clock.is_large and not was_large:
            how = in_words(connection.clock.behind_seconds)
            logger.warning("The clock of %s is %s the Hub's; times are corrected", connection.runner_name, how)

    def expect_hello(self, connection: RunnerConnection) -> None:
        """Refuse a Runner that has not sent Hello: this Hub may have been restarted since it did."""
        if not connection.greeted and not connection.closed:
            connection.close(Goodbye(reason="The first message must be Hello.", retry_seconds=0.0))

    async def leave(self, connection: RunnerConnection) -> None:
        """The connection is lost: the Runner gets no assignment until it reconnects."""
        connection.closed = True
        self._questions.leave(connection)
        if self._connections.remove(connection):
            async with self._hub.database.transaction() as transaction:
                await runners.detach(transaction, connection.runner_id, connection.id, self._hub.clock.now())

    async def _hello(self, connection: RunnerConnection, hello: Hello) -> None:
        version = agreed_version(hello.protocol, hello.newest)
        if version is None:
            connection.close(_too_far_apart(hello))
            return
        connection.capabilities = frozenset(hello.capabilities)
        self._connections.add(connection)
        await self._ingest.flush()  # what an earlier connection sent is processed before what this one sends
        with connection.held_back():
            found = await self._attach(connection, hello, version)
            await self._dispatcher.send_again(connection, found.missing)
        self._broadcast.announce(set(), dict.fromkeys(found.failed, State.FAILED))
        self._dispatcher.ring()

    async def _attach(self, connection: RunnerConnection, hello: Hello, version: int) -> Reconciled:
        """Store that the Runner is connected here, and reconcile what it holds."""
        now = self._hub.clock.now()
        settings = self._hub.settings
        async with self._hub.database.transaction() as transaction:
            known = await runners.attach(
                transaction,
                connection.runner_id,
                hub_id=self._hub_id,
                connection_id=connection.id,
                version=_plain(hello.version),
                platform=_plain(hello.platform),
                host=_plain(hello.host),
                catalogue_hash=_plain(hello.catalogue_hash),
                capabilities=connection.capabilities & set(CAPABILITIES),
            )
            if known is None:
                connection.close(Goodbye(reason="The Runner was removed."))
                return Reconciled()
            await runners.touch(transaction, connection.runner_id, now)
            welcome = Welcome(
                runner_id=str(connection.runner_id),
                runner_name=connection.runner_name,
                heartbeat_seconds=settings.heartbeat_seconds,
                poll_seconds=settings.poll_seconds,
                send_catalogue=not known,
                protocol=version,
                capabilities=CAPABILITIES,
                files=FileLimits(
                    largest_file_bytes=limit_bytes(settings, "largest_file_mb"),
                    largest_files_bytes=limit_bytes(settings, "largest_files_mb"),
                ),
            )
            connection.send(welcome)
            connection.greeted = True
            # In the same transaction, so that nothing is assigned to the Runner between this query and what follows.
            underway = await held_store.underway(transaction, [connection.runner_id])
            return await reconcile(transaction, connection, hello.held, underway, now, came_back=True)

    async def _catalogue(self, message: ReportCatalogue) -> None:
        # A Runner cannot do an activity for which its machine lacks something, even if the package is installed.
        able = [entry for entry in message.entries if not entry.lacks]
        activities = {name for entry in able for name in (entry.id, *entry.aliases)}
        async with self._hub.database.transaction() as transaction:
            await runners.store_catalogue(
                transaction,
                _plain(message.catalogue_hash),
                entries=json.encode(message.entries).decode(),
                activities=sorted(activities),
            )
        self._dispatcher.ring()

    async def _decline(self, connection: RunnerConnection, message: Decline) -> None:
        await self._ingest.flush()
        async with self._hub.database.transaction() as transaction:
            row = await _held(transaction, connection, message.execution_id, message.lease)
            if row is None or row.state != State.ASSIGNED:
                connection.send(_given_up(message.execution_id, message.lease))
                return
            now = self._hub.clock.now()
            state = State.QUEUED if row.stop_requested_at is None else State.STOPPED
            change = Change(id=row.id, lease=message.lease, state=state, at=now, give_up=True)
            await ledger.move(transaction, [change])
            await runners.rest(transaction, connection.runner_id, now + REST_AFTER_DECLINE)
        self._broadcast.announce(set(), {row.id: state})
        logger.info("%s declined the execution %s: %s", connection.runner_name, row.id, message.reason)
        self._dispatcher.ring()

    async def _request_documents(self, connection: RunnerConnection, message: RequestDocuments) -> None:
        async with self._hub.database.reading() as reading:
            held = await _held(reading, connection, message.execution_id, message.lease, lock=False)
        if held is None:
            connection.send(_given_up(message.execution_id, message.lease))
            return
        found = await self._documents.find(message.hashes)
        connection.sent_documents.update(found)
        connection.send(DocumentsMessage(execution_id=message.execution_id, lease=message.lease, documents=found))


async def _held(
    connection: Connection, runner: RunnerConnection, execution_id: str, lease: int, *, lock: bool = True
) -> HeldExecution | None:
    """The execution's row, if this Runner holds it under this lease."""
    try:
        id = UUID(execution_id)
    except ValueError:
        return None
    rows = await (ledger.lock(connection, [id]) if lock else held_store.find(connection, [id]))
    fits = rows and rows[0].lease == lease and rows[0].runner_id == runner.runner_id
    return rows[0] if fits else None


def _too_far_apart(hello: Hello) -> Goodbye:
    """A Runner that is too new may try again: its Hub will probably be upgraded next."""
    newer = hello.protocol > PROTOCOL_VERSION
    reason = (
        f"The Hub understands the versions {OLDEST_PROTOCOL} to {PROTOCOL_VERSION} of the protocol, the Runner "
        f"{hello.protocol} to {hello.newest}: upgrade the {'Hub' if newer else 'Runner'}."
    )
    return Goodbye(reason=reason, retry_seconds=TOO_NEW_SECONDS if newer else None)


def _given_up(execution_id: str, lease: int) -> Refused:
    return Refused(execution_id=execution_id, lease=lease, reason="The assignment was revoked.")


def _plain(text: str) -> str:
    """A text that PostgreSQL can store, cut to a reasonable length."""
    return text.replace("\0", "")[:200]

"""What an administrator should do, judged from the state of the system. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from exekra.hub.fleet.runners.clocks import in_words
from exekra.hub.insight.health.schemas import Recommendation, System

LOW_DISK_BYTES = 5 * 2**30
FULL_DISK_BYTES = 2**30
BUSY_CONNECTIONS = 0.8
SLOW_DATABASE_MS = 20.0
CLOCKS_APART_SECONDS = 5.0
_ORDER = {"error": 0, "warning": 1, "info": 2}


def recommend(system: System, *, durable: bool, vacuums: bool, reached_from_afar: bool) -> list[Recommendation]:
    """What should be done, errors first.

    Args:
        system: Everything that is known.
        durable: Whether PostgreSQL keeps committed data when its machine fails.
        vacuums: Whether PostgreSQL vacuums its tables by itself.
        reached_from_afar: Whether this request used a name of the Hub other than localhost.
    """
    found = [
        *_database(system, durable=durable, vacuums=vacuums),
        *_machine(system, reached_from_afar),
        *_runners(system),
        *_background(system),
    ]
    return sorted(found, key=lambda one: _ORDER[one.severity])


def _database(system: System, *, durable: bool, vacuums: bool) -> Iterator[Recommendation]:
    database = system.database
    if not durable:
        yield Recommendation(
            severity="error",
            text="PostgreSQL may lose committed data when its machine fails: set fsync and synchronous_commit to on.",
        )
    if not vacuums:
        yield Recommendation(severity="warning", text="PostgreSQL does not vacuum its tables: set autovacuum to on.")
    if database.connections_used > database.connections_most * BUSY_CONNECTIONS:
        yield Recommendation(
            severity="warning",
            text=f"{database.connections_used} of PostgreSQL's {database.connections_most} connections are in use: "
            "raise max_connections, or find the program that keeps them open.",
        )
    if database.latency_ms > SLOW_DATABASE_MS:
        yield Recommendation(
            severity="warning",
            text=f"PostgreSQL took {database.latency_ms:.0f} ms to respond: run it close to the Hub, and make sure "
            "that it is not overloaded.",
        )


def _machine(system: System, reached_from_afar: bool) -> Iterator[Recommendation]:
    for disk in (system.disk, system.file_disk):
        if disk is not None and disk.free_bytes < LOW_DISK_BYTES:
            yield Recommendation(
                severity="error" if disk.free_bytes < FULL_DISK_BYTES else "warning",
                text=f"Only {disk.free_bytes / 2**30:.1f} GB are free on the disk that holds {disk.folder}: make room.",
            )
    if system.file_problem is not None:
        yield Recommendation(severity="error", text=system.file_problem)
    apart = system.clock.database_ahead_seconds
    if abs(apart) > CLOCKS_APART_SECONDS:
        yield Recommendation(
            severity="warning",
            text=f"The clocks of the Hub and of PostgreSQL are {abs(apart):.0f} s apart: synchronise both machines "
            "by NTP.",
        )
    if not system.address.https and reached_from_afar:
        yield Recommendation(
            severity="warning",
            text="Passwords and data cross the network unencrypted: put an HTTPS proxy in front of the Hub, and set "
            "EXEKRA_SECURE_COOKIES=true.",
        )
    if system.address.https and not system.address.secure_cookies:
        yield Recommendation(
            severity="warning",
            text="The Hub is reached over HTTPS: restrict session cookies to HTTPS with EXEKRA_SECURE_COOKIES=true.",
        )


def _runners(system: System) -> Iterator[Recommendation]:
    work = system.work
    connected = work.runners_online + work.runners_busy
    if not connected + work.runners_offline:
        yield Recommendation(severity="warning", text="No Runner is registered: nothing can run.")
    elif not connected:
        yield Recommendation(severity="error", text="All Runners are OFFLINE: nothing can run.")
    for problem in system.runner_problems[:5]:
        yield Recommendation(severity="error", text=f"A Runner cannot start executions. {problem}")
    if system.runner_clocks:
        told = ", ".join(f"{one.name} ({in_words(one.behind_seconds)} the Hub's)" for one in system.runner_clocks[:5])
        more = len(system.runner_clocks) - 5
        yield Recommendation(
            severity="warning",
            text=f"The clocks of Runners are wrong: {told}{f' and {more} more' if more > 0 else ''}. The Hub "
            "corrects the times that it shows, but not those that workflows see: synchronise these machines by NTP.",
        )
    others = sorted(set(system.runner_versions) - {system.version})
    if others:
        yield Recommendation(
            severity="info",
            text=f"Some Runners have a different version from the Hub ({', '.join(others)}): update all of them to "
            f"{system.version}.",
        )


def _background(system: System) -> Iterator[Recommendation]:
    for work in system.background:
        if work.failing:
            yield Recommendation(
                severity="error",
                text=f"A background task of the Hub keeps failing: {work.name} ({work.error}). The Hub's log has the "
                "details. If it continues, restart the Hub and report this.",
            )

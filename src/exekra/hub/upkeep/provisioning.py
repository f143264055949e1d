"""Sets up a new installation: an administrator, a Runner on this machine, and examples.

Everything is created once and then left alone: what users change or remove later stays that way.
"""

from __future__ import annotations

import os
import platform
import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import exekra
from exekra.flow.calls import call_of_key
from exekra.flow.document import load_flow
from exekra.hub.core.actor import SYSTEM
from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Conflict, Invalid
from exekra.hub.core.hub import Hub
from exekra.hub.design.workflows.copying import bring_in
from exekra.hub.design.workflows.models import Saved
from exekra.hub.design.workflows.publishing import publish
from exekra.hub.design.workflows.service import Workflows
from exekra.hub.fleet.runners.schemas import RunnerType
from exekra.hub.fleet.runners.service import Registered, Runners
from exekra.hub.identity.people.service import People, clean_email
from exekra.hub.trust.audit import store as audit_store
from exekra.hub.trust.audit.service import record
from exekra.kit import json
from exekra.sdk.errors import DocumentError, SettingsError

ADMIN_EMAIL = "admin@localhost"
"""The first user's e-mail address, unless EXEKRA_ADMIN_EMAIL is set."""

EXAMPLES_LOADED = "examples.load"
"""The audit entry that records it for good: examples that a user deletes do not come back at the next start."""

Say = Callable[[str], None]
"""Tells the person who started Exekra."""


async def provision(hub: Hub, environ: Mapping[str, str], say: Say) -> None:
    """Create what is missing; does nothing if everything exists.

    Raises:
        SettingsError: EXEKRA_ADMIN_EMAIL or EXEKRA_ADMIN_PASSWORD cannot be used.
    """
    await _make_administrator(hub, environ, say)
    runner = hub.settings.home / "runner"
    await _make_runner(hub, runner)
    async with hub.database.transaction() as connection:
        await _load_examples(connection, hub.get(Workflows), runner / "files", say)


async def _make_administrator(hub: Hub, environ: Mapping[str, str], say: Say) -> None:
    """The first user; a generated password is shown now and never again, because only its hash is stored."""
    given = environ.get("EXEKRA_ADMIN_PASSWORD")
    password = given or secrets.token_urlsafe(12)
    try:
        email = clean_email(environ.get("EXEKRA_ADMIN_EMAIL") or ADMIN_EMAIL)
        await hub.get(People).bootstrap(SYSTEM, email=email, name="Administrator", password=password)
    except Conflict:
        return
    except Invalid as error:
        raise SettingsError(f"The first administrator cannot be created: {error.message}") from None
    say(f"First administrator: {email}, password {'as given' if given else f'{password}  (only shown this once)'}")


async def _make_runner(hub: Hub, folder: Path) -> None:
    """Register a Runner for this machine and leave its key and secret where `exekra runner` looks for them."""
    settings = folder / "runner.json"
    if settings.exists():
        return
    registered = await _register(hub, platform.node() or "This machine")
    _write_private(folder / "machine-secret", registered.machine_secret.encode())
    # Last, because it records that everything exists.
    _write_private(settings, json.encode({"machine_key": registered.runner.machine_key}))


async def _register(hub: Hub, name: str) -> Registered:
    """Register under the machine's name; with a number if that is taken, as after the loss of the data folder."""
    attempt, wanted = 1, name
    while True:
        try:
            return await hub.get(Runners).register(SYSTEM, name=wanted, type=RunnerType.UNATTENDED, labels=[])
        except Conflict:
            attempt += 1
            wanted = f"{name} {attempt}"


def _write_private(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        target.write(content)


def example_files() -> list[Path]:
    """The example flows: inside the installed package, or next to its source."""
    package = Path(exekra.__file__).parent
    folders = (package / "examples", package.parents[1] / "examples")
    return sorted(file for folder in folders for file in folder.rglob("*.flow.yaml"))


async def _load_examples(connection: Connection, workflows: Workflows, work_folder: Path, say: Say) -> None:
    """Import and publish every example flow. One that this installation cannot use does not prevent the start."""
    files = example_files()
    if not files or await _done_before(connection, EXAMPLES_LOADED):
        return
    waiting: dict[str, Saved] = {}
    for file in files:
        try:
            flow = load_flow(file.read_text(encoding="utf-8"))
            waiting[flow.name] = await bring_in(workflows, connection, SYSTEM, flow, tags=["example"])
        except DocumentError as error:
            say(f"The example {file} was skipped. {error.message}")
    for folder in {file.parent for file in files}:
        _copy_material(folder, work_folder)
    published = 0
    while waiting:
        # A workflow can be published once those that it calls are.
        called = {name: {call_of_key(key).name for key in saved.version.calls} for name, saved in waiting.items()}
        ready = [name for name, names in called.items() if not waiting.keys() & names - {name}]
        for name in ready or list(waiting):
            try:
                await publish(workflows, connection, SYSTEM, waiting.pop(name).workflow.id)
                published += 1
            except Invalid as error:
                say(f"The example {name!r} stays a draft. {error.message}")
    await record(connection, SYSTEM, EXAMPLES_LOADED, "workflow", None, {"count": published})
    say(f"{published} example workflows are ready to run.")


def _copy_material(folder: Path, work_folder: Path) -> None:
    """Copy the files that the example flows of a folder use to where this machine's Runner looks for files."""
    work_folder.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        is_material = file.is_file() and file.suffix not in {".yaml", ".md"} and not file.name.startswith(".")
        if is_material and not (work_folder / file.name).exists():
            shutil.copyfile(file, work_folder / file.name)


async def _done_before(connection: Connection, action: str) -> bool:
    filters = audit_store.Filters(action=action)
    return bool(await audit_store.page(connection, after=None, limit=1, filters=filters))

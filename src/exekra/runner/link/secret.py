"""Where the machine secret is kept: the operating system's keyring, or a file that only its owner can read."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import msgspec

from exekra.runner import settings as settings_file
from exekra.runner.host import SYSTEM
from exekra.runner.settings import RunnerSettings
from exekra.sdk.errors import SettingsError

SERVICE = "exekra-runner"
FILE = "machine-secret"


async def find_secret(settings: RunnerSettings) -> str:
    """The machine secret: as given, otherwise from the file in the home folder, otherwise from the keyring.

    Raises:
        SettingsError: There is none, or its file can be read by others.
    """
    if settings.machine_secret:
        return settings.machine_secret
    path = settings.runner_home / FILE
    secret = _read(path)
    if secret is None:
        secret = await asyncio.to_thread(_from_keyring, settings.machine_key)
    if not secret:
        raise SettingsError(
            f"There is no machine secret for {settings.machine_key}: set EXEKRA_MACHINE_SECRET, or write it to "
            f"{path} (readable only by its owner), or store it in the keyring."
        )
    return secret


async def remember(settings: RunnerSettings, secret: str) -> str:
    """Store the secret together with the Hub's address and the machine key; returns where the secret is, for people.

    Raises:
        SettingsError: The home folder is not writable.
    """
    where = await keep_secret(settings, secret)
    path = settings.runner_home / settings_file.FILE
    kept = settings_file.read(path) | {"hub_url": settings.hub_url, "machine_key": settings.machine_key}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.encode(kept))
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}.") from None
    return where


async def keep_secret(settings: RunnerSettings, secret: str) -> str:
    """Store the secret for later starts; returns where, for people.

    Raises:
        SettingsError: The file cannot be written.
    """
    if await asyncio.to_thread(_into_keyring, settings.machine_key, secret):
        (settings.runner_home / FILE).unlink(missing_ok=True)
        return "the keyring"
    path = settings.runner_home / FILE
    try:
        settings.runner_home.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secret)
    except OSError as error:
        raise SettingsError(f"The machine secret cannot be stored in {path}: {error.strerror}.") from None
    return str(path)


def _read(path: Path) -> str | None:
    try:
        if SYSTEM.others_can_read(path):
            raise SettingsError(
                f"Other users can read {path}: `chmod 600 {path}` and regenerate the secret in the Hub."
            )
        return path.read_text().strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"The machine secret {path} cannot be read: {error.strerror}.") from None


def _from_keyring(machine_key: str) -> str | None:
    import keyring  # noqa: PLC0415 - slow to import, and seldom needed
    from keyring.errors import KeyringError  # noqa: PLC0415 - as above

    try:
        return keyring.get_password(SERVICE, machine_key)
    except KeyringError:
        return None


def _into_keyring(machine_key: str, secret: str) -> bool:
    import keyring  # noqa: PLC0415 - slow to import, and seldom needed
    from keyring.errors import KeyringError  # noqa: PLC0415 - as above

    try:
        keyring.set_password(SERVICE, machine_key, secret)
    except KeyringError:
        return False
    return keyring.get_password(SERVICE, machine_key) == secret

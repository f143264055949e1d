"""What a Hub must know before it starts: read once from the environment, checked, then frozen."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from exekra.sdk.errors import SettingsError

SECRET_LENGTH = 48
"""Characters of a generated signing secret; HS256 needs 32 bytes at least."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The settings of one Hub process.

    Each may be given by the environment variable `EXEKRA_` + its name in capitals.

    Attributes:
        database_url: `postgresql://user:password@host:port/database` of a PostgreSQL 14 or later.
        home: The data folder; secrets that the Hub generates are kept in `home/secrets`.
        host: The address to listen on.
        port: The TCP port to listen on.
        signing_secret: Signs the tokens of users and Runners; all Hubs over one database share it.
        secure_cookies: Send the session cookie over HTTPS only.
        request_limit_bytes: The largest request body that is read.
        requests_per_minute: How many requests a minute a program may send, by user or else by address; 0 is no
            limit.
        page_requests_per_minute: The same for the Hub's own pages in a browser.
        pool_smallest: Connections to PostgreSQL that are kept open.
        pool_largest: The most connections to PostgreSQL.
        database_patience_seconds: How long a request waits for a PostgreSQL that does not answer.
        session_days: How long a person stays signed in.
        password_rounds: The cost of bcrypt, as a power of two.
        heartbeat_seconds: How often a Runner is to say that it lives.
        poll_seconds: How often a Runner without a WebSocket is to ask.
        offline_seconds: After so long without a heartbeat a Runner is OFFLINE.
        reconnect_seconds: A Runner that lost its connection is OFFLINE when it is not back so soon.
        sweep_seconds: How often is looked for executions that are stuck.
        no_runner_seconds: A QUEUED execution fails when no Runner that fits was there for so long.
        lost_runner_seconds: What an OFFLINE Runner holds is given up after so long.
        begin_seconds: What a connected Runner was given and has not begun is taken back after so long.
        stop_seconds: An execution that is to stop is ended by the Hub when its Runner has not done so.
        debug_alive_seconds: How often a Runner is told that somebody still watches a debug session.
        debug_gone_seconds: A debug session that nobody watched or commanded for so long is stopped.
        file_store: Where files are kept: a folder, or `s3://BUCKET/PREFIX`; `home/files` when it is empty. All Hubs
            over one database share it.
        file_store_endpoint: The address of an S3-compatible store; empty for Amazon's.
        file_store_region: The region of the bucket.
        file_store_key: The access key of the store; empty for what the machine itself may do.
        file_store_secret: The secret that belongs to the key.
        largest_file_mb: The largest file that is kept.
        largest_files_mb: The most that the files of one execution may have together.
        largest_workflow_file_mb: The largest file that belongs to a workflow.
        largest_workflow_files_mb: The most that the files of one version of a workflow may have together.
    """

    database_url: str = field(repr=False)
    home: Path
    host: str = "127.0.0.1"
    port: int = 4545
    signing_secret: str = field(repr=False)
    secure_cookies: bool = False
    request_limit_bytes: int = 10 * 1024 * 1024
    requests_per_minute: int = 100
    page_requests_per_minute: int = 1200
    pool_smallest: int = 2
    pool_largest: int = 10
    database_patience_seconds: float = 5.0
    session_days: int = 7
    password_rounds: int = 12
    heartbeat_seconds: float = 30.0
    poll_seconds: float = 5.0
    offline_seconds: float = 120.0
    reconnect_seconds: float = 10.0
    sweep_seconds: float = 60.0
    no_runner_seconds: float = 600.0
    lost_runner_seconds: float = 300.0
    begin_seconds: float = 180.0
    stop_seconds: float = 20.0
    debug_alive_seconds: float = 10.0
    debug_gone_seconds: float = 45.0
    file_store: str = ""
    file_store_endpoint: str = ""
    file_store_region: str = ""
    file_store_key: str = ""
    file_store_secret: str = field(default="", repr=False)
    largest_file_mb: int = 2048
    largest_files_mb: int = 8192
    largest_workflow_file_mb: int = 100
    largest_workflow_files_mb: int = 500

    def __post_init__(self) -> None:
        address = urlsplit(self.database_url)
        if address.scheme not in {"postgresql", "postgres"}:
            raise SettingsError(
                "database_url must begin with postgresql://, for example "
                "postgresql://exekra:PASSWORD@127.0.0.1:5432/exekra (EXEKRA_DATABASE_URL)."
            )
        if len(self.signing_secret.encode()) < 32:
            raise SettingsError("signing_secret must have at least 32 characters (EXEKRA_SIGNING_SECRET).")
        for name, least, most in (
            ("port", 0, 65535),
            ("request_limit_bytes", 1024, 1024**3),
            ("requests_per_minute", 0, 1_000_000),
            ("page_requests_per_minute", 0, 1_000_000),
            ("pool_smallest", 0, 1000),
            ("pool_largest", 1, 1000),
            ("database_patience_seconds", 0, 600),
            ("session_days", 1, 365),
            ("password_rounds", 4, 16),
            ("heartbeat_seconds", 0.1, 3600),
            ("poll_seconds", 0.1, 3600),
            ("offline_seconds", 0.1, 86_400),
            ("reconnect_seconds", 0, 86_400),
            ("sweep_seconds", 0.1, 3600),
            ("no_runner_seconds", 0.1, 30 * 86_400),
            ("lost_runner_seconds", 0, 30 * 86_400),
            ("begin_seconds", 1, 86_400),
            ("stop_seconds", 0, 86_400),
            ("debug_alive_seconds", 0.05, 3600),
            ("debug_gone_seconds", 0.1, 86_400),
            ("largest_file_mb", 1, 1_000_000),
            ("largest_files_mb", 1, 1_000_000),
            ("largest_workflow_file_mb", 1, 10_000),
            ("largest_workflow_files_mb", 1, 10_000),
        ):
            if not least <= getattr(self, name) <= most:
                raise SettingsError(
                    f"{name} must be between {least} and {most}, not {getattr(self, name)} (EXEKRA_{name.upper()})."
                )
        if self.pool_smallest > self.pool_largest:
            raise SettingsError(
                f"pool_smallest ({self.pool_smallest}) must not be above pool_largest ({self.pool_largest})."
            )

    @classmethod
    def load(cls, environ: Mapping[str, str], **overrides: Any) -> Self:
        """Read the settings; an override that is not None goes before the environment.

        Without a signing secret, the one in `home/secrets/signing` is used; it is generated at the first start.

        Raises:
            SettingsError: One of them is missing or wrong; the message names it.
        """
        values: dict[str, Any] = {name: value for name, value in overrides.items() if value is not None}
        if unknown := values.keys() - {item.name for item in fields(cls)}:
            raise SettingsError(f"There is no setting named {sorted(unknown)[0]}.")
        for item in fields(cls):
            text = environ.get(f"EXEKRA_{item.name.upper()}")
            if item.name not in values and text:
                values[item.name] = _read(item.name, text, _READERS[str(item.type)])
        if not values.get("database_url"):
            raise SettingsError("There is no database: set EXEKRA_DATABASE_URL (or start with `exekra up`).")
        values["home"] = Path(values.get("home") or Path.home() / ".exekra").expanduser().absolute()
        if not values.get("signing_secret"):
            values["signing_secret"] = _kept_secret(values["home"] / "secrets" / "signing")
        return cls(**values)


def _boolean(text: str) -> bool:
    try:
        return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[text.lower()]
    except KeyError:
        raise ValueError from None


_READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "str": (str, "a text"),
    "Path": (Path, "a path"),
    "int": (int, "a whole number"),
    "float": (float, "a number"),
    "bool": (_boolean, "true or false"),
}


def _read(name: str, text: str, reader: tuple[Callable[[str], Any], str]) -> Any:
    read, description = reader
    try:
        return read(text)
    except ValueError:
        raise SettingsError(f"EXEKRA_{name.upper()} must be {description}, not {text!r}.") from None


def _kept_secret(path: Path) -> str:
    """The secret in that file; a missing one is generated. Only the owner may read it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(SECRET_LENGTH)[:SECRET_LENGTH])
        secret = path.read_text().strip()
    except OSError as error:
        raise SettingsError(f"The signing secret {path} cannot be read or made: {error.strerror}.") from None
    if len(secret) < 32:
        raise SettingsError(f"The signing secret {path} is damaged: delete it, and everybody signs in again.")
    return secret

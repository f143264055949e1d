"""What a Hub must know before it starts: read once from the environment, checked, then frozen."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass

from exekra.kit.settings import build, from_environment, is_url, variable
from exekra.sdk.errors import SettingsError

SECRET_LENGTH = 48
"""Characters of a generated signing secret; HS256 needs 32 bytes at least."""


def _address_of_postgresql(text: str) -> str:
    if not text.startswith(("postgresql://", "postgres://")):
        raise ValueError("an address such as postgresql://exekra:PASSWORD@127.0.0.1:5432/exekra")
    return text


def _long_enough(secret: str) -> str:
    if len(secret.strip().encode()) < 32:
        raise ValueError("at least 32 characters long, not counting spaces around it")
    return secret


def _place_of_files(text: str) -> str:
    has_scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", text)
    if not text.isprintable() or (text and not text.strip()) or (has_scheme and not text.startswith("s3:")):
        raise ValueError("a folder, or a bucket such as s3://exekra-files/production")
    if "@" in text and has_scheme:
        raise ValueError("without a key: set EXEKRA_FILE_STORE_KEY and EXEKRA_FILE_STORE_SECRET instead")
    if has_scheme and not re.fullmatch(r"s3://[A-Za-z0-9][A-Za-z0-9._-]*(/[^?#]*)?", text):
        raise ValueError("a folder, or a bucket such as s3://exekra-files/production")
    return text


def _address_of_store(text: str) -> str:
    if text and (not is_url(text, "http", "https") or re.search(r"[@?#]", text)):
        raise ValueError("an address such as https://minio.example.org:9000, without a key")
    return text.rstrip("/")


def _one_word(text: str) -> str:
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("a word without spaces and special characters")
    return text


_ASCENDING = (
    ("pool_smallest", "pool_largest"),
    ("largest_file_mb", "largest_files_mb"),
    ("largest_workflow_file_mb", "largest_workflow_files_mb"),
    ("largest_workflow_files_mb", "daily_workflow_uploads_mb"),
)
"""Settings of which the first must not be above the second."""
_STRICTLY_ASCENDING = (("heartbeat_seconds", "offline_seconds"), ("debug_alive_seconds", "debug_gone_seconds"))
"""Settings of which the first must be below the second."""


@dataclass(frozen=True, kw_only=True, slots=True, config=ConfigDict(extra="forbid"))
class Settings:
    """The settings of one Hub process.

    Each is set by the environment variable `EXEKRA_` and its name in capitals.

    Attributes:
        database_url: `postgresql://user:password@host:port/database` of a PostgreSQL 14 or later.
        home: The data folder. Secrets that the Hub generates are kept in `home/secrets`.
        host: The address to listen on.
        port: The TCP port to listen on.
        signing_secret: Signs the tokens of users and Runners. All Hubs on one database share it.
        secure_cookies: Send session cookies over HTTPS only.
        request_limit_bytes: The largest request body that is accepted.
        requests_per_minute: How many requests a client may make in a minute, counted by user or else by address;
            0 means no limit.
        page_requests_per_minute: How many requests a browser that shows the Hub's pages may make in a minute;
            0 means no limit.
        pool_smallest: How many connections to PostgreSQL are always open.
        pool_largest: How many connections to PostgreSQL may be open.
        database_patience_seconds: How long a request waits for PostgreSQL when it does not answer.
        session_days: How long a person stays signed in.
        password_rounds: The cost of hashing a password with bcrypt, as a power of two.
        heartbeat_seconds: How often Runners send a heartbeat.
        poll_seconds: How often a Runner polls that cannot open a WebSocket.
        offline_seconds: How long a Runner may send no heartbeat before it is OFFLINE.
        reconnect_seconds: How long a Runner that lost its connection may take to reconnect before it is OFFLINE.
        sweep_seconds: How often to look for stuck executions.
        no_runner_seconds: How long an execution may be QUEUED without a connected Runner that fits before it fails.
        lost_runner_seconds: How long a Runner may be OFFLINE before its executions are revoked.
        begin_seconds: How long a connected Runner may take to begin an execution before it is taken back.
        stop_seconds: How long a Runner may take to stop an execution before the Hub ends it.
        debug_alive_seconds: How often to tell a Runner that somebody is still watching a debug session.
        debug_gone_seconds: How long nobody may watch or command a debug session before it is stopped.
        file_store: Where files are kept: a folder, or `s3://BUCKET/PREFIX`. When empty, `home/files`. All Hubs on one
            database share it.
        file_store_endpoint: The address of an S3-compatible store. When empty, Amazon's.
        file_store_region: The region of the bucket.
        file_store_key: The access key of the store. When empty, the machine's own permissions are used.
        file_store_secret: The secret of the access key.
        largest_file_mb: How large a file of an execution may be.
        largest_files_mb: How much the files of one execution may have together.
        largest_workflow_file_mb: The largest file that belongs to a workflow.
        largest_workflow_files_mb: The most that the files of one version of a workflow may have together.
        daily_workflow_uploads_mb: How much one person may upload or import for workflows within a day.
    """

    database_url: Annotated[str, AfterValidator(_address_of_postgresql)] = field(repr=False)
    home: Path
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 4545
    signing_secret: Annotated[str, AfterValidator(_long_enough)] = field(repr=False)
    secure_cookies: bool = False
    request_limit_bytes: Annotated[int, Field(ge=1024, le=1024**3)] = 10 * 1024 * 1024
    requests_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 100
    page_requests_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 1200
    pool_smallest: Annotated[int, Field(ge=0, le=1000)] = 2
    pool_largest: Annotated[int, Field(ge=1, le=1000)] = 10
    database_patience_seconds: Annotated[float, Field(ge=0, le=600)] = 5.0
    session_days: Annotated[int, Field(ge=1, le=365)] = 7
    password_rounds: Annotated[int, Field(ge=4, le=16)] = 12
    heartbeat_seconds: Annotated[float, Field(ge=0.1, le=3600)] = 30.0
    poll_seconds: Annotated[float, Field(ge=0.1, le=3600)] = 5.0
    offline_seconds: Annotated[float, Field(ge=0.1, le=86_400)] = 120.0
    reconnect_seconds: Annotated[float, Field(ge=0, le=86_400)] = 10.0
    sweep_seconds: Annotated[float, Field(ge=0.1, le=3600)] = 60.0
    no_runner_seconds: Annotated[float, Field(ge=0.1, le=30 * 86_400)] = 600.0
    lost_runner_seconds: Annotated[float, Field(ge=0, le=30 * 86_400)] = 300.0
    begin_seconds: Annotated[float, Field(ge=1, le=86_400)] = 180.0
    stop_seconds: Annotated[float, Field(ge=0, le=86_400)] = 20.0
    debug_alive_seconds: Annotated[float, Field(ge=0.05, le=3600)] = 10.0
    debug_gone_seconds: Annotated[float, Field(ge=0.1, le=86_400)] = 45.0
    file_store: Annotated[str, AfterValidator(_place_of_files)] = ""
    file_store_endpoint: Annotated[str, AfterValidator(_address_of_store)] = ""
    file_store_region: Annotated[str, AfterValidator(_one_word)] = ""
    file_store_key: Annotated[str, AfterValidator(_one_word)] = ""
    file_store_secret: Annotated[str, AfterValidator(_one_word)] = field(default="", repr=False)
    largest_file_mb: Annotated[int, Field(ge=1, le=1_000_000)] = 2048
    largest_files_mb: Annotated[int, Field(ge=1, le=1_000_000)] = 8192
    largest_workflow_file_mb: Annotated[int, Field(ge=1, le=10_000)] = 100
    largest_workflow_files_mb: Annotated[int, Field(ge=1, le=10_000)] = 500
    daily_workflow_uploads_mb: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000

    @model_validator(mode="after")
    def _agree(self) -> Self:
        for small, large in _ASCENDING:
            if getattr(self, small) > getattr(self, large):
                raise ValueError(f"{self._named(small)} must not be above {self._named(large)}.")
        for small, large in _STRICTLY_ASCENDING:
            if getattr(self, small) >= getattr(self, large):
                raise ValueError(f"{self._named(small)} must be below {self._named(large)}.")
        if bool(self.file_store_key) != bool(self.file_store_secret):
            raise ValueError("EXEKRA_FILE_STORE_KEY and EXEKRA_FILE_STORE_SECRET belong together: set both or neither.")
        if not self.file_store.startswith("s3://"):
            for name in ("file_store_endpoint", "file_store_region", "file_store_key"):
                if getattr(self, name):
                    raise ValueError(
                        f"{variable(name)} is set, but EXEKRA_FILE_STORE names no bucket: set it to an address such "
                        f"as s3://exekra-files, or remove {variable(name)}."
                    )
        return self

    def _named(self, name: str) -> str:
        return f"{variable(name)} ({getattr(self, name):g})"

    @classmethod
    def load(cls, environ: Mapping[str, str], **overrides: Any) -> Self:
        """Read the settings; an override that is not None goes before the environment.

        Without a signing secret, the one in `home/secrets/signing` is used; it is generated at the first start.

        Raises:
            SettingsError: One of them is missing or wrong; the message names it.
        """
        values: dict[str, Any] = {name: value for name, value in overrides.items() if value is not None}
        values = from_environment(cls, environ) | values
        if not values.get("database_url"):
            raise SettingsError("There is no database: set EXEKRA_DATABASE_URL (or start with `exekra up`).")
        values["home"] = Path(values.get("home") or Path.home() / ".exekra").expanduser().absolute()
        if not values.get("signing_secret"):
            values["signing_secret"] = _kept_secret(values["home"] / "secrets" / "signing")
        try:
            return build(cls, values)
        except ValueError as error:
            raise SettingsError(str(error)) from None


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

"""What a Runner must know before it starts: read once, checked, then frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import msgspec

from exekra.sdk.errors import SettingsError

FILE = "runner.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class RunnerSettings:
    """The settings of one Runner.

    Each comes from the call, from the environment variable `EXEKRA_` + its name in capitals, or from `runner.json`
    in the home folder, in this order.

    Attributes:
        hub_url: Where the Hub is, such as `https://hub.example.org:4545`.
        machine_key: Names the Runner to the Hub; begins with `FC-`.
        machine_secret: Proves it; None where it is in the keyring or in the file `machine-secret` of the home folder.
        runner_home: Where the Runner keeps its own files; only one Runner at a time may use it.
        work_folder: Where the relative paths of workflows start.
        ca_file: A certificate to trust besides the system's, for a Hub with one of its own.
        poll_only: Never try a WebSocket.
        spool_limit_mb: When this much of an execution's events waits for the Hub, the execution waits too.
        files_limit_mb: The most bytes of kept files that wait for the Hub; then executions can keep no more.
        documents_limit_mb: The most that cached workflow documents take.
        shutdown_seconds: How long a running execution may go on when the Runner is asked to end.
        pass_environment: Environment variables that workflows may see besides the usual ones, such as
            `SAP_*,ORACLE_HOME`; `*` stands for any characters.
        spawn_children: Do not fork children from a zygote, also where that is possible.
    """

    hub_url: str
    machine_key: str
    machine_secret: str | None = field(default=None, repr=False)
    runner_home: Path
    work_folder: Path
    ca_file: Path | None = None
    poll_only: bool = False
    spool_limit_mb: int = 256
    files_limit_mb: int = 8192
    documents_limit_mb: int = 256
    shutdown_seconds: float = 10.0
    pass_environment: str = ""
    spawn_children: bool = False

    def __post_init__(self) -> None:
        url = urlsplit(self.hub_url)
        if url.scheme not in {"http", "https"} or not url.hostname:
            raise SettingsError(
                f"hub_url must be an address such as https://hub.example.org:4545, not {self.hub_url!r} "
                "(EXEKRA_HUB_URL)."
            )
        if not self.machine_key.startswith("FC-"):
            raise SettingsError(
                "machine_key must be the key that the Hub showed when the Runner was registered; it begins with FC- "
                "(EXEKRA_MACHINE_KEY)."
            )
        if self.ca_file is not None and not self.ca_file.is_file():
            raise SettingsError(f"There is no certificate file {self.ca_file} (EXEKRA_CA_FILE).")
        for name, least, most in (
            ("spool_limit_mb", 1, 1_000_000),
            ("files_limit_mb", 0, 1_000_000),
            ("documents_limit_mb", 1, 1_000_000),
            ("shutdown_seconds", 0, 86_400),
        ):
            if not least <= getattr(self, name) <= most:
                raise SettingsError(
                    f"{name} must be between {least} and {most}, not {getattr(self, name)} (EXEKRA_{name.upper()})."
                )

    @classmethod
    def load(cls, environ: Mapping[str, str], **overrides: Any) -> Self:
        """Read the settings; an override that is not None goes before all else.

        Raises:
            SettingsError: One of them is missing or wrong; the message names it.
        """
        given = {name: value for name, value in overrides.items() if value is not None}
        for item in fields(cls):
            text = environ.get(f"EXEKRA_{item.name.upper()}")
            if text and item.name not in given:
                given[item.name] = text
        home = Path(given.get("runner_home") or Path.home() / ".exekra" / "runner").expanduser().absolute()
        given = read(home / FILE) | given
        given["runner_home"] = home
        given["work_folder"] = Path(given.get("work_folder") or home / "files").expanduser().absolute()
        for name in ("hub_url", "machine_key"):
            if name not in given:
                raise SettingsError(
                    f"The Runner does not know its {name}: register it in the Hub, then set EXEKRA_{name.upper()} "
                    f"or write it into {home / FILE}."
                )
        given["hub_url"] = str(given["hub_url"]).rstrip("/")
        if unknown := given.keys() - {item.name for item in fields(cls)}:
            raise SettingsError(f"There is no setting named {sorted(unknown)[0]} ({home / FILE}).")
        return cls(**{name: _convert(name, value) for name, value in given.items()})


_TYPES: Mapping[str, Any] = {
    "poll_only": bool,
    "spawn_children": bool,
    "spool_limit_mb": int,
    "files_limit_mb": int,
    "documents_limit_mb": int,
    "shutdown_seconds": float,
}


def _convert(name: str, value: Any) -> Any:
    if name in {"runner_home", "work_folder", "ca_file"}:
        return Path(value)
    try:
        return msgspec.convert(value, _TYPES.get(name, str), strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{name} is wrong: {error} (EXEKRA_{name.upper()}).") from None


def read(path: Path) -> dict[str, Any]:
    """What the settings file holds; nothing where there is none.

    Raises:
        SettingsError: It cannot be read, or holds the secret.
    """
    try:
        content = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.") from None
    if "machine_secret" in content:
        raise SettingsError(
            f"{path} holds a machine_secret. Put it into the keyring or into {path.parent / 'machine-secret'} instead."
        )
    return content

"""What a Runner must know before it starts: read once, checked, then frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Annotated, Any, Self

import msgspec
from pydantic import AfterValidator, ConfigDict, Field
from pydantic.dataclasses import dataclass

from exekra.kit.settings import build, from_environment, is_url, variable
from exekra.sdk.errors import SettingsError

FILE = "runner.json"


def _address(text: str) -> str:
    if not is_url(text, "http", "https"):
        raise ValueError("an address such as https://hub.example.org:4545")
    return text.rstrip("/")


def _key(text: str) -> str:
    if not text.startswith("FC-"):
        raise ValueError("the key that the Hub showed when the Runner was registered, which begins with FC-")
    return text


def _existing(path: Path | None) -> Path | None:
    try:
        exists = path is None or path.is_file()
    except OSError:  # Such as a name that is too long.
        exists = False
    if not exists:
        raise ValueError("a certificate file")
    return path


@dataclass(frozen=True, kw_only=True, slots=True, config=ConfigDict(extra="forbid"))
class RunnerSettings:
    """The settings of one Runner.

    Each comes from the call, from the environment variable `EXEKRA_` + its name in capitals, or from `runner.json`
    in the home folder, in this order.

    Attributes:
        hub_url: Where the Hub is, such as `https://hub.example.org:4545`.
        machine_key: Identifies the Runner to the Hub; begins with `FC-`.
        machine_secret: Proves that it is this Runner. When empty, it is read from the keyring, or from the file
            `machine-secret` in the home folder.
        runner_home: Where the Runner keeps its own files. Only one Runner at a time may use it.
        work_folder: The folder to which relative paths in workflows refer.
        ca_file: A certificate to trust besides the system's, for a Hub whose certificate is its own.
        poll_only: Never open a WebSocket.
        spool_limit_mb: How much of an execution's events may wait for the Hub before the execution waits too.
        files_limit_mb: How much of the files that executions keep may wait for the Hub; then they can keep no more.
        documents_limit_mb: How much space cached workflow documents may take.
        workflow_files_limit_mb: How much space cached files of workflows may take.
        file_patience_seconds: How long nothing of a file may arrive from the Hub, or from its file storage, before the
            execution that waits for the file fails.
        shutdown_seconds: How long a running execution may go on when the Runner is asked to stop.
        pass_environment: Environment variables that workflows may see besides the usual ones, such as
            `SAP_*,ORACLE_HOME`; `*` stands for any characters.
        spawn_children: Start each execution's process anew, even where it could be forked.
    """

    hub_url: Annotated[str, AfterValidator(_address)]
    machine_key: Annotated[str, AfterValidator(_key)]
    machine_secret: str | None = field(default=None, repr=False)
    runner_home: Path
    work_folder: Path
    ca_file: Annotated[Path | None, AfterValidator(_existing)] = None
    poll_only: bool = False
    spool_limit_mb: Annotated[int, Field(ge=1, le=1_000_000)] = 256
    files_limit_mb: Annotated[int, Field(ge=0, le=1_000_000)] = 8192
    documents_limit_mb: Annotated[int, Field(ge=1, le=1_000_000)] = 256
    workflow_files_limit_mb: Annotated[int, Field(ge=0, le=1_000_000)] = 2048
    file_patience_seconds: Annotated[float, Field(ge=0.1, le=30 * 86_400)] = 3600.0
    shutdown_seconds: Annotated[float, Field(ge=0, le=86_400)] = 10.0
    pass_environment: str = ""
    spawn_children: bool = False

    @classmethod
    def load(cls, environ: Mapping[str, str], **overrides: Any) -> Self:
        """Read the settings; an override that is not None goes before all else.

        Raises:
            SettingsError: One of them is missing or wrong; the message names it.
        """
        given = from_environment(cls, environ) | {name: value for name, value in overrides.items() if value is not None}
        home = Path(given.get("runner_home") or Path.home() / ".exekra" / "runner").expanduser().absolute()
        stored = {name: value for name, value in read(home / FILE).items() if name not in given}
        values = stored | given
        for name in ("hub_url", "machine_key"):
            if not values.get(name):
                raise SettingsError(
                    f"The Runner does not know its {name}: register it in the Hub, then set {variable(name)} "
                    f"or write it into {home / FILE}."
                )
        values["runner_home"] = home
        values["work_folder"] = Path(values.get("work_folder") or home / "files").expanduser().absolute()
        try:
            return build(cls, values, lambda name: f"{name} in {home / FILE}" if name in stored else variable(name))
        except ValueError as error:
            raise SettingsError(str(error)) from None


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

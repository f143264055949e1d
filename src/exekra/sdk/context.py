"""What the runtime lends to a running activity: its context."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

LogLevel = Literal["debug", "info", "warning", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file that the execution keeps.

    Attributes:
        name: Its name in the list of the execution's files.
        size: Bytes.
        place: Where it is: the path without a Hub, else None.
    """

    name: str
    size: int
    place: Path | None = None


class Context(ABC):
    """The execution as one activity sees it.

    An activity asks for it by a positional parameter of this type. The engine makes it; tests use
    `exekra.testing.context.FakeContext`.
    """

    execution_id: str
    """The id of the execution, or "local" without a Hub."""

    node: str
    """The id of the node that runs now."""

    work_folder: Path
    """Where relative paths start."""

    temporary_folder: Path
    """A folder of this execution alone; it is deleted when the execution ends."""

    @abstractmethod
    def log(self, message: str, level: LogLevel = "info") -> None:
        """Write a line into the execution's log."""

    @abstractmethod
    def raise_if_stopped(self) -> None:
        """Raise StoppedError when a stop was asked for or the step's time is over.

        A long loop in an activity that runs in a thread calls it now and then.
        """

    @abstractmethod
    def keep_file(self, path: str | Path, *, name: str | None = None, move: bool = False) -> KeptFile:
        """Keep a file with the execution: people see and download it on the execution's page.

        A copy is taken before this returns; it is sent to the Hub while the execution goes on, and also after it has
        ended. A large file takes a while, so an `async` activity calls this by `asyncio.to_thread`.

        Args:
            path: The file; a relative path starts at `work_folder`.
            name: How it is called in the list; the file's own name when left out.
            move: Give the file away instead of a copy: quicker, and it is gone from `path`.

        Raises:
            KeepFileError: It cannot be read, it is too large, or there is no room; the message says which.
        """

    def path(self, text: str) -> Path:
        """The absolute path that `text` names; `~` is the user's folder, relative ones start at `work_folder`."""
        return (self.work_folder / Path(text).expanduser()).resolve()


Plain = None | bool | int | float | str | list[Any] | dict[str, Any]
"""JSON-like data."""

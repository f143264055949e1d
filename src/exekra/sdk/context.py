"""What the runtime lends to a running activity: its context, and resources that outlive one step."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Literal, Self

LogLevel = Literal["debug", "info", "warning", "error"]


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

    def path(self, text: str) -> Path:
        """The absolute path that `text` names; `~` is the user's folder, relative ones start at `work_folder`."""
        return (self.work_folder / Path(text).expanduser()).resolve()


class Resource(ABC):
    """Something costly: opened at its first use, lent to activities, closed when the execution ends.

    An activity asks for one by a positional parameter of the subclass' type; one serves the whole execution.
    """

    @classmethod
    @abstractmethod
    async def open(cls, context: Context) -> Self:
        """Open the resource for one execution."""

    @abstractmethod
    async def close(self) -> None:
        """Give everything back; called once, also after errors."""


Plain = None | bool | int | float | str | list[Any] | dict[str, Any]
"""JSON-like data."""

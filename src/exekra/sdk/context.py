"""What the runtime lends to a running activity: its context."""

from __future__ import annotations

import os
import unicodedata
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from exekra.kit.paths import expanded
from exekra.kit.text import quoted
from exekra.sdk.errors import InputError, NoHubError

LogLevel = Literal["debug", "info", "warning", "error"]
WhenAway = Literal["wait", "fail"]
"""What becomes of a question while the Hub is away."""
Plain = None | bool | int | float | str | list[Any] | dict[str, Any]
"""JSON-like data."""
LARGEST_ASK_BYTES = 1024 * 1024
"""The most that a question or an answer may have, as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file that the execution keeps.

    Attributes:
        name: Its name in the list of the execution's files.
        size: Bytes.
        id: Its id in the Hub; None without a Hub.
        place: Where it is: the path without a Hub, else None.
    """

    name: str
    size: int
    id: str | None = None
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
    """Where relative paths start, but those of files that belong to the workflow (see `path`)."""

    temporary_folder: Path
    """A folder of this execution alone; it is deleted when the execution ends."""

    @abstractmethod
    def log(self, message: str, level: LogLevel = "info") -> None:
        """Write a line into the execution's log."""

    def warn(self, message: str) -> None:
        """Say that a result may be wrong or incomplete, so that somebody should look: a guess, or data that looks odd.

        The step goes on. The message is a warning in the execution's log and at the step, and one of `notes`; the same
        one twice is said once.
        """
        self._say(message, "warning")
        if message not in self.warnings:
            self.warnings.append(message)

    def note(self, message: str) -> None:
        """Say what the step decided by itself and is sure of, which somebody may want to know: nothing to look at.

        The message is in the execution's log as information, and one of `notes`.
        """
        self._say(message, "info")

    def _say(self, message: str, level: LogLevel) -> None:
        if message not in self.notes:
            self.notes.append(message)
            self.log(message, level)

    @cached_property
    def warnings(self) -> list[str]:
        """What `warn` said so far."""
        return []

    @cached_property
    def notes(self) -> list[str]:
        """What `warn` and `note` said so far, in order: an activity that guesses returns it as its output `notes`."""
        return []

    @abstractmethod
    def raise_if_stopped(self) -> None:
        """Raise StoppedError if a stop was requested or the step's time is over.

        A long loop in an activity that runs in a thread calls it now and then.
        """

    @abstractmethod
    def keep_file(self, path: str | Path, *, name: str | None = None, move: bool = False) -> KeptFile:
        """Keep a file with the execution: people see and download it on the execution's page.

        A copy is taken before this returns; it is sent to the Hub while the execution continues, and also after it has
        ended. A large file takes a while, so an `async` activity calls this by `asyncio.to_thread`.

        Args:
            path: The file; a relative path starts at `work_folder`.
            name: Its name in the list; by default, the file's own name.
            move: Give the file away instead of a copy: quicker, and it is gone from `path`.

        Raises:
            KeepFileError: It cannot be read, it is too large, or there is no room; the message says which.
        """

    async def ask(
        self, topic: str, body: Plain = None, *, deadline: float | None = 60.0, when_away: WhenAway = "wait"
    ) -> Any:
        """Ask the Hub, and wait for its answer. For activities that are `async`.

        Stopping the execution, or a time limit of the node, withdraws the question.

        Args:
            topic: What is asked, such as `hub.time`.
            body: What it is asked with, as JSON-like data; at most 1 MiB as JSON.
            deadline: Seconds to wait for the answer; None waits as long as the execution may run.
            when_away: Whether to wait for an unreachable Hub, or to fail immediately.

        Returns:
            The answer as JSON-like data.

        Raises:
            InputError: `body` is not JSON-like data, or too large; or another argument is of a wrong type.
            NoHubError: The workflow runs without a Hub.
            HubAwayError: The Hub is away, and `when_away` is `fail`.
            AskTimedOutError: No answer came before the deadline.
            UnknownTopicError: The Hub does not know the topic; it may be older than the activity.
            AskRefusedError: The Hub refused; `code` says why.
        """
        raise NoHubError

    def ask_and_wait(
        self, topic: str, body: Plain = None, *, deadline: float | None = 60.0, when_away: WhenAway = "wait"
    ) -> Any:
        """As `ask`, for activities that run in a thread (`@activity(blocking=True)`).

        Raises:
            AskError: As `ask`.
            StoppedError: The execution is being stopped, or the step's time is over.
            DefinitionError: The activity does not run in a thread.
        """
        raise NoHubError

    @property
    def workflow_folder(self) -> Path:
        """Where the files lie that belong to the workflow; the work folder where none do.

        They are a copy for this execution alone: what is written here is gone when it ends.
        """
        return self.work_folder

    def path(self, text: str) -> Path:
        """The absolute path that `text` names; `~` is the user's folder.

        A letter such as é may be one character or two, as Macs write it: both name the file that is there. A relative
        path names the file or folder in `workflow_folder` where there is one, and else starts at
        `work_folder`.

        Raises:
            InputError: No file can have that name.
        """
        try:
            given = expanded(text)
            if not given.is_absolute() and self.workflow_folder != self.work_folder:
                folder = self.workflow_folder.resolve()
                own = _as_spelled((folder / given).resolve())
                if own != folder and own.is_relative_to(folder) and os.path.lexists(own):
                    return own
            path = _as_spelled((self.work_folder / given).resolve())
            with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                path.lstat()
        except RuntimeError:  # What Python says of a loop.
            raise InputError(f"{quoted(text, 200)} leads in a circle: a link of it leads back to itself.") from None
        except (ValueError, OSError) as error:
            raise InputError(f"{quoted(text, 200)} cannot be the path of a file: {_reason(error)}.") from None
        return path


def _as_spelled(path: Path) -> Path:
    """The path as the disk spells it, where only the Unicode form of its letters differs."""
    text = str(path)
    if text.isascii() or os.path.lexists(path):
        return path
    others = (Path(unicodedata.normalize(form, text)) for form in ("NFC", "NFD"))
    return next((other for other in others if os.path.lexists(other)), path)


def _reason(error: ValueError | OSError) -> str:
    if isinstance(error, UnicodeEncodeError):
        return "it has half of a surrogate pair in it, which is not a character"
    if isinstance(error, OSError):
        return (error.strerror or type(error).__name__).lower()
    return "it has a NUL in it"

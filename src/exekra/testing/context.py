"""A context for tests of activities: it records what was logged, and stops on request."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from exekra.kit.names import safe_file_name
from exekra.sdk.context import Context, KeptFile, LogLevel, Plain, WhenAway
from exekra.sdk.errors import StoppedError, UnknownTopicError


class FakeContext(Context):
    """What an activity gets as a parameter of type `Context`, without an execution.

    Attributes:
        lines: What was logged: (level, message).
        kept: The kept files: the content of each by its name.
        answers: What the Hub answers, by topic: a value, an error to raise, or a function of the question's body.
        asked: What the Hub was asked: (topic, body).
    """

    def __init__(self, work_folder: Path | None = None, *, temporary_folder: Path | None = None) -> None:
        """Set the folders; the default is the system's temporary folder."""
        self.execution_id = "test"
        self.node = "node"
        self.work_folder = work_folder or Path(tempfile.gettempdir())
        self.temporary_folder = temporary_folder or self.work_folder
        self.lines: list[tuple[LogLevel, str]] = []
        self.kept: dict[str, bytes] = {}
        self.answers: dict[str, Any] = {}
        self.asked: list[tuple[str, Any]] = []
        self._stopped = False

    def keep_file(self, path: str | Path, *, name: str | None = None, move: bool = False) -> KeptFile:
        """Record the file's content."""
        file = self.path(str(path))
        content = file.read_bytes()
        if move:
            file.unlink()
        kept = KeptFile(name=safe_file_name(file.name if name is None else name), size=len(content))
        self.kept[kept.name] = content
        return kept

    def log(self, message: str, level: LogLevel = "info") -> None:
        """Record the line."""
        self.lines.append((level, message))

    def stop(self) -> None:
        """Make `raise_if_stopped` raise from now on."""
        self._stopped = True

    def raise_if_stopped(self) -> None:
        """Raise StoppedError after `stop`."""
        if self._stopped:
            raise StoppedError("The test stopped the step.")

    async def ask(
        self, topic: str, body: Plain = None, *, deadline: float | None = 60.0, when_away: WhenAway = "wait"
    ) -> Any:
        """Answer from `answers`."""
        return self.ask_and_wait(topic, body, deadline=deadline, when_away=when_away)

    def ask_and_wait(
        self, topic: str, body: Plain = None, *, deadline: float | None = 60.0, when_away: WhenAway = "wait"
    ) -> Any:
        """Answer from `answers`."""
        self.raise_if_stopped()
        self.asked.append((topic, body))
        if topic not in self.answers:
            raise UnknownTopicError(f"The test has no answer to {topic!r}: add one to `context.answers`.")
        answer = self.answers[topic]
        if isinstance(answer, Exception):
            raise answer
        return answer(body) if callable(answer) else answer

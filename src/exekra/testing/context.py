"""A context for tests of activities: it remembers what was logged, and stops when the test says so."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from exekra.kit.names import safe_file_name
from exekra.sdk.context import Context, KeptFile, LogLevel, Plain, WhenAway
from exekra.sdk.errors import StoppedError, UnknownTopicError


class FakeContext(Context):
    """What an activity asks for by a parameter of type `Context`, without an execution.

    Attributes:
        lines: What was logged: (level, message).
        kept: The files that were kept: the content of each by its name.
        answers: What the Hub answers, by topic: a value, an error to be raised, or a function of the question's body.
        asked: What the Hub was asked: (topic, body).
    """

    def __init__(self, work_folder: Path | None = None, *, temporary_folder: Path | None = None) -> None:
        """Take the folders; the system's folder for temporary files stands in for what is not given."""
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
        """Remember the file's content."""
        file = self.path(str(path))
        content = file.read_bytes()
        if move:
            file.unlink()
        kept = KeptFile(name=safe_file_name(file.name if name is None else name), size=len(content))
        self.kept[kept.name] = content
        return kept

    def log(self, message: str, level: LogLevel = "info") -> None:
        """Remember the line."""
        self.lines.append((level, message))

    def stop(self) -> None:
        """Let `raise_if_stopped` raise from now on."""
        self._stopped = True

    def raise_if_stopped(self) -> None:
        """Raise StoppedError after `stop`."""
        if self._stopped:
            raise StoppedError("The test stopped the step.")

    async def ask(
        self, topic: str, body: Plain = None, *, deadline: float | None = 60.0, when_away: WhenAway = "wait"
    ) -> Any:
        """Answer as the test says in `answers`."""
        return self.ask_and_wait(topic, body, deadline=deadline, when_away=when_away)

    def ask_and_wait(
        self, topic: str, body: Plain = None, *, deadline: float | None = 60.0, when_away: WhenAway = "wait"
    ) -> Any:
        """Answer as the test says in `answers`."""
        self.raise_if_stopped()
        self.asked.append((topic, body))
        if topic not in self.answers:
            raise UnknownTopicError(f"The test has no answer to {topic!r}: put one into `context.answers`.")
        answer = self.answers[topic]
        if isinstance(answer, Exception):
            raise answer
        return answer(body) if callable(answer) else answer

"""JSON of other programs, for activities: what is wrong with it is a JsonError."""

from __future__ import annotations

from exekra.kit.json_reading import Reader
from exekra.sdk.context import Context
from exekra.sdk.errors import BusinessError


class JsonError(BusinessError):
    """The text is not JSON."""


class JsonReader(Reader):
    """Reads the texts of one source, and remembers what is doubtful about them.

    Args:
        where: What the source is called in sentences.
    """

    def __init__(self, where: str) -> None:
        super().__init__(where, JsonError)

    def say(self, context: Context) -> None:
        """Warn of what was changed or left out, and note what was rounded."""
        for warning in self.warnings():
            context.warn(warning)
        for note in self.notes():
            context.note(note)

"""Logging of the Hub and the Runner: one line for each event, on standard error, no tracebacks unless requested."""

from __future__ import annotations

import logging
import os


def configure_logging() -> None:
    """Log warnings, and Exekra's own messages, to standard error. EXEKRA_DEBUG=1 shows more, including tracebacks."""
    debug = os.environ.get("EXEKRA_DEBUG") == "1"
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(_FORMAT) if debug else OneLineFormatter(_FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("exekra").setLevel(logging.DEBUG if debug else logging.INFO)


class OneLineFormatter(logging.Formatter):
    """Appends the type and the text of an exception to the line; the traceback is only for debugging."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        record.message = record.getMessage()
        record.asctime = self.formatTime(record, self.datefmt)
        line = self.formatMessage(record)
        if record.exc_info and record.exc_info[1] is not None:
            line += f" ({record.exc_info[0].__name__ if record.exc_info[0] else ''}: {record.exc_info[1]})"
        return line.replace("\n", " ")


_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

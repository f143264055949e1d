"""Shows the progress of a workflow in the terminal: its log, its nodes, and the current node."""

from __future__ import annotations

import time
from typing import Any, TextIO

from exekra.flow.events import Event, ExecutionFinished, Log, NodeEntered, NodeLeft, NodeTotal, NodeTotals
from exekra.sdk.errors import StoppedError

_REDRAW_SECONDS = 0.05
_CLEAR = "\r\x1b[2K"


class Progress:
    """Writes events to a stream, one call at a time.

    On a terminal, the last line shows the current node, and the log scrolls above it. Elsewhere, every reported visit
    of a node is a line.
    """

    def __init__(self, stream: TextIO, *, live: bool) -> None:
        self._stream = stream
        self._live = live
        self._began = time.monotonic()
        self._drawn_at = 0.0
        self._where: list[str] = []
        self._visits = 0
        self._warned: dict[str, NodeTotal] = {}

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """The nodes that wrote warnings, each with their number and the last of them."""
        return [{"node": total.node, "count": total.warnings, "last": total.warning} for total in self._warned.values()]

    def __call__(self, event: Event) -> None:
        """Show an event."""
        match event:
            case Log(level="debug"):
                return
            case Log():
                mark = "" if event.level == "info" else f"{event.level}: "
                where = f"{event.node}: " if event.node else ""
                self._line(f"{mark}{where}{event.message}", event.at)
            case NodeEntered():
                self._where.append(event.node)
                self._draw()
            case NodeLeft():
                self._left(event)
            case NodeTotals():
                self._visits = sum(total.count for total in event.totals)
                self._warned |= {total.node: total for total in event.totals if total.warnings}
                self._draw()
            case ExecutionFinished():
                self._end(event)

    def _left(self, event: NodeLeft) -> None:
        if event.node in self._where:
            self._where.remove(event.node)
        if not self._live:
            times = f" (time {event.count:,})" if event.count > 1 else ""
            size = f", size {event.size:,}" if event.size is not None else ""
            self._line(f"{event.node}{times}: {_outcome(event)} ({event.seconds:.3f} s{size})", event.at)
        self._draw()

    def _end(self, event: ExecutionFinished) -> None:
        if self._live:
            self._stream.write(_CLEAR)
        words = {"COMPLETED": "Completed", "FAILED": "Failed", "STOPPED": "Stopped"}
        nodes = "node" if event.nodes == 1 else "nodes"
        warnings = _counted(sum(total.warnings for total in self._warned.values()))
        warned = f" with {warnings}" if warnings else ""
        self._stream.write(f"{words[event.state]}{warned} in {event.seconds:.2f} s, {event.nodes:,} {nodes} ran.\n")
        self._stream.flush()

    def _line(self, text: str, at: float) -> None:
        clear = _CLEAR if self._live else ""
        self._stream.write(f"{clear}{time.strftime('%H:%M:%S', time.localtime(at))}  {_printable(text)}\n")
        self._drawn_at = 0.0
        self._draw()

    def _draw(self) -> None:
        now = time.monotonic()
        if not self._live or now - self._drawn_at < _REDRAW_SECONDS:
            return
        self._drawn_at = now
        where = " > ".join(self._where[-3:])
        ran = f", {self._visits:,} nodes" if self._visits else ""
        self._stream.write(f"{_CLEAR}{now - self._began:6.1f} s  {_printable(where)[:80]}{ran}")
        self._stream.flush()


def _outcome(event: NodeLeft) -> str:
    """What became of a visit of a node, in words."""
    if event.failure is None:
        return event.port
    return "stopped" if event.failure.type == StoppedError.__name__ else f"failed: {event.failure.message}"


def _counted(warnings: int) -> str:
    """The number of warnings in words; nothing where there are none."""
    return "" if warnings == 0 else "1 warning" if warnings == 1 else f"{warnings:,} warnings"


def _printable(text: str) -> str:
    """The text without terminal control characters; further lines are indented."""
    kept = "".join(char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in text)
    return kept.rstrip("\n").replace("\n", "\n          ")

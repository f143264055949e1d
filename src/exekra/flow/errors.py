"""Problems of a flow document, as data: what is wrong, where, and what to do.

Everything that reads or checks a document collects all problems it can find before it complains, so that a person
corrects them in one go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Literal

import msgspec

from exekra.sdk.errors import DocumentError

Severity = Literal["error", "warning"]
Lines = Mapping[tuple[str, ...], int]
"""The line, from 1, of each part of a document by its path, such as `("nodes", "read", "with", "path")`."""

MOST_PROBLEMS = 200
"""More problems than this help nobody; the rest is counted only."""

_MOST_SUGGESTIONS = 20  # Looking for the nearest name costs milliseconds in a large flow.


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is wrong (an error) or doubtful (a warning).

    `field` is the name of a node's input, with a dotted path for what stands deeper inside it; for a node's own
    settings it is `do`, `timeout` or `retry.times`; outside of nodes it is a path such as `outputs.total`.
    `position` is where in the field's text the problem begins, in characters from 0, where that is known.
    `arguments` are what the message is about, so that nobody has to read it out of the text: `name`, `owner` (what
    should have that name), `meant` (the known name that is most like it) and, where the message ends with the place in
    the field, `problem` without it; which of them, the code decides.
    """

    severity: Severity = "error"
    code: str
    message: str
    node: str | None = None
    field: str | None = None
    line: int | None = None
    position: int | None = None
    arguments: Mapping[str, str] = msgspec.field(default_factory=dict)

    @property
    def text(self) -> str:
        """The message with its place in front, for a terminal."""
        place = []
        if self.line is not None:
            place.append(f"line {self.line}")
        if self.node is not None:
            place.append(f"node `{self.node}`")
        if self.field is not None:
            place.append(f"field `{self.field}`")
        return f"{', '.join(place)}: {self.message}" if place else self.message


class FlowError(DocumentError):
    """A workflow document is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        errors = [problem for problem in self.problems if problem.severity == "error"] or list(self.problems)
        text = errors[0].text
        more = len(errors) - 1
        text = text[0].upper() + text[1:]
        super().__init__(f"{text} ({more} more problem{'s' if more > 1 else ''}.)" if more else text)


class UnknownName(msgspec.Struct, frozen=True):
    """A name that is not known where it stands, and the known one that is most like it, if one is."""

    name: str
    meant: str | None

    @property
    def hint(self) -> str:
        """A sentence with the name that was probably meant, with a space in front; empty when there is none."""
        return f" Did you mean `{self.meant}`?" if self.meant else ""

    @property
    def arguments(self) -> dict[str, str]:
        """Both as the arguments of a problem."""
        return {"name": self.name, **({"meant": self.meant} if self.meant else {})}


class Problems:
    """Collects problems.

    Args:
        lines: Gives each its line, where the document came from text.
        silenced: Whether a warning of that code at that node (None: the flow) is not wanted.
    """

    def __init__(
        self, lines: Lines | None = None, silenced: Callable[[str, str | None], bool] = lambda code, node: False
    ) -> None:
        self._lines = lines or {}
        self._silenced = silenced
        self._found: list[Problem] = []
        self._suggestions = 0

    def error(
        self,
        code: str,
        message: str,
        *,
        node: str | None = None,
        field: str | None = None,
        path: tuple[str, ...] = (),
        position: int | None = None,
        arguments: Mapping[str, str] | None = None,
    ) -> None:
        """Note an error. `path` is its place in the document; the line of the nearest known part is taken."""
        self._add("error", code, message, node, field, path, position, arguments)

    def warning(
        self,
        code: str,
        message: str,
        *,
        node: str | None = None,
        field: str | None = None,
        path: tuple[str, ...] = (),
        position: int | None = None,
        arguments: Mapping[str, str] | None = None,
    ) -> None:
        """Note something doubtful."""
        self._add("warning", code, message, node, field, path, position, arguments)

    def _add(
        self,
        severity: Severity,
        code: str,
        message: str,
        node: str | None,
        field: str | None,
        path: tuple[str, ...],
        position: int | None,
        arguments: Mapping[str, str] | None,
    ) -> None:
        if severity == "warning" and (len(self._found) >= MOST_PROBLEMS or self._silenced(code, node)):
            return
        if not path and node is not None:
            path = ("nodes", node)
        line = None
        while path and line is None:
            line = self._lines.get(path)
            path = path[:-1]
        problem = Problem(
            severity=severity,
            code=code,
            message=message,
            node=node,
            field=field,
            line=line,
            position=position,
            arguments=arguments or {},
        )
        self._found.append(problem)

    def unknown(self, name: str, known: Iterable[str]) -> UnknownName:
        """A name that is not among those that are known, with the one of them that is most like it."""
        if self._suggestions >= _MOST_SUGGESTIONS or len(name) > 100:
            return UnknownName(name, None)
        self._suggestions += 1
        return UnknownName(name, nearest_name(name, known))

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def __bool__(self) -> bool:
        return bool(self._found)

    def result(self) -> tuple[Problem, ...]:
        """Errors first, then warnings, each by line where it has one; at most `MOST_PROBLEMS`."""
        ordered = sorted(self._found, key=lambda problem: (problem.severity != "error", problem.line or 0))
        return tuple(ordered[:MOST_PROBLEMS])

    def raise_errors(self) -> None:
        """Raise FlowError when there is an error among the problems."""
        errors = [problem for problem in self.result() if problem.severity == "error"]
        if errors:
            raise FlowError(errors)


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like `name`, if one is like it; upper and lower case are alike."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    close = get_close_matches(name.lower(), list(by_lower), n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None


def quoted(names: Iterable[str]) -> str:
    """Names for a sentence: `` `a`, `b` and `c` ``."""
    marked = [f"`{name}`" for name in names]
    return marked[0] if len(marked) == 1 else f"{', '.join(marked[:-1])} and {marked[-1]}" if marked else ""

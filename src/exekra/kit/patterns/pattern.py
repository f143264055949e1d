"""A compiled pattern: what it finds, replaces and matches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property, lru_cache
from typing import Any, Protocol

from exekra.kit.patterns.dialect import asks_for_more, write

LONGEST_PATTERN = 10_000
"""Characters of a pattern."""
LONGEST_SECONDS = 5.0
"""How long one call may take where RE2 cannot do it."""
_MEMORY = 8 << 20


class PatternError(ValueError):
    """The text is not a valid pattern, or not for what it is used; the message says why, in sentences."""


class PatternTimeoutError(PatternError):
    """The pattern takes too long on this text."""


class Match(Protocol):
    """What a pattern matched; group 0 is all of it, and a group that took no part is None."""

    def __getitem__(self, group: int | str) -> str | Any: ...
    def start(self, group: int = 0) -> int:
        """Where it begins, in characters from 0."""
        ...

    def end(self, group: int = 0) -> int:
        """Where it ends."""
        ...

    def groups(self) -> tuple[str | None, ...]:
        """What each group matched."""
        ...


class Pattern:
    """A regular expression, or a plain text to look for.

    Each method raises PatternTimeoutError where RE2 cannot do it and it takes longer than `seconds`.

    Attributes:
        text: As it was written.
        groups: How many groups it has.
        names: The number of each named group.
        program_size: How many instructions it has for RE2, a measure of what a match costs.
    """

    def __init__(self, text: str, *, ignore_case: bool = False, seconds: float = LONGEST_SECONDS) -> None:
        if len(text) > LONGEST_PATTERN:
            raise PatternError(
                f"A regular expression may have {LONGEST_PATTERN:,} characters, but this one has {len(text):,}."
            )
        self.text = text
        self._ignore_case = ignore_case
        self._seconds = seconds
        self._written = write(text)
        self._ascii = _re2(text, self._written.ascii, ignore_case)
        self.groups: int = self._ascii.groups
        self.names: Mapping[str, int] = dict(self._ascii.groupindex)
        self.program_size: int = self._ascii.programsize

    def foreign_reference(self, new: str) -> tuple[str, str] | None:
        """What in a replacement names a group as other programs do, `$1` or `${name}`, and how to write it here."""
        for found in re.finditer(r"\$(?:(?P<number>[1-9])|\{(?P<name>\w+)\})", new):
            if found["number"] and int(found["number"]) <= self.groups:
                return found[0], f"\\{found['number']}"
            if found["name"] in self.names:
                return found[0], f"\\g<{found['name']}>"
        return None

    def search(self, text: str) -> Match | None:
        """The first match anywhere in the text."""
        match: Match | None = self._call(text, "search")
        return match

    def fullmatch(self, text: str) -> Match | None:
        """The match of the text from its first to its last character."""
        match: Match | None = self._call(text, "fullmatch")
        return match

    def finditer(self, text: str) -> Iterator[Match]:
        """All matches that do not overlap, in order."""
        matches = self._call(text, "finditer")
        last = None
        while True:
            try:
                match = next(matches, None)
            except TimeoutError:
                raise self._too_long() from None
            if match is None:
                return
            place = match.start(), match.end()
            if place != last:  # RE2's package gives an empty match behind its start twice.
                yield match
            last = place

    def found_in(self, texts: Iterable[str | None]) -> list[bool]:
        """For each text, whether the pattern matches anywhere in it; None is no match. Each text is tried once."""
        known: dict[str | None, bool] = {None: False}
        found = []
        for text in texts:
            if text is not None and text not in known:
                known[text] = self.search(text) is not None
            found.append(known[text])
        return found

    def replace(
        self, text: str, new: str, *, first_only: bool = False, note: Callable[[int], None] | None = None
    ) -> tuple[str, int]:
        r"""The text with each match replaced, and how many there were.

        Args:
            text: The text.
            new: `\1` to `\9` and `\g<NAME>` in it are what groups matched, `\\` is a backslash.
            first_only: Whether only the first match is replaced.
            note: Is told after each match how many characters were made so far.

        Raises:
            PatternError: `new` names a group that the pattern does not have.
        """
        parts = self._template(new)
        made: list[str] = []
        end = count = length = 0
        for match in self.finditer(text):
            pieces = [text[end : match.start()]]
            pieces += [(match[part] or "") if isinstance(part, int) else part for part in parts]
            made += pieces
            end = match.end()
            count += 1
            if note is not None:
                length += sum(map(len, pieces))
                note(length)
            if first_only:
                break
        return "".join([*made, text[end:]]), count

    def _template(self, new: str) -> list[str | int]:
        parts: list[str | int] = []
        position = 0
        for found in _REFERENCE.finditer(new):
            parts.append(new[position : found.start()])
            position = found.end()
            name = found["number"] or found["name"]
            if name is None:
                parts.append("\\")
                continue
            group = int(name) if name.isdecimal() and name.isascii() else self.names.get(name, -1)
            if not 0 <= group <= self.groups:
                has = "no groups" if not self.groups else "1 group" if self.groups == 1 else f"{self.groups} groups"
                raise PatternError(
                    f"The pattern has {has}, so there is no {found[0]}. Groups are written \\1 or \\g<name>."
                )
            parts.append(group)
        return [*parts, new[position:]]

    def _call(self, text: str, method: str) -> Any:
        if text.isascii():
            return getattr(self._ascii, method)(text)
        if not self._written.has_borders:
            return getattr(self._unicode, method)(text)
        try:
            return getattr(self._regex, method)(text, timeout=self._seconds)
        except TimeoutError:
            raise self._too_long() from None

    def _too_long(self) -> PatternTimeoutError:
        return PatternTimeoutError(
            f"`{_short(self.text)}` takes longer than {self._seconds:g} s on this text. Write it without repetitions "
            r"inside repetitions, such as `(\w+)+`, or without `\b`."
        )

    @cached_property
    def _unicode(self) -> Any:
        return _re2(self.text, self._written.unicode, self._ignore_case)

    @cached_property
    def _regex(self) -> Any:
        import regex

        flags = regex.IGNORECASE if self._ignore_case else 0
        try:
            return regex.compile(self._written.regex, flags, cache_pattern=False)
        except regex.error as error:
            raise PatternError(f"`{_short(self.text)}` is not a valid regular expression: {error.msg}.") from None


_REFERENCE = re.compile(r"\\(?:(?P<number>[0-9])|g<(?P<name>\w+)>|\\)")


@lru_cache(maxsize=256)
def compile_pattern(
    text: str, *, ignore_case: bool = False, literal: bool = False, seconds: float = LONGEST_SECONDS
) -> Pattern:
    """Compile a regular expression.

    Args:
        text: The expression.
        ignore_case: Whether capital and small letters count as the same.
        literal: Whether it is a plain text to look for.
        seconds: How long one call may take where RE2 cannot do it.

    Raises:
        PatternError: It is not a valid one.
    """
    if literal:
        text = _literal(text) if ignore_case else re.escape(text)
    return Pattern(text, ignore_case=ignore_case, seconds=seconds)


def _literal(text: str) -> str:
    """A pattern for a text without regard to case, by the rule of `str.casefold`: Straße is STRASSE."""
    letters = _folded_to_several()
    several = "|".join(sorted(letters, key=len, reverse=True))
    return "".join(
        f"(?:{part}|[{letters[part]}])" if part in letters else re.escape(part)
        for part in re.split(f"({several})", text.casefold())
    )


@cache
def _folded_to_several() -> Mapping[str, str]:
    """What some letters become without case where that is more than one letter, with those letters: ss, ß and ẞ."""
    found: dict[str, str] = {}
    for code in range(0x80, 0xFFFF):
        folded = chr(code).casefold()
        if len(folded) > 1:
            found[folded] = found.get(folded, "") + chr(code)
    return found


def _re2(text: str, written: str, ignore_case: bool) -> Any:
    import re2  # Most workflows match no patterns, and a short one should start quickly.

    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    options.case_sensitive = not ignore_case
    try:
        return re2.compile(written, options)
    except re2.error as error:
        reason = error.args[0] if error.args else "?"
        reason = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        if asks_for_more(text):
            reason = "look-ahead, look-behind and back-references are not possible"
        raise PatternError(f"`{_short(text)}` is not a valid regular expression: {_short(reason)}.") from None


def _short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:99]}…"

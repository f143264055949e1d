"""Reads JSON of other programs: strict where a value would be lost, with the place of each error; says its doubts."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from exekra.kit.text import REPLACEMENT, well_formed

_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_HALF = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
_UNUSUAL_NUMBER = re.compile(r"\d(?:[eE]\+?\d{3}|[\d.]{17})")
"""What both of these begin with; most texts have none, and looking once for it is quicker."""
_MAY_BE_ENDLESS = re.compile(r"[eE]\+?\d{3}|\d{300}")
_MAY_BE_CUT = re.compile(r"\d[\d.]{17,}")
_PARTS = re.compile(r'"(?:[^"\\]|\\.)*+"|(-?(?:Infinity|NaN))|(-?\d[\d.eE+-]*)', re.DOTALL)
_MOST_DIGITS = 17
_LONGEST_INTEGER = 4300
"""More digits than these Python does not read, because it would take too long."""


class Reader:
    """Reads the texts of one source, and remembers what is doubtful about them.

    Args:
        where: What the source is called in sentences.
        error: Makes the exception for what is wrong from its sentence.
    """

    def __init__(self, where: str, error: Callable[[str], Exception]) -> None:
        self._where = where
        self._error = error
        self._doubled: dict[str, int] = {}
        self._halves = 0
        self._cut = ""
        self._decoder = json.JSONDecoder(object_pairs_hook=self._object, parse_constant=_refuse)
        self._careful = json.JSONDecoder(object_pairs_hook=self._object, parse_constant=_refuse, parse_float=_refuse)

    def read(self, text: str, line: int = 0) -> Any:
        """The value that a text writes; a byte order mark before it is skipped, half characters become U+FFFD.

        Args:
            text: The text.
            line: The number of the line that the text is, where it is one of many.

        Raises:
            Exception: What `error` makes: it is not JSON, has a number such as NaN or 1e400, or is nested too
                deeply.
        """
        text = text.removeprefix(_MARK)
        where = f"{self._where}, line {line}," if line else self._where
        is_unusual = _UNUSUAL_NUMBER.search(text) is not None
        decoder = self._careful if is_unusual and _MAY_BE_ENDLESS.search(text) else self._decoder
        try:
            value = decoder.decode(text)
        except json.JSONDecodeError as error:
            raise self._error(f"{where} is not JSON: {_reason(error, text)}{_place(text, error.pos, line)}.") from None
        except RecursionError:
            raise self._error(f"{where} is nested too deeply to be read.") from None
        except ValueError:
            raise self._error(_unreadable_number(where, text, line)) from None
        if _may_hold_halves(text) and _HALF.search(text):
            value = self._whole(value)
        if is_unusual and not self._cut and _MAY_BE_CUT.search(text):
            self._cut = next((part for part, _ in _numbers(text) if _loses_digits(part)), "")
        return value

    def warnings(self) -> list[str]:
        """What was changed or left out, as sentences."""
        warnings = []
        if self._doubled:
            listed = ", ".join(f"`{name[:40]}`" for name in list(self._doubled)[:3])
            warnings.append(f"{self._where} has objects with a name twice ({listed}); the last value counts.")
        if self._halves:
            texts = "1 text" if self._halves == 1 else f"{self._halves:,} texts"
            warnings.append(
                f"{self._where} holds {texts} with half of a character (a lone surrogate); each half "
                f"became {REPLACEMENT}."
            )
        return warnings

    def notes(self) -> list[str]:
        """What was rounded, as every program rounds it that keeps numbers as floats."""
        if not self._cut:
            return []
        return [f"{self._where} has a number of more digits than are kept, such as {self._cut[:60]}; it was rounded."]

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            seen: set[str] = set()
            for name, _ in pairs:
                if name in seen:
                    self._doubled[name] = self._doubled.get(name, 0) + 1
                seen.add(name)
        return found

    def _whole(self, value: Any) -> Any:
        match value:
            case str():
                whole = well_formed(value)
                self._halves += whole != value
                return whole
            case list():
                return [self._whole(item) for item in value]
            case dict():
                return {self._whole(name): self._whole(item) for name, item in value.items()}
        return value


class _NotANumberError(ValueError):
    """NaN, Infinity, or a number that is larger than a float can be."""


def _may_hold_halves(text: str) -> bool:
    """Whether it is worth to look: an encoder finds halves that stand there as such quicker than a pattern."""
    if "\\u" in text:
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _refuse(text: str) -> float:
    value = float(text)
    if math.isfinite(value):
        return value
    raise _NotANumberError(text)


def _numbers(text: str) -> Iterator[tuple[str, int]]:
    """The numbers outside of strings, and where each stands."""
    for part in _PARTS.finditer(text):
        if found := part[1] or part[2]:
            yield found, part.start()


def _loses_digits(number: str) -> bool:
    mantissa = re.split("[eE]", number)[0]
    return "." in mantissa and len(re.sub(r"\D", "", mantissa).strip("0")) > _MOST_DIGITS


def _unreadable_number(where: str, text: str, line: int) -> str:
    for number, position in _numbers(text):
        place = _place(text, position, line)
        if len(number) > _LONGEST_INTEGER:
            return f"{where} has a number of thousands of digits in it,{place}."
        try:
            finite = math.isfinite(float(number))
        except ValueError:
            continue
        if not finite:
            said = "is not a number in JSON" if number[-1].isalpha() else "is larger than a number can be"
            return f"{where} is not JSON: {number[:40]} {said},{place}. Write null where there is no number."
    return f"{where} has a number in it that cannot be read."


def _reason(error: json.JSONDecodeError, text: str) -> str:
    if error.msg == "Extra data":
        more = text[error.pos :].lstrip()[:1]
        hint = " (use Read JSON lines, if each line is a value)" if more in ("{", "[") else ""
        return f"there is more after its end{hint}"
    return f"{error.msg[:1].lower()}{error.msg[1:]}"


def _place(text: str, position: int, line: int) -> str:
    """Where a position is, in words, with what stands there."""
    column = position - text.rfind("\n", 0, position)
    near = re.sub(r"\s+", " ", text[max(0, position - 20) : position + 20]).strip()
    number = line or text.count("\n", 0, position) + 1
    return f" in line {number}, column {column}{f', near `{near}`' if near else ''}"

"""Writes a pattern as the engines need it: RE2 for ASCII texts, RE2 for all texts, and the package regex. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

WORD = r"\p{L}\p{M}\p{N}\p{Pc}"
"""What `\\w` stands for: letters, marks upon them, digits and connectors such as `_`."""
_NOT_WORD = r"\p{C}\p{Z}\p{S}\p{Pd}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}"  # But for characters that are not assigned.
_BLANK = r"\t-\r\x{85}\p{Z}"
_NOT_BLANK = (
    r"\x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{84}\x{86}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}"
    r"\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{10ffff}"
)
_INSIDE = {"w": WORD, "W": _NOT_WORD, "d": r"\p{Nd}", "D": r"\P{Nd}", "s": _BLANK, "S": _NOT_BLANK}
_OUTSIDE = {
    "w": f"[{WORD}]", "W": f"[^{WORD}]", "d": r"\p{Nd}", "D": r"\P{Nd}", "s": f"[{_BLANK}]", "S": f"[^{_BLANK}]",
}  # fmt: skip
_POSIX = {
    "alpha": r"\p{L}\p{M}", "digit": r"\p{Nd}", "alnum": r"\p{L}\p{M}\p{N}", "upper": r"\p{Lu}", "lower": r"\p{Ll}",
    "space": _BLANK, "word": WORD,
}  # fmt: skip
_BORDER = rf"(?:(?<=[{WORD}])(?![{WORD}])|(?<![{WORD}])(?=[{WORD}]))"
_NO_BORDER = rf"(?:(?<=[{WORD}])(?=[{WORD}])|(?<![{WORD}])(?![{WORD}]))"

_PARTS = r"""
      \\Q (?P<quoted>.*?) (?:\\E|\Z)
    | \\[pP] (?: \{\^?\w+\} | \w )
    | \\x\{ (?P<code>[0-9A-Fa-f]{1,6}) \}
    | \\u (?P<unit>[0-9A-Fa-f]{4})
    | \\ (?P<escaped>.)
    | \[: (?P<posix>\^?[a-z]+) :\]
    | .
    """
_MULTILINE = re.compile(r"\(\?[a-zA-Z]*m")
_LOOK_AROUND = re.compile(r"\(\?(?:=|!|<=|<!|>)|\\[1-9]|\\k[<{']|\(\?P=")


@dataclass(frozen=True, slots=True)
class Written:
    """A pattern as the engines need it.

    Attributes:
        ascii: For RE2 and texts of ASCII characters only.
        unicode: For RE2 and all texts, but for word borders.
        regex: For the package regex and all texts.
        has_borders: Whether the pattern asks for a word border.
    """

    ascii: str
    unicode: str
    regex: str
    has_borders: bool


def write(pattern: str) -> Written:
    """The pattern for each engine. One that is not valid stays so."""
    ascii, unicode, regex = (_Writer(engine) for engine in ("ascii", "unicode", "regex"))
    multiline = _MULTILINE.search(pattern) is not None
    for writer in (ascii, unicode, regex):
        writer.write(pattern, multiline=multiline)
    return Written(
        ascii="".join(ascii.made),
        unicode="".join(unicode.made),
        regex="".join(regex.made),
        has_borders=regex.has_borders,
    )


def asks_for_more(pattern: str) -> bool:
    """Whether the pattern seems to have look-around or a back-reference, which RE2 has not."""
    return _LOOK_AROUND.search(pattern.replace("\\\\", "")) is not None


class _Writer:
    """Writes a pattern for one engine."""

    def __init__(self, engine: str) -> None:
        self.made: list[str] = []
        self.has_borders = False
        self._engine = engine
        self._inside: int | None = None  # Where in `made` the class begins that is being written.
        self._alternative = self._begins = False

    def write(self, pattern: str, *, multiline: bool) -> None:
        """Write the pattern, and find out whether it has word borders."""
        for token in re.finditer(_PARTS, pattern, re.VERBOSE | re.DOTALL):
            if self._inside is not None:
                self._write_inside(token)
                continue
            text, escaped = token[0], token["escaped"]
            if text == "[":
                self._inside, self._alternative, self._begins = len(self.made), False, True
                self.made.append("[")
            elif text == "$" and self._engine == "regex" and not multiline:
                self.made.append(r"\Z")
            elif escaped in ("b", "B"):
                self.has_borders = True
                border = _BORDER if escaped == "b" else _NO_BORDER
                self.made.append(border if self._engine == "regex" else text)
            elif escaped in ("z", "Z"):
                self.made.append(r"\Z" if self._engine == "regex" else r"\z")
            elif escaped in _OUTSIDE and self._engine != "ascii":
                self.made.append(_for(self._engine, _OUTSIDE[escaped]))
            elif escaped in ("s", "S"):
                self.made.append(r"[\s\v]" if escaped == "s" else r"[^\s\v]")
            else:
                self.made.append(self._plain(token))

    def _write_inside(self, token: re.Match[str]) -> None:
        assert self._inside is not None
        text, escaped, first = token[0], token["escaped"], self._begins
        self._begins = first and text == "^" and len(self.made) == self._inside + 1
        if text == "]" and not first:
            self._end_class()
        elif text == "[" and self._engine == "regex":
            self.made.append(r"\[")
        elif escaped == "W" and self._engine != "ascii" and not self._is_negated:
            self._alternative = True
        elif escaped in _INSIDE and self._engine != "ascii":
            self.made.append(_for(self._engine, _INSIDE[escaped]))
        elif escaped in ("s", "S"):
            self.made.append(r"\s\v" if escaped == "s" else _NOT_BLANK)
        elif token["posix"] in _POSIX and self._engine != "ascii":
            self.made.append(_for(self._engine, _POSIX[token["posix"]]))
        else:
            self.made.append(self._plain(token))

    @property
    def _is_negated(self) -> bool:
        assert self._inside is not None
        return self.made[self._inside + 1 : self._inside + 2] == ["^"]

    def _end_class(self) -> None:
        assert self._inside is not None
        self.made.append("]")
        if self._alternative:
            # No class of RE2's contains the complement of several properties, but an alternative does.
            own = "".join(self.made[self._inside :])
            other = f"[^{WORD}]"
            self.made[self._inside :] = [other if own == "[]" else f"(?:{own}|{other})"]
        self._inside = None

    def _plain(self, token: re.Match[str]) -> str:
        text = token[0]
        if token["quoted"] is not None:
            return re.escape(token["quoted"])
        if token["unit"]:
            return f"\\u{token['unit']}" if self._engine == "regex" else f"\\x{{{token['unit']}}}"
        if self._engine != "regex":
            return text
        if token["code"]:
            return f"\\U{int(token['code'], 16):08x}"
        if text.startswith(("\\p", "\\P")) and "{" not in text:
            return f"{text[:2]}{{{text[2:]}}}"
        return text


_CODE = re.compile(r"\\x\{([0-9a-f]+)\}")


def _for(engine: str, text: str) -> str:
    return _CODE.sub(lambda code: f"\\U{int(code[1], 16):08x}", text) if engine == "regex" else text

"""How a file of rows is laid out: its separator, its quotes, its first lines. Found out where nobody says so."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, WithJsonSchema

from exekra.activities.column_names import unique_names
from exekra.sdk.errors import BusinessError
from exekra.sdk.types import Widget

AUTO = "auto"

Quote = Literal["auto", '"', "'", "none"]
Escape = Literal["auto", "doubled", "backslash"]

LineEnd = Literal["crlf", "lf", "cr"]
Quoting = Literal["where needed", "texts", "all"]

LINE_ENDS: Mapping[LineEnd, str] = {"crlf": "\r\n", "lf": "\n", "cr": "\r"}
LINE_END_NAMES: Mapping[str, LineEnd] = {end: name for name, end in LINE_ENDS.items()}

SAMPLE = 65_536
"""How many characters of a file a guess is made from."""

_UNSEEN = " \t\r\n\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\N{WORD JOINER}"

_SAMPLE_LINES = 500
_MARKS = "\t;|,"
"""The separators that a guess may give; of two that cut equally well, the one that is rarer in texts comes first."""

_NAMES = {"tab": "\t", "space": " "}
_TITLES = {",": "Comma", ";": "Semicolon", "tab": "Tab", "|": "Bar", ":": "Colon", "^": "Caret", "~": "Tilde"}


class CsvError(BusinessError):
    """The file is not laid out as rows with separators."""


def _known(delimiter: str) -> str:
    name = {"\t": "tab", "\\t": "tab", " ": "space"}.get(delimiter, delimiter)
    if name == AUTO or name in _NAMES or (len(name) == 1 and name.isprintable() and not name.isalnum() and name != '"'):
        return name
    if len(name) == 1 and name < " " and name not in "\r\n\0":
        return name
    raise ValueError("a separator is one sign, such as , or ; or tab")


def _written(delimiter: str) -> str:
    if delimiter.strip().lower() == AUTO:
        raise ValueError("`auto` is for reading: choose the separator to write, such as ;")
    return _known(delimiter)


def _choices(*first: tuple[str, str]) -> WithJsonSchema:
    return WithJsonSchema(
        {
            "type": "string",
            "x-choices": [
                {"value": mark, "title": title if mark in (AUTO, *_NAMES) else f"{title}: {mark}"}
                for mark, title in (*first, *_TITLES.items())
            ],
        }
    )


Delimiter = Annotated[str, AfterValidator(_known), Widget("choice"), _choices((AUTO, "Automatic"))]
"""What separates the fields of a file that is read."""

WrittenDelimiter = Annotated[str, AfterValidator(_written), Widget("choice"), _choices()]
"""What separates the fields of a file that is written."""


def mark_of(delimiter: str) -> str:
    """The sign itself: `tab` is a tab."""
    return _NAMES.get(delimiter, delimiter)


def name_of(mark: str) -> str:
    """What a separator is called in inputs, results and sentences."""
    return next((name for name, sign in _NAMES.items() if sign == mark), mark)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the rows of a file are written.

    Attributes:
        mark: The separator.
        quote: What surrounds fields that hold the separator; None where nothing does.
        backslash: Whether a backslash stands before a quote inside of quotes, instead of a second quote.
        blank: Whether a blank may stand between a separator and a quote.
        hint: Whether the first line is Excel's `sep=;`.
    """

    mark: str
    quote: str | None = '"'
    backslash: bool = False
    blank: bool = False
    hint: bool = False

    def reader(self, lines: Iterable[str], *, strict: bool) -> Iterator[list[str]]:
        """The rows of lines."""
        options: dict[str, Any] = {"delimiter": self.mark, "skipinitialspace": self.blank, "strict": strict}
        if self.quote is None:
            options["quoting"] = csv.QUOTE_NONE
        else:
            options["quotechar"] = self.quote
        if self.backslash:
            options["escapechar"] = "\\"
            lines = map(self._kept_backslashes, lines)
        return csv.reader(lines, **options)

    def _kept_backslashes(self, line: str) -> str:
        """Python takes each backslash for an escape; only those before a quote or a backslash are."""
        return re.sub(rf"\\(?![\\{self.quote or ''}])", r"\\\\", line)


_HINT = re.compile(r'"?sep=(.)"?[ \t]*(?:\r\n|\r|\n|$)', re.IGNORECASE)


def hinted(sample: str) -> str | None:
    """The separator that Excel's line `sep=;` at the beginning names, or None."""
    found = _HINT.match(sample)
    return found[1] if found and found[1] not in '"\r\n' else None


def guess_dialect(
    sample: str, *, whole: bool, delimiter: str, quote: Quote, escape: Escape, header: bool, skip: int
) -> tuple[Dialect, list[str]]:
    """How the rows of a file are written, with what is doubtful about it as sentences.

    Args:
        sample: The beginning of the file.
        whole: Whether the sample is all of it.
        delimiter: `auto`, or the stated one.
        quote: `auto`, or the stated one.
        escape: `auto`, or the stated one.
        header: Whether the first row holds names.
        skip: How many lines to skip at the beginning.
    """
    hint = hinted(sample)
    body = "".join(_lines(sample)[max(skip, 1 if hint else 0) :])
    sign = None if quote == "none" else '"' if quote == AUTO else quote
    backslash = escape == "backslash"
    if escape == AUTO and sign and f"\\{sign}" in body:
        backslash = _escapes(body, sign)
    notes: list[str] = []
    if backslash and escape == AUTO:
        notes.append(
            "A backslash before a quote was taken as its escape. If that is wrong, choose the `escape` doubled."
        )
    if delimiter != AUTO:
        mark = mark_of(delimiter)
    elif hint:
        mark = hint
    else:
        mark, doubt = _guess_mark(_masked(body, sign, backslash), whole, header)
        notes += [doubt] if doubt else []
    blank = sign is not None and mark != " " and _has_blanks_before_quotes(body, mark, sign, backslash)
    return Dialect(mark, sign, backslash, blank, hint is not None), notes


def column_names(first: Sequence[str]) -> tuple[str, ...]:
    """The names of columns from the row of names, without signs around them that nobody sees."""
    return unique_names([name.strip(_UNSEEN) for name in first])


def not_rows(sample: str) -> str | None:
    """What a text is instead of rows with separators, or None."""
    begin = sample.lstrip()[:200].lower()
    if re.match(r"<(!doctype|html|head|body|table|\?xml)\b|<\?xml|<!--", begin):
        return "XML" if begin.startswith("<?xml") else "HTML"
    return "JSON" if re.match(r'[\[{]\s*[\[{"][^,;\t]*[:\[{]', begin) else None


def line_end_of(sample: str) -> str:
    """How most rows of a file end; CRLF where it has one line only."""
    ends = re.findall(r"\r\n|\r|\n", re.sub(r'"[^"]*"', "", sample))
    return max(("\r\n", "\n", "\r"), key=ends.count)


def quotes_all(sample: str, dialect: Dialect) -> bool:
    """Whether each field of the first rows has quotes, numbers too."""
    if not dialect.quote:
        return False
    lines = [line for line in re.split(r"\r\n|\r|\n", sample)[1 if dialect.hint else 0 :] if line][:50]
    quote, mark = re.escape(dialect.quote), re.escape(dialect.mark)
    field = rf"{quote}(?:[^{quote}]|{quote}{quote})*+{quote}"
    return bool(lines) and all(re.fullmatch(rf"{field}(?:{mark}{field})*", line) for line in lines)


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)


def _escapes(body: str, quote: str) -> bool:
    r"""Whether `\"` stands inside of fields, and does not end one: `"C:\",` ends, `"say \"hi\","` does not."""
    inside = len(re.findall(rf"\\{quote}(?=[^,;\t|\r\n{quote}])", body))
    ending = len(re.findall(rf"[^\\{quote}]\\{quote}(?=[,;\t|\r\n])", body))
    return inside > ending or (inside > 0 and inside == ending)


def _has_blanks_before_quotes(body: str, mark: str, quote: str, backslash: bool) -> bool:
    """Whether a field in quotes begins behind a separator and blanks, which are then a part of the separator."""
    if re.search(rf"{re.escape(mark)} +{quote}", body) is None:
        return False
    # What was found may stand within quotes, as in "he said, ""no""".
    fields = _quoted_fields(quote, backslash, mark).finditer(body)
    return any(field[0].startswith(" ") and body[field.start() - 1 : field.start()] == mark for field in fields)


def _quoted_fields(quote: str, backslash: bool, marks: str) -> re.Pattern[str]:
    """Each field in quotes, with the blanks before it."""
    escaped = r"\\." if backslash else f"{quote}{quote}"
    inner = rf"(?:[^{quote}\\]|{escaped}|\\)" if backslash else rf"(?:[^{quote}]|{escaped})"
    marks = re.escape(marks)
    return re.compile(
        rf"(?:(?<=[{marks}])|^) *{quote}{inner}*+{quote}(?= *(?:[{marks}\r\n]|\Z))", re.MULTILINE | re.DOTALL
    )


def _masked(body: str, quote: str | None, backslash: bool) -> list[str]:
    """The lines with each quoted field as one letter, so that no separator inside of one counts."""
    if quote:
        body = _quoted_fields(quote, backslash, ",;\t|").sub("Q", body)
    return [line for line in re.split(r"\r\n|\r|\n", body) if line.strip()]


def _guess_mark(lines: list[str], whole: bool, header: bool) -> tuple[str, str | None]:
    """The separator that cuts the rows evenly, the first one too where it holds the names; and what else it may be."""
    if not whole and len(lines) > 1:
        lines = lines[:-1]
    lines = lines[:_SAMPLE_LINES]
    if not lines:
        return ",", None
    scores = {mark: _score(lines, mark, header) for mark in _MARKS}
    best, second = sorted(_MARKS, key=lambda mark: -scores[mark])[:2]
    if scores[best] == 0:
        return _without_names(lines)
    if scores[second] * 4 >= scores[best] * 3:
        return best, (
            f"The separator was taken to be {_said(best)}; {_said(second)} cuts the rows as evenly. "
            "If that is wrong, choose another `delimiter`."
        )
    return best, None


def _score(lines: list[str], mark: str, header: bool) -> float:
    counts = [line.count(mark) for line in lines]
    if header and not counts[0]:
        return 0.0
    common = max(set(counts), key=lambda count: (counts.count(count), count))
    score = common * (counts.count(common) / len(counts)) ** 2
    if header and counts[0] == common:
        score *= 1.5
    if mark == "," and all(line.count(",") == len(re.findall(r"(?<=\d),(?=\d)", line)) for line in lines):
        score /= 10  # Every comma may as well be that of a number.
    return score


_IN_TEXTS = {",": r"\d,\d|, ", ";": r"; |&#?\w{1,10};"}
"""What a separator is within a text: a decimal comma, a part of a sentence, the end of a sign in HTML."""


def _without_names(lines: list[str]) -> tuple[str, str | None]:
    """The separator where the first line has none: it is a title above the rows, or the name of the only column."""
    rest = lines[1:]
    held = [mark for mark in _MARKS if any(mark in line for line in rest)]
    for mark in held:
        in_texts = mark in _IN_TEXTS and all(re.search(_IN_TEXTS[mark], line) for line in rest)
        if len(rest) > 1 and len({line.count(mark) for line in rest}) == 1 and not in_texts:
            return mark, None
    if not held:
        return ",", None
    free = next((mark for mark in ",;\t|" if mark not in held), "\x1f")
    return free, (
        f"The first row has no separator, so the file was read as one column, though later rows hold "
        f"{_said(held[-1])}. If it separates fields, choose it as `delimiter`."
    )


def _said(mark: str) -> str:
    return "a tab" if mark == "\t" else f"`{mark}`"

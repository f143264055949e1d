"""Functions on texts."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from exekra.flow.expressions import patterns
from exekra.flow.expressions.conversion import to_text
from exekra.flow.expressions.errors import ExpressionError
from exekra.flow.expressions.functions import Items, Number, function
from exekra.flow.expressions.work import Work
from exekra.kit.text import padded_at_start, title_case, without_blanks


@function("text")
def text(work: Work, value: Any) -> str:
    """Turn any value into text.

    Numbers plain, dates in ISO 8601, `true`/`false`, nothing as empty text, lists and objects as JSON.

    Examples:
        text(12.0) == "12"
        text(date(2026, 3, 1)) == "2026-03-01"
        text([1, null]) == "[1,null]"
    """
    return to_text(work, value)


@function("text")
def upper(work: Work, text: str) -> str:
    """Turn all letters into capitals.

    Examples:
        upper("Ada") == "ADA"
    """
    work.make_text(len(text))
    return text.upper()


@function("text")
def lower(work: Work, text: str) -> str:
    """Turn all letters into small ones.

    Examples:
        lower("Ada") == "ada"
    """
    work.make_text(len(text))
    return text.lower()


@function("text")
def title(work: Work, text: str) -> str:
    """Begin each word with a capital and make the rest small.

    Examples:
        title("ada LOVELACE, o'neil") == "Ada Lovelace, O'neil"
    """
    work.make_text(len(text))
    return title_case(text)


@function("text")
def trim(work: Work, text: str, characters: str | None = None) -> str:
    """Take blanks and line ends off both ends, or other characters where given.

    Examples:
        trim("  a b ") == "a b"
        trim("--a--", "-") == "a"
    """
    work.make_text(len(text))
    work.spend(len(characters or ""))
    return text.strip(characters) if characters else without_blanks(text)


@function("text")
def replace(work: Work, text: str, old: str, new: str) -> str:
    """Replace every occurrence of a text by another.

    Examples:
        replace("1.234,5", ".", "") == "1234,5"
    """
    if not old:
        raise ExpressionError("replace() needs something to look for: 'old' is empty")
    work.read_text(len(text))
    work.make_text(len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new)


@function("text")
def split(work: Work, text: str, separator: str | None = None) -> list[Any]:
    """Split a text at a separator; without one, at blanks and line ends.

    Examples:
        split("a;b;;c", ";") == ["a", "b", "", "c"]
        split("  one  two ") == ["one", "two"]
    """
    if separator == "":
        raise ExpressionError("split() needs a separator: it is empty")
    work.make_text(len(text))
    # Without a separator there can be no more words than half of the characters.
    work.make_items(len(text) // 2 + 1 if separator is None else text.count(separator) + 1)
    return text.split(separator)


@function("text")
def lines(work: Work, text: str) -> list[Any]:
    """Split a text into its lines, without the line ends.

    Examples:
        lines("a\\nb\\r\\nc") == ["a", "b", "c"]
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    work.make_text(len(text))
    work.make_items(unified.count("\n") + 1)
    return unified.removesuffix("\n").split("\n") if unified else []


@function("text")
def join(work: Work, items: Items, separator: str = "") -> str:
    """Join items into one text; numbers and dates become text as in a template.

    Examples:
        join(["a", 1, true], ", ") == "a, 1, true"
    """
    work.spend(1 + len(items))
    made: list[str] = []
    length = 0
    for item in items:
        piece = to_text(work, item)
        length += len(piece) + len(separator)
        work.check_text(length)
        work.read_text(len(piece) + len(separator))
        made.append(piece)
    return separator.join(made)


@function("text")
def starts_with(text: str, start: str) -> bool:
    """Whether a text begins with another; case matters.

    Examples:
        starts_with("INV-12", "INV")
    """
    return text.startswith(start)


@function("text")
def ends_with(text: str, end: str) -> bool:
    """Whether a text ends with another; case matters.

    Examples:
        ends_with("report.xlsx", ".xlsx")
    """
    return text.endswith(end)


@function("text")
def substring(work: Work, text: str, start: int, length: int | None = None) -> str:
    """Take part of a text: from a position counted from 0, a number of characters or everything that follows.

    A negative start counts from the end.

    Examples:
        substring("INV-2026", 4) == "2026"
        substring("INV-2026", 0, 3) == "INV"
        substring("INV-2026", -4, 2) == "20"
    """
    first = max(0, len(text) + start) if start < 0 else start
    part = text[first:] if length is None else text[first : first + max(0, length)]
    work.make_text(len(part))
    return part


@function("text")
def between(work: Work, text: str, start: str, end: str) -> str | None:
    """Take what stands between two texts, or null where they are not found.

    Examples:
        between("Total: 12.50 EUR", "Total: ", " EUR") == "12.50"
        between("none", "[", "]") == null
    """
    work.make_text(len(text))
    _, found, rest = text.partition(start) if start else ("", "-", text)
    if not found:
        return None
    part, found, _ = rest.partition(end) if end else (rest, "-", "")
    return part if found else None


@function("text")
def pad_left(work: Work, text: str, width: int, fill: str = " ") -> str:
    """Fill a text up on the left to a width.

    Examples:
        pad_left(text(42), 6, "0") == "000042"
        pad_left("-5", 4, "0") == "-005"
    """
    _check_fill(work, text, width, fill)
    return padded_at_start(text, width, fill)


@function("text")
def pad_right(work: Work, text: str, width: int, fill: str = " ") -> str:
    """Fill a text up on the right to a width.

    Examples:
        pad_right("ab", 4, ".") == "ab.."
    """
    _check_fill(work, text, width, fill)
    return text.ljust(width, fill)


def _check_fill(work: Work, text: str, width: int, fill: str) -> None:
    if len(fill) != 1:
        raise ExpressionError("The text to fill up with must be one character")
    work.make_text(max(width, len(text)))


@function("text")
def repeat(work: Work, text: str, times: int) -> str:
    """Repeat a text a number of times.

    Examples:
        repeat("ab", 3) == "ababab"
    """
    work.make_text(len(text) * max(times, 0))
    return text * times


@function("text")
def matches(work: Work, text: str, pattern: str) -> bool:
    """Whether a regular expression matches the whole text.

    `\\w`, `\\d`, `\\s` and `\\b` know the letters, digits, blanks and word borders of all languages. Patterns always
    end quickly, and have no look-ahead, look-behind or back-reference. `(?i)` at the start makes capitals and small
    letters alike.

    Examples:
        matches("INV-2026-0042", "INV-\\d{4}-\\d+")
        matches("Jürgen", "\\w+")
        not matches("see INV-2026-0042", "INV-\\d{4}-\\d+")
    """
    return patterns.matches_whole(work, text, pattern)


@function("text")
def find(work: Work, text: str, pattern: str) -> str | None:
    """Find the first match of a regular expression, or null; with a group in the pattern, what the group matched.

    Examples:
        find("Order 4711 of 3 May", "\\d+") == "4711"
        find("Total: 12.50 EUR", "Total: ([\\d.]+)") == "12.50"
        find("nothing", "\\d+") == null
    """
    return patterns.first_match(work, text, pattern)


@function("text")
def find_all(work: Work, text: str, pattern: str) -> list[Any]:
    """Find all matches of a regular expression; with one group in the pattern, what it matched, with several, lists.

    Examples:
        find_all("a1 b22", "\\d+") == ["1", "22"]
        find_all("a=1, b=2", "(\\w)=(\\d)") == [["a", "1"], ["b", "2"]]
    """
    return patterns.all_matches(work, text, pattern)


@function("text")
def replace_pattern(work: Work, text: str, pattern: str, new: str) -> str:
    """Replace every match of a regular expression; `\\1` in the new text inserts the first group.

    Examples:
        replace_pattern("2026-03-01", "(\\d+)-(\\d+)-(\\d+)", "\\3.\\2.\\1") == "01.03.2026"
    """
    return patterns.replace_matches(work, text, pattern, new)


@function("text")
def format_number(number: Number, decimals: int = 2, thousands: str = ",", point: str = ".") -> str:
    """Write a number with fixed decimals and separated thousands; halves are rounded away from zero.

    Examples:
        format_number(1234567.891) == "1,234,567.89"
        format_number(1234.5, 2, ".", ",") == "1.234,50"
        format_number(0.5, 0) == "1"
    """
    if not 0 <= decimals <= 30:
        raise ExpressionError("format_number() takes 0 to 30 decimals")
    if len(thousands) > 5 or len(point) > 5:
        raise ExpressionError("format_number() takes short separators, of 5 characters at most")
    exact = number if isinstance(number, Decimal) else Decimal(str(number))
    if not exact.is_finite() or exact.adjusted() > 300:
        raise ExpressionError("format_number() cannot write a number of this size")
    with localcontext(prec=1_000):  # The number has 300 digits at most, and stands for all of them.
        exact = exact.scaleb(decimals).to_integral_value(ROUND_HALF_UP)
    sign = "-" if exact < 0 else ""
    digits = f"{abs(int(exact)):0{decimals + 1}d}"
    whole, fraction = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    grouped = f"{int(whole):,}".replace(",", thousands)
    return f"{sign}{grouped}{point}{fraction}" if decimals else f"{sign}{grouped}"

"""Functions on lists; a table is the list of its rows."""

from __future__ import annotations

import math
from datetime import datetime
from itertools import chain
from typing import Any, get_args

from exekra.flow.expressions import comparisons
from exekra.flow.expressions.conversion import field_name
from exekra.flow.expressions.errors import ExpressionError, shorten
from exekra.flow.expressions.functions import Items, function
from exekra.flow.expressions.values import describe, is_table, type_name
from exekra.flow.expressions.work import Work
from exekra.kit.dates.moments import instant
from exekra.kit.numbers import is_nan
from exekra.kit.text_order import TextOrder, UnknownLanguageError, text_key


@function("list", aliases=("len",))
def length(value: str | Items | dict[str, Any]) -> int:
    """Count the characters of a text, the items of a list, the fields of an object, or the rows of a table.

    Examples:
        length("four") == 4
        length([1, 2]) == 2
    """
    return len(value)


@function("list")
def first(items: Items, default: Any = None) -> Any:
    """Return the first item, or the default if the list is empty.

    Examples:
        first([3, 4]) == 3
        first([], "none") == "none"
    """
    return items[0] if len(items) else default


@function("list")
def last(items: Items, default: Any = None) -> Any:
    """Return the last item, or the default if the list is empty.

    Examples:
        last([3, 4]) == 4
    """
    return items[-1] if len(items) else default


@function("list")
def contains(work: Work, whole: str | Items | dict[str, Any], part: Any) -> bool:
    """Whether a text holds a text, a list an item, an object a field. The same as `part in whole`.

    Examples:
        contains("invoice 12", "12")
        contains(["a", "b"], "b")
    """
    return comparisons.is_in(work, part, whole)


@function("list")
def index_of(work: Work, whole: str | Items, part: Any) -> int:
    """Find where something stands first in a text or a list, counted from 0; -1 where it does not.

    Examples:
        index_of("a-b", "-") == 1
        index_of([5, 6], 7) == -1
    """
    if isinstance(whole, str):
        if not isinstance(part, str):
            raise ExpressionError(f"A text can contain only a text, not {describe(part)}; use text(...)")
        work.read_text(len(whole))
        return whole.find(part)
    return next((number for number, item in enumerate(work.items_of(whole)) if _same(work, item, part)), -1)


@function("list")
def count(work: Work, whole: str | Items, part: Any) -> int:
    """Count how often something occurs in a text or a list.

    Examples:
        count("banana", "an") == 2
        count(["open", "done", "open"], "open") == 2
    """
    if isinstance(whole, str):
        if not isinstance(part, str):
            raise ExpressionError(f"A text can contain only a text, not {describe(part)}; use text(...)")
        if not part:
            raise ExpressionError("count() needs something to look for: the text is empty")
        work.read_text(len(whole))
        return whole.count(part)
    return sum(_same(work, item, part) for item in work.items_of(whole))


def _same(work: Work, item: Any, part: Any) -> bool:
    """Whether they are equal and of one kind: true is not 1."""
    if not comparisons.equal(work, item, part):
        return False
    if isinstance(item, (list, tuple, dict)):
        return bool(_identity(work, item) == _identity(work, part))
    return isinstance(item, bool) == isinstance(part, bool)


@function("list")
def sort(
    work: Work,
    items: Items,
    by: str | None = None,
    descending: bool = False,
    text_order: str = "code_point",
    language: str = "",
) -> list[Any]:
    """Sort a list; objects by one of their fields. Equal items keep their order, nothing (null) comes last.

    Texts are sorted by the codes of their characters, without regard to case, as in the activity Sort list. With the
    text order "natural", numbers in them count by their size, with "language" also letters by an alphabet: that of the
    language ("de", "sv", ...), or accented beside plain ones.

    Examples:
        sort([3, 1, 2]) == [1, 2, 3]
        sort([{"n": 2}, {"n": 1}], "n") == [{"n": 1}, {"n": 2}]
        sort(["b", "a"], descending=true) == ["b", "a"]
        sort(["no. 10", "No. 2"], text_order="natural") == ["No. 2", "no. 10"]
        sort(["Zoo", "Öl", "Ohr"], text_order="language") == ["Ohr", "Öl", "Zoo"]
    """
    # A sort compares each item about log2(n) times; four units cover a million.
    work.spend(len(items) * 3)
    listed = work.items_of(items)
    keys = [_key(item, by) for item in listed]
    for place, key in enumerate(keys):
        if isinstance(key, datetime):
            keys[place] = instant(key)
        elif is_nan(key):
            keys[place] = math.inf
        elif isinstance(key, str) and len(key) > 100:
            work.spend(len(key) // 5 * 4)
        elif isinstance(key, (list, tuple, dict)):
            work.spend(work.read_value(key) * 4)
    sorted_by = _text_keys(work, keys, text_order, language)
    numbers = [number for number, key in enumerate(keys) if key is not None]
    empty = [number for number, key in enumerate(keys) if key is None]
    try:
        numbers.sort(key=sorted_by.__getitem__, reverse=descending)
    except TypeError:
        kinds = " and ".join(sorted({type_name(key) for key in keys if key is not None}))
        raise ExpressionError(f"sort() needs items that can be compared, not {kinds} mixed") from None
    return [listed[number] for number in chain(numbers, empty)]


def _text_keys(work: Work, keys: list[Any], order: str, language: str) -> list[Any]:
    known: dict[str, TextOrder] = {name: name for name in get_args(TextOrder)}
    if order not in known:
        raise ExpressionError(f"'{shorten(order, 20)}' is not a text order; use {', '.join(known)}")
    try:
        key_of = text_key(known[order], language)
    except UnknownLanguageError as error:
        raise ExpressionError(str(error).removesuffix(".")) from None
    made = []
    for key in keys:
        if isinstance(key, str):
            work.spend(_TEXT_KEY_UNITS + len(key))
        made.append(key_of(key) if isinstance(key, str) else key)
    return made


_TEXT_KEY_UNITS = 40
"""Units of work for what a text is sorted by."""


def _key(item: Any, by: str | None) -> Any:
    if by is None:
        return item
    if not isinstance(item, dict):
        raise ExpressionError(f"With a field to sort by, the items must be objects, not {describe(item)}")
    return item.get(by)


@function("list")
def reverse(work: Work, items: Items) -> list[Any]:
    """Turn the order of a list around.

    Examples:
        reverse([1, 2, 3]) == [3, 2, 1]
    """
    return list(reversed(work.items_of(items)))


@function("list")
def unique(work: Work, items: Items) -> list[Any]:
    """Keep each item once, at its first place; true is not 1.

    Examples:
        unique([2, 1, 2]) == [2, 1]
        unique([{"a": 1}, {"a": 1}]) == [{"a": 1}]
    """
    seen: set[Any] = set()
    made = []
    for item in work.items_of(items):
        key = _identity(work, item)
        if key not in seen:
            seen.add(key)
            made.append(item)
    return made


def _identity(work: Work, item: Any) -> Any:
    """Something hashable that is equal exactly where the items are equal; true is not 1."""
    if isinstance(item, (list, tuple, dict)) or is_table(item):
        work.read_value(item)
    return _frozen(item)


def _frozen(item: Any) -> Any:
    if isinstance(item, bool):
        return ("boolean", item)
    if isinstance(item, datetime):
        return instant(item)
    if isinstance(item, dict):
        return ("object", frozenset((key, _frozen(value)) for key, value in item.items()))
    if isinstance(item, (list, tuple)) or is_table(item):
        return ("list", tuple(_frozen(part) for part in item))
    return item


@function("list")
def flatten(work: Work, items: Items) -> list[Any]:
    """Join a list of lists into one list, one level deep; other items stay.

    Examples:
        flatten([[1, 2], 3, [[4]]]) == [1, 2, 3, [4]]
    """
    made: list[Any] = []
    for item in work.items_of(items):
        if isinstance(item, (list, tuple)) or type_name(item) == "table":
            work.check_items(len(made) + len(item))
            made.extend(work.items_of(item))
        else:
            made.append(item)
    work.make_items(len(made))
    return made


@function("list", name="range")
def number_range(work: Work, start: int, stop: int | None = None, step: int = 1) -> list[Any]:
    """List whole numbers: from 0 up to a number, or from one up to another, the last one left out.

    Examples:
        range(3) == [0, 1, 2]
        range(2, 9, 3) == [2, 5, 8]
    """
    if step == 0:
        raise ExpressionError("The step of range() must not be 0")
    numbers = range(start) if stop is None else range(start, stop, step)
    # `len` of a longer range does not fit into the machine's numbers.
    work.make_items(len(numbers) if abs((numbers.stop - numbers.start) // numbers.step) < 2**60 else 2**60)
    return list(numbers)


@function("list", name="enumerate")
def number_items(work: Work, items: Items, start: int = 0) -> list[Any]:
    """Number the items: a list of [number, item].

    Examples:
        enumerate(["a", "b"], 1) == [[1, "a"], [2, "b"]]
    """
    work.spend(len(items) * 2)
    return [[start + number, item] for number, item in zip(range(len(items)), work.items_of(items), strict=True)]


@function("list", name="zip")
def pair_up(work: Work, left: Items, right: Items) -> list[Any]:
    """Pair the items of two lists of the same length: a list of [left, right].

    Examples:
        zip(["a", "b"], [1, 2]) == [["a", 1], ["b", 2]]
    """
    if len(left) != len(right):
        raise ExpressionError(f"zip() needs lists of one length, not of {len(left)} and {len(right)} items")
    return [list(pair) for pair in zip(work.items_of(left), work.items_of(right), strict=True)]


@function("list")
def chunk(work: Work, items: Items, size: int) -> list[Any]:
    """Split a list into lists of the given size; the last may be shorter.

    Examples:
        chunk([1, 2, 3, 4, 5], 2) == [[1, 2], [3, 4], [5]]
    """
    if size < 1:
        raise ExpressionError("chunk() needs a size of at least 1")
    listed = work.items_of(items)
    return [list(listed[start : start + size]) for start in range(0, len(listed), size)]


@function("list", name="any")
def any_true(work: Work, items: Items) -> bool:
    """Whether at least one item is true.

    Examples:
        any([n > 2 for n in [1, 2, 3]])
        not any([])
    """
    return any(work.items_of(items))


@function("list", name="all")
def all_true(work: Work, items: Items) -> bool:
    """Whether every item is true; an empty list counts as true.

    Examples:
        all([n > 0 for n in [1, 2, 3]])
    """
    return all(work.items_of(items))


@function("list")
def group_by(work: Work, items: Items, field: str) -> dict[str, Any]:
    """Group objects by one of their fields: an object that has a list for each value.

    The names of the groups are texts, as text() makes them: 1 and "1" are one group, null and "" are another.

    Examples:
        group_by([{"c": "A", "n": 1}, {"c": "B", "n": 2}], "c").A == [{"c": "A", "n": 1}]
    """
    groups: dict[str, Any] = {}
    for item in work.items_of(items):
        key = _key(item, field)
        if isinstance(key, (list, tuple, dict)) or is_table(key):
            raise ExpressionError(f"group_by() groups by texts, numbers and dates, not by {describe(key)}")
        groups.setdefault(field_name(key), []).append(item)
    return groups

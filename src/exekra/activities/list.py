"""Work on lists: what takes more than an expression."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from annotated_types import Ge, MinLen

from exekra.activities.ordering import field_of, identity, sort_key, text_sort_key
from exekra.kit.text_order import TextOrder
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.types import Text, When

CATEGORY = "Lists"
ICON = "list-details"


@dataclass(frozen=True, slots=True)
class Items:
    """The items.

    Attributes:
        items: The items, in order.
        count: How many there are.
    """

    items: list[Any]
    count: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces.

    Attributes:
        chunks: The pieces, each a list.
        count: How many there are.
    """

    chunks: list[list[Any]]
    count: int


@dataclass(frozen=True, slots=True)
class Compared:
    """How two lists differ.

    Attributes:
        both: The items of the first list that are in the second, too.
        only_first: The items that only the first list has.
        only_second: The items that only the second list has.
        same: Whether both hold the same items, in any order.
    """

    both: list[Any]
    only_first: list[Any]
    only_second: list[Any]
    same: bool


@dataclass(frozen=True, slots=True)
class Grouped:
    """The groups.

    Attributes:
        groups: An object for each group: its `key` and its `items`, in the order of first appearance.
        count: How many there are.
    """

    groups: list[dict[str, Any]]
    count: int


@activity(title="Sort list", icon="sort-ascending")
def sort(
    context: Context,
    *,
    items: list[Any],
    by: Text = "",
    order: Literal["ascending", "descending"] = "ascending",
    text_order: TextOrder = "code_point",
    language: Annotated[str, When(text_order="language")] = "",
) -> Items:
    """Sort a list; equal items keep their order.

    Numbers come before dates, dates before texts; capital and small letters are the same; null is always last.

    Args:
        items: The list.
        by: For a list of objects: the field to sort by, such as `price` or `customer.name`.
        order: From small to large, or from large to small.
        text_order: How texts are sorted: by the codes of their characters; natural, with numbers in them by their size
            (Invoice 2 before Invoice 10); or by a language's alphabet, with numbers by their size too.
        language: Whose alphabet, such as de, sv or pl; empty takes accented letters beside those without.
    """
    text = text_sort_key(text_order, language)
    values = [value for value, _ in _keyed(items, by)]
    if len({value.tzinfo is None for value in values if isinstance(value, datetime)}) > 1:
        context.warn("Some moments have a time zone and others have none: those without are taken as UTC.")
    keyed = [(sort_key(value, text), item) for value, item in zip(values, items, strict=True)]
    filled = [(key, item) for key, item in keyed if key is not None]
    filled.sort(key=lambda pair: pair[0], reverse=order == "descending")
    empty = [item for key, item in keyed if key is None]
    return Items([item for _, item in filled] + empty, len(items))


@activity(title="Remove duplicates from list")
def unique(*, items: list[Any], by: Text = "") -> Items:
    """Keep the first of equal items.

    Args:
        items: The list.
        by: For a list of objects: the field in which they must differ; empty compares the whole objects.
    """
    kept: dict[Any, Any] = {}
    for value, item in _keyed(items, by):
        kept.setdefault(identity(value), item)
    return Items(list(kept.values()), len(kept))


@activity(title="Split list")
def chunk(*, items: list[Any], size: Annotated[int, Ge(1)]) -> Pieces:
    """Split a list into batches, for a service that only accepts a limited number of items at a time.

    Args:
        items: The list.
        size: How many items a piece has; the last may have fewer.
    """
    chunks = [items[start : start + size] for start in range(0, len(items), size)]
    return Pieces(chunks, len(chunks))


@activity(title="Compare lists")
def compare(context: Context, *, first: list[Any], second: list[Any], by: Text = "") -> Compared:
    """Find what two lists share and where they differ. A text is never the same as a number.

    Args:
        first: The first list.
        second: The second list.
        by: For lists of objects: the field that decides whether two are the same.
    """
    in_first = {identity(value) for value, _ in _keyed(first, by)}
    in_second = {identity(value) for value, _ in _keyed(second, by)}
    if in_first.isdisjoint(in_second):
        _warn_of_kinds(context, in_first, in_second)
    both = [item for value, item in _keyed(first, by) if identity(value) in in_second]
    only_first = [item for value, item in _keyed(first, by) if identity(value) not in in_second]
    only_second = [item for value, item in _keyed(second, by) if identity(value) not in in_first]
    return Compared(both, only_first, only_second, in_first == in_second)


@activity(title="Group list")
def group(*, items: list[Any], by: Annotated[str, MinLen(1)]) -> Grouped:
    """Group the objects of a list by a field.

    Args:
        items: The list of objects.
        by: The field, such as `region` or `customer.name`.
    """
    groups: dict[Any, dict[str, Any]] = {}
    for value, item in _keyed(items, by):
        groups.setdefault(identity(value), {"key": value, "items": []})["items"].append(item)
    return Grouped(list(groups.values()), len(groups))


def _warn_of_kinds(context: Context, first: set[Any], second: set[Any]) -> None:
    """Warn where two lists share nothing because one has texts and the other numbers."""
    kinds = [{type(value) for value in values} - {type(None)} for values in (first, second)]
    for number, texts in ((0, 1), (1, 0)):
        if kinds[texts] == {str} and kinds[number] and kinds[number] <= {int, float, Decimal}:
            names = ("first", "second")
            context.warn(
                f"The lists share nothing: the {names[texts]} has texts and the {names[number]} numbers. Convert one "
                "of them, such as by [number(item) for item in items]."
            )


def _keyed(items: Iterable[Any], by: str) -> Iterable[tuple[Any, Any]]:
    """Each item with the value that it is compared by."""
    value_of: Callable[[Any], Any] = field_of(by) if by else lambda item: item
    return ((value_of(item), item) for item in items)

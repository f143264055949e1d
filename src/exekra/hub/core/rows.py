"""Rows as typed values: a statement and the type of its rows are compared once, so that a renamed column is noticed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Self, get_args, overload

import msgspec

if TYPE_CHECKING:
    from exekra.hub.core.database import Record


class Row(msgspec.Struct, frozen=True):
    """A row of a statement, with an attribute for each of its columns. Subclasses are defined next to their statement.

    An attribute with a default may be missing from the statement. Text becomes the enumeration that its attribute has.
    """

    @classmethod
    def all(cls, records: Iterable[Record]) -> list[Self]:
        """The rows of a statement.

        Raises:
            TypeError: The statement has other columns than this type.
        """
        made: list[Self] = []
        make: Callable[[Record], Self] | None = None
        for record in records:
            if make is None:
                make = _maker(cls, tuple(record.keys()))
            made.append(make(record))
        return made

    @overload
    @classmethod
    def one(cls, record: Record) -> Self: ...
    @overload
    @classmethod
    def one(cls, record: None) -> None: ...
    @classmethod
    def one(cls, record: Record | None) -> Self | None:
        """The row of a statement that has one at most.

        Raises:
            TypeError: The statement has other columns than this type.
        """
        if record is None:
            return None
        row: Self = _maker(cls, tuple(record.keys()))(record)
        return row

    def as_dict(self) -> dict[str, Any]:
        """The values by column, for an answer that is made of them."""
        return msgspec.structs.asdict(self)


@cache
def _maker(row: type[Row], columns: tuple[str, ...]) -> Callable[[Record], Any]:
    fields = msgspec.structs.fields(row)
    names = [field.name for field in fields]
    if unknown := set(columns).difference(names):
        raise TypeError(f"{row.__qualname__} has no attribute for the column {min(unknown)}.")
    if missing := {field.name for field in fields if field.required}.difference(columns):
        raise TypeError(f"{row.__qualname__} needs a column {min(missing)}.")
    conversions = [
        (place, kind)
        for place, field in enumerate(fields)
        if field.name in columns and (kind := _enumeration(field.type)) is not None
    ]
    if list(columns) == names[: len(columns)]:
        if not conversions:
            return lambda record: row(*record.values())

        def make(record: Record) -> Row:
            values = list(record.values())
            for place, kind in conversions:
                if values[place] is not None:
                    values[place] = kind(values[place])
            return row(*values)

        return make

    def make_by_name(record: Record) -> Row:
        values = dict(record.items())
        for place, kind in conversions:
            name = names[place]
            if values[name] is not None:
                values[name] = kind(values[name])
        return row(**values)

    return make_by_name


def _enumeration(annotation: Any) -> type[Enum] | None:
    """The enumeration of an attribute's type, which may also allow None."""
    for kind in (annotation, *get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind
    return None

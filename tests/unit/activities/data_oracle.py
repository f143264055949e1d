"""What the table activities must compute, as plain Python over rows: slow, and easy to check by eye.

`test_data_oracle.py` compares the activities with it on data of all kinds.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import compress
from typing import Any

from exekra.activities.data.computations import computed
from exekra.activities.data.conditions import condition, moment
from exekra.activities.ordering import sort_key

Rows = list[tuple[Any, ...]]


def identity(value: Any) -> Any:
    """Equal for equal values: true is not 1, a date is its midnight, every nan is the same."""
    if value is None:
        return None
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, dict):
        return ("object", frozenset((name, identity(item)) for name, item in value.items()))
    if isinstance(value, list | tuple):
        return ("list", tuple(identity(item) for item in value))
    if isinstance(value, date):
        return moment(value)
    return "nan" if value != value else value  # noqa: PLR0124 - only nan is unlike itself


def filtered(rows: Rows, position: int, operator: Any, wanted: Any, ignore_case: bool) -> tuple[Rows, Rows]:
    test = condition(operator, wanted, ignore_case)
    verdict = [test(row[position]) for row in rows]
    return list(compress(rows, verdict)), list(compress(rows, [not met for met in verdict]))


def in_order(rows: Rows, by: list[tuple[int, bool]]) -> Rows:
    ordered = rows
    for position, descending in reversed(by):
        filled = [row for row in ordered if row[position] is not None]
        filled.sort(key=lambda row: sort_key(row[position]) or (), reverse=descending)
        ordered = filled + [row for row in ordered if row[position] is None]
    return ordered


def without_doubles(rows: Rows, by: list[int]) -> Rows:
    seen: dict[Any, tuple[Any, ...]] = {}
    for row in rows:
        seen.setdefault(tuple(identity(row[position]) for position in by), row)
    return list(seen.values())


def joined(rows: Rows, others: Rows, on: int, other_on: int, keep_all: bool) -> tuple[Rows, Rows]:
    partners = defaultdict(list)
    for row in others:
        partners[identity(row[other_on])].append(row[:other_on] + row[other_on + 1 :])
    matching: Rows = []
    unmatched: Rows = []
    for row in rows:
        key = identity(row[on])
        found = partners.get(key, []) if key not in (None, "nan") else []
        if not found:
            unmatched.append(row)
        width = len(others[0]) - 1 if others else 0
        matching += [row + extra for extra in found or ([(None,) * width] if keep_all else [])]
    return matching, unmatched


def grouped(rows: Rows, by: int, wanted: list[tuple[str, int]]) -> Rows:
    members: dict[Any, Rows] = defaultdict(list)
    for row in rows:
        members[identity(row[by])].append(row)
    return [
        (group[0][by], *(computed(function, "v", [row[column] for row in group]) for function, column in wanted))
        for group in members.values()
    ]

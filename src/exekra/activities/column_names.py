"""Names of columns that nobody chose with care: some empty, some twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def unique_names(header: Sequence[Any]) -> tuple[str, ...]:
    """A name for each cell of a header row: an empty one is called `Column 3`, a second `sku` becomes `sku 2`."""
    texts = ["" if value is None else str(value).strip() for value in header]
    return free_names((), [text or f"Column {number}" for number, text in enumerate(texts, 1)])


def free_names(taken: Sequence[str], wanted: Sequence[str]) -> tuple[str, ...]:
    """The names that are wanted, with a number behind those that are taken already."""
    used = set(taken)
    names = []
    for name in wanted:
        free, again = name, 2
        while free in used:
            free, again = f"{name} {again}", again + 1
        used.add(free)
        names.append(free)
    return tuple(names)

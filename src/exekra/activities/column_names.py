"""Names of columns out of a header row as people write it: some cells empty, some names twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def unique_names(header: Sequence[Any]) -> tuple[str, ...]:
    """A name for each column: an empty one is called `Column 3`, a second `sku` becomes `sku 2`."""
    names: dict[str, None] = {}
    for number, value in enumerate(header, 1):
        wanted = str(value).strip() if value is not None else ""
        wanted = wanted or f"Column {number}"
        name, again = wanted, 2
        while name in names:
            name, again = f"{wanted} {again}", again + 1
        names[name] = None
    return tuple(names)

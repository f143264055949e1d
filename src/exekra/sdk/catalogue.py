"""The catalogue: what activities there are, as plain data that crosses borders.

The engine's control nodes share the entry's shape. The Hub checks a publish against entries that Runners
report, so it never needs an activity's own libraries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Literal

import msgspec

Plain = str | int | float | bool | None
"""A value of an input that another input's `when` can name."""


class InputEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One field of an activity's property form.

    `schema` is JSON Schema for the literal value, with `x-widget`. A stored value may be a template instead.
    `mode` is how a text in this field is read: "template"; "text" takes it as it is (source code);
    "variable" is the name of a declared variable; "name" declares one for the node's body.
    `when` is for the form: the field has a meaning only where each input named there has one of the values given for
    it. Where such an input holds a template, nobody knows, and the field is shown.
    """

    name: str
    title: str
    description: str
    schema: dict[str, Any]
    required: bool = False
    default: Any = None
    mode: Literal["template", "text", "variable", "name"] = "template"
    when: dict[str, tuple[Plain, ...]] | None = None


class OutputEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One named value that later nodes can read as `{node.name}`."""

    name: str
    description: str
    schema: dict[str, Any]


class ErrorEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One kind of error that a node may raise."""

    type: str
    description: str
    kind: Literal["business", "application"] = "application"


class CatalogueEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One kind of node.

    `ports` are where the token may leave ("next" for activities; the `error` port every node has is not listed);
    `bodies` are those ports whose chain is run by the node itself and comes back to it (a loop's `body`);
    `needs` names what a machine must have (`exekra.sdk.capabilities`), and `lacks`, in what a Runner reports, those of
    them that its machine has not: it cannot do the activity; `icon` is the name of an icon of Tabler, if any.
    """

    id: str
    title: str
    summary: str
    description: str = ""
    category: str
    icon: str = ""
    kind: Literal["activity", "control"] = "activity"
    inputs: tuple[InputEntry, ...] = ()
    outputs: tuple[OutputEntry, ...] = ()
    ports: tuple[str, ...] = ("next",)
    bodies: tuple[str, ...] = ()
    errors: tuple[ErrorEntry, ...] = ()
    needs: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class Installed(msgspec.Struct, frozen=True):
    """The activities that are installed, and in one sentence each what keeps others from being used."""

    entries: tuple[CatalogueEntry, ...]
    problems: tuple[str, ...]


class Catalogue:
    """Entries by id; an alias finds its entry too."""

    def __init__(self, entries: Iterable[CatalogueEntry]) -> None:
        self.entries: Mapping[str, CatalogueEntry] = {entry.id: entry for entry in entries}
        self._by_alias = {alias: entry for entry in self.entries.values() for alias in entry.aliases}

    def get(self, id: str) -> CatalogueEntry | None:
        """The entry of that id or alias, or None."""
        return self.entries.get(id) or self._by_alias.get(id)

    def nearest(self, id: str) -> str | None:
        """The known id that is most like `id`, if one is like it."""
        close = get_close_matches(id, [*self.entries, *self._by_alias], n=1)
        if close:
            return close[0]
        last = id.rpartition(".")[2]
        return next((known for known in self.entries if known.rpartition(".")[2] == last), None)

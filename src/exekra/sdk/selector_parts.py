"""The parts of a selector: candidates, frames, shadow hosts, anchors, what is known of an element; and quoting."""

from __future__ import annotations

import math
import re
from typing import Literal

import msgspec

from exekra.sdk.errors import InputError

LONGEST_VALUE = 2_000
"""Characters of one address or one text."""

MOST_CANDIDATES = 20

Kind = Literal["id", "data", "name", "placeholder", "text", "label", "role", "classes", "path", "css", "xpath"]
"""How a candidate addresses the element. The first nine are recorded; `css` and `xpath` are written by hand."""

State = Literal["valid", "multiple", "invalid"]
"""What a candidate matched where it was recorded: the element alone, several, or nothing or another element."""

Relation = Literal["nextSibling", "previousSibling", "firstChild", "lastChild", "descendant", "parent"]

Number = int | float


class SelectorError(InputError, ValueError):
    """A selector is not valid.

    Attributes:
        problem: What is wrong and what to do, without the place.
        path: Where in the selector, such as `("candidates", "0", "value")`; empty for all of it.
    """

    def __init__(self, problem: str, path: tuple[str, ...] = ()) -> None:
        self.problem = problem
        self.path = path
        super().__init__(f"`{'.'.join(path)}`: {problem}" if path else problem)


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, rename="camel"):
    """What all parts share: names in camel case, omitted defaults, and no unknown names."""


class TextMatch(Part, frozen=True, kw_only=True):
    """The visible text of an element: one of `equals`, `starts_with` and `contains`.

    Blanks count as on the page: several are one, those at the ends none. `tag` is the element's; any when empty.
    """

    tag: str = ""
    equals: str | None = None
    starts_with: str | None = None
    contains: str | None = None

    def __post_init__(self) -> None:
        given = [text for text in (self.equals, self.starts_with, self.contains) if text is not None]
        if len(given) != 1:
            raise ValueError("It needs one of `equals`, `startsWith` and `contains`.")
        _check_text(given[0], "The text")
        if self.tag and not re.fullmatch(r"[A-Za-z][\w.-]*", self.tag):
            raise ValueError(f"`{self.tag[:40]}` is not the tag of an element.")

    @property
    def xpath(self) -> str:
        """The same as an XPath, for people; a shadow root understands no XPath."""
        tag = self.tag or "*"
        wanted = xpath_string(" ".join((self.equals or self.starts_with or self.contains or "").split()))
        if self.equals is not None:
            return f"//{tag}[normalize-space(.)={wanted}]"
        function = "contains" if self.contains is not None else "starts-with"
        return f"//{tag}[{function}(normalize-space(.), {wanted})]"


class Candidate(Part, frozen=True, kw_only=True):
    """One way to address an element.

    `value` is CSS, XPath or, for `role`, `role=button[name="Save"]`. Where `text` or `role` and `name` stand beside
    it, these are what is matched. `count` is how many elements it matched in its frame and shadow root. `generated`
    holds the reasons why it looks made by a program and may change. One that is not `enabled` is never tried.
    """

    kind: Kind
    value: str
    text: TextMatch | None = None
    role: str | None = None
    name: str | None = None
    state: State | None = None
    count: int | None = None
    generated: tuple[str, ...] = ()
    enabled: bool = True

    def __post_init__(self) -> None:
        _check_text(self.value, "The value")
        if self.kind == "text" and self.text is None:
            raise ValueError("A candidate of kind `text` needs `text`, such as {equals: Save}.")
        if self.kind == "role" and not self.role:
            raise ValueError("A candidate of kind `role` needs `role`, such as button.")
        if self.text is not None and self.kind != "text":
            raise ValueError("Only a candidate of kind `text` has `text`.")
        if self.role is not None and (self.kind != "role" or not re.fullmatch("[A-Za-z]+", self.role)):
            raise ValueError("`role` must be a single word and stand in a candidate of kind `role`.")
        if self.name is not None:
            if self.kind != "role":
                raise ValueError("Only a candidate of kind `role` has `name`.")
            _check_text(self.name, "The name")
        if self.count is not None and self.count < 0:
            raise ValueError("`count` must not be negative.")

    @property
    def is_xpath(self) -> bool:
        """Whether `value` is XPath and not CSS."""
        return self.kind in ("xpath", "text") or self.value.startswith(("/", "("))


class Frame(Part, frozen=True, kw_only=True):
    """A frame on the way to the element, from the outside in. `url` is without query and fragment."""

    candidates: tuple[Candidate, ...]
    index: int | None = None
    url: str = ""
    cross_origin: bool = False

    def __post_init__(self) -> None:
        check_candidates(self.candidates)


class ShadowHost(Part, frozen=True, kw_only=True):
    """A host of a shadow root on the way to the element, from the outside in."""

    candidates: tuple[Candidate, ...]
    closed: bool = False

    def __post_init__(self) -> None:
        check_candidates(self.candidates)


class Anchor(Part, frozen=True, kw_only=True):
    """Something near the element that distinguishes it from similar ones: the element is the anchor's `relation`.

    `of` is the anchor's tag or role; `step` is CSS that leads from the relation's element to the target.
    """

    relation: Relation
    kind: Literal["aria-label", "text", "label"]
    text: str
    of: str = ""
    step: str = ":scope"

    def __post_init__(self) -> None:
        _check_text(self.text, "The text")


class Page(Part, frozen=True, kw_only=True):
    """Where the element was recorded."""

    url: str = ""
    title: str = ""


class Fingerprint(Part, frozen=True, kw_only=True):
    """What the element looked like when it was recorded: by this it is found again when the page has changed.

    It never holds what somebody typed into a field. `near` has texts by direction (`left`, `above`, `right`,
    `heading`); `rect` is x, y, width, height and `viewport` width, height in CSS pixels; `rank` is place and number
    among equal siblings.
    """

    tag: str = ""
    role: str = ""
    name: str = ""
    text: str = ""
    id: str = ""
    classes: tuple[str, ...] = ()
    attributes: dict[str, str] = {}
    path: str = ""
    id_path: str = ""
    near: dict[str, str] = {}
    words: tuple[str, ...] = ()
    rect: tuple[Number, Number, Number, Number] | None = None
    viewport: tuple[Number, Number] | None = None
    rank: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (*(self.rect or ()), *(self.viewport or ())))):
            raise ValueError("Sizes must be finite numbers.")


QUOTES = ('"', "'")


def css_string(text: str, quote: str = '"') -> str:
    """A text quoted for CSS, whatever it holds."""
    escaped = text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    escaped = re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\{ord(found[0]) or 0xFFFD:x} ", escaped)
    return f"{quote}{escaped}{quote}"


def xpath_string(text: str) -> str:
    """A text quoted for XPath, which knows no escapes: `concat(...)` where both kinds of quotes are in it."""
    for quote in QUOTES:
        if quote not in text:
            return f"{quote}{text}{quote}"
    return "concat(" + ", '\"', ".join(f'"{part}"' for part in text.split('"')) + ")"


def _check_text(text: str, what: str) -> None:
    if not text.strip():
        raise ValueError(f"{what} must not be empty.")
    if len(text) > LONGEST_VALUE:
        raise ValueError(f"{what} has {len(text):,} characters; at most {LONGEST_VALUE:,} are allowed.")
    if "\0" in text:
        raise ValueError(f"{what} holds a NUL character.")


def check_candidates(candidates: tuple[Candidate, ...]) -> None:
    """Raise ValueError where there are none, or too many."""
    if not 1 <= len(candidates) <= MOST_CANDIDATES:
        raise ValueError(f"There are {len(candidates)} candidates; there must be 1 to {MOST_CANDIDATES}.")

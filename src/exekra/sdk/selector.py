"""How an element of a page or a program is found, as data: several ways to address it, and what is known of it.

Recorder, Studio, Runner and healing speak this one form. By hand a person writes a text instead (`#save`,
`xpath=//button`, `text=Save`, `role=button[name="Save"]`), which is read into a selector with one candidate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, Self, get_args

import msgspec
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from exekra.sdk.selector_parts import (
    Anchor,
    Candidate,
    Fingerprint,
    Frame,
    Kind,
    Page,
    Part,
    Relation,
    SelectorError,
    ShadowHost,
    State,
    check_candidates,
)
from exekra.sdk.selector_text import read_candidate, write_candidate

FORMAT = 1
"""The version of this form. It is left out where it is 1."""

LARGEST_BYTES = 8 * 1024
"""The most bytes that a selector may have as JSON. A recorder cuts candidates from the end, never the primary."""

DEEPEST_FRAMES = 10
DEEPEST_SHADOW = 20
MOST_ANCHORS = 10

_EVIDENCE = ("page", "fingerprint", "state", "count")
"""The fields that describe a recording and not what is searched for."""


class Selector(Part, frozen=True, kw_only=True):
    """How an element is found: `frames`, then `shadow`, then `candidates`, with `primary` tried first.

    A text is read by `parse`, and data, or either of them, by `read`. Equal selectors are equal whichever way they
    were written. `str` gives one line for people.
    """

    format: int = FORMAT
    label: str = ""
    page: Page | None = None
    frames: tuple[Frame, ...] = ()
    shadow: tuple[ShadowHost, ...] = ()
    candidates: tuple[Candidate, ...]
    primary: int = 0
    anchors: tuple[Anchor, ...] = ()
    fingerprint: Fingerprint | None = None

    def __post_init__(self) -> None:
        if self.format != FORMAT:
            raise ValueError(f"Its format is {self.format}, and this version of Exekra reads {FORMAT}.")
        check_candidates(self.candidates)
        if not 0 <= self.primary < len(self.candidates):
            raise ValueError(f"`primary` is {self.primary}, but there are {len(self.candidates)} candidates, from 0.")
        if not self.candidates[self.primary].enabled:
            raise ValueError("The primary candidate must be enabled.")
        for name, parts, most in (
            ("frames", self.frames, DEEPEST_FRAMES),
            ("shadow", self.shadow, DEEPEST_SHADOW),
            ("anchors", self.anchors, MOST_ANCHORS),
        ):
            if len(parts) > most:
                raise ValueError(f"There are {len(parts)} `{name}`; at most {most} are allowed.")

    @classmethod
    def read(cls, value: Any) -> Self:
        """A selector from a text, from JSON-like data, or as it is.

        Raises:
            SelectorError: It is not valid.
        """
        if isinstance(value, cls):
            return value
        if isinstance(value, str):
            return cls.parse(value)
        if not isinstance(value, Mapping):
            raise SelectorError("A selector is a text such as `#save`, or an object with `candidates`.")
        number = value.get("format", FORMAT)
        if isinstance(number, int) and not isinstance(number, bool) and number > FORMAT:
            raise SelectorError(f"It was made by a newer Exekra (format {number}, this version reads {FORMAT}).")
        try:
            size = len(msgspec.json.encode(value))
            selector = msgspec.convert(value, cls)
        except msgspec.ValidationError as error:
            raise _explained(error) from None
        except (TypeError, ValueError, RecursionError):
            raise SelectorError("It holds something that JSON cannot hold.") from None
        if size > LARGEST_BYTES:
            raise SelectorError(f"It has {size:,} bytes as JSON; at most {LARGEST_BYTES:,} are allowed.")
        return selector

    @classmethod
    def parse(cls, text: str) -> Self:
        """A selector with one candidate from a text that a person wrote.

        Raises:
            SelectorError: The text is not a valid selector.
        """
        try:
            return cls(candidates=(read_candidate(text),))
        except SelectorError:
            raise
        except ValueError as error:
            raise SelectorError(str(error)) from None

    @property
    def text(self) -> str | None:
        """The text that `parse` reads as this selector; None where there is none."""
        if len(self.candidates) > 1:
            return None
        text = write_candidate(self.candidates[0])
        try:
            return text if self.parse(text) == self else None
        except SelectorError:
            return None

    def __str__(self) -> str:
        """One line for people: the label, or else the primary candidate."""
        return self.label or self.text or self.candidates[self.primary].value

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _validated, serialization=core_schema.plain_serializer_function_ser_schema(to_data)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "minLength": 1}, {"type": "object"}], "x-widget": "selector"}


def to_data(selector: Selector) -> str | dict[str, Any]:
    """What `Selector.read` reads: a text where one says it all, else an object with names in a fixed order."""
    text = selector.text
    if text is not None:
        return text
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(selector))
    return data


def logic_of(selector: Selector) -> Any:
    """The selector as data without what was seen when it was recorded: page, fingerprint, states and counts."""
    return _without_evidence(msgspec.to_builtins(selector))


def _without_evidence(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _without_evidence(part) for key, part in data.items() if key not in _EVIDENCE}
    return [_without_evidence(part) for part in data] if isinstance(data, list | tuple) else data


def _validated(value: Any) -> Selector:
    try:
        return Selector.read(value)
    except SelectorError as error:
        raise PydanticCustomError("selector", "{problem}", {"problem": str(error).rstrip(".")}) from None


_CHOICES: Mapping[str, Any] = {"kind": Kind, "state": State, "relation": Relation}
_PLACE = re.compile(r" - at `\$([^`]*)`$")
_WORDS: Mapping[str, str] = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


def _explained(error: msgspec.ValidationError) -> SelectorError:
    """msgspec's error in our words, with its place as a path."""
    text = str(error)
    place = _PLACE.search(text)
    path = tuple(re.findall(r"[\w-]+", place[1])) if place else ()
    problem = text[: place.start()] if place else text
    if found := re.fullmatch(r"Object contains unknown field `(.*)`", problem, re.DOTALL):
        problem = f"There is no `{found[1][:80]}` here."
    elif found := re.fullmatch(r"Object missing required field `(.*)`", problem):
        problem = f"`{found[1]}` is missing."
    elif found := re.fullmatch(r"Expected `(.*)`, got `(.*)`", problem):
        wanted = [_WORDS.get(word.strip(), word.strip()) for word in found[1].split("|") if word.strip() != "null"]
        problem = f"It must be {' or '.join(wanted)}, not {_WORDS.get(found[2], found[2])}."
    elif found := re.fullmatch(r"Invalid enum value '(.*)'", problem, re.DOTALL):
        choices = get_args(_CHOICES.get(path[-1] if path else "", Literal["?"]))
        problem = f"`{found[1][:40]}` is not known; it must be one of {', '.join(choices)}."
    elif not problem.endswith("."):
        problem += "."
    return SelectorError(problem, path)

"""Work on text: what people look for in a toolbox, in addition to what expressions do in a field."""

from __future__ import annotations

import base64 as base64_format
import hashlib
import hmac
import html as html_format
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from urllib.parse import quote, unquote

from annotated_types import Ge, Le, MinLen

from exekra.activities.json_text import plain_text
from exekra.activities.text_patterns import (
    clear_errors,
    groups_of,
    looks_like_pattern,
    part_between,
    part_by_pattern,
    split_at,
)
from exekra.kit.patterns import compile_pattern
from exekra.kit.text import decoded_base64, padded_at_start, quoted, sentence_case, title_case, without_blanks
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import BusinessError, InputError
from exekra.sdk.types import CredentialRef, MultilineText, Text

CATEGORY = "Text"
ICON = "typography"

Case = Literal["upper", "lower", "title", "sentence"]
Encoding = Literal["base64", "url", "html", "hex"]
Algorithm = Literal["sha256", "sha512", "sha1", "md5"]
Wanted = Annotated[str, MinLen(1)]

_LONGEST = 50_000_000


class TextMissingError(BusinessError):
    """The text does not contain what was searched for."""


class EncodingError(BusinessError):
    """The text is not encoded in that way."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The changed text.

    Attributes:
        text: The text.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """The changed text.

    Attributes:
        text: The text.
        count: How often something was replaced.
        notes: What was probably meant otherwise.
    """

    text: str
    count: int
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a text.

    Attributes:
        parts: The parts, in order.
        count: How many there are.
    """

    parts: list[str]
    count: int


@dataclass(frozen=True, slots=True)
class Matches:
    """What was found.

    Attributes:
        matches: An object for each match: its `text`, its `start` (counted from 0) and its `groups`: named ones by
            their name, the others by their number.
        count: How many there are.
        first: The text of the first match; null if there is none.
        notes: What was probably meant otherwise.
    """

    matches: list[dict[str, Any]]
    count: int
    first: str | None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Hashed:
    """The fingerprint.

    Attributes:
        hash: The fingerprint in hexadecimal digits.
    """

    hash: str


@activity(title="Replace text", icon="replace")
def replace(
    context: Context,
    /,
    *,
    text: MultilineText,
    find: Wanted,
    replace_with: Text = "",
    regular_expression: bool = False,
    ignore_case: bool = False,
    first_only: bool = False,
) -> Replaced:
    r"""Replace a part of a text wherever it stands.

    Args:
        text: The text.
        find: What to look for.
        replace_with: What to put in its place. With a regular expression, \1 or \g<name> is what a group found.
        regular_expression: Whether `find` is a regular expression.
        ignore_case: Whether capital and small letters count as the same.
        first_only: Whether only the first one is replaced.
    """
    new = replace_with if regular_expression else replace_with.replace("\\", r"\\")
    with clear_errors():
        pattern = compile_pattern(find, ignore_case=ignore_case, literal=not regular_expression)
        changed, count = pattern.replace(text, new, first_only=first_only)
    if regular_expression and count and (foreign := pattern.foreign_reference(replace_with)):
        written, ours = foreign
        context.warn(f"`{written}` was put in as it stands. For what a group found, write `{ours}`.")
    return Replaced(_bounded(changed), count, context.notes)


@activity(title="Split text")
def split(
    *,
    text: MultilineText,
    separator: Text = "",
    regular_expression: bool = False,
    trim: bool = True,
    drop_empty: bool = False,
) -> Parts:
    """Split a text into parts.

    Args:
        text: The text.
        separator: What stands between the parts; empty splits at line breaks.
        regular_expression: Whether the separator is a regular expression.
        trim: Whether blanks around each part are removed.
        drop_empty: Whether empty parts are left out.
    """
    if not separator:
        parts = text.splitlines()
    elif regular_expression:
        with clear_errors():
            parts = split_at(compile_pattern(separator), text)
    else:
        parts = text.split(separator)
    if trim:
        parts = [part.strip() for part in parts]
    if drop_empty:
        parts = [part for part in parts if part]
    return Parts(parts, len(parts))


@activity(title="Join texts")
def join(*, parts: list[Any], separator: Text = ", ", drop_empty: bool = False) -> Changed:
    """Join the items of a list into one text.

    Args:
        parts: The items; null is an empty text.
        separator: What to put between them.
        drop_empty: Whether empty items are left out.
    """
    texts = map(plain_text, parts)
    return Changed(_bounded(separator.join(text for text in texts if text or not drop_empty)))


@activity(title="Trim text")
def trim(
    *, text: MultilineText, side: Literal["both", "start", "end"] = "both", characters: Text = "", inner: bool = False
) -> Changed:
    """Remove whitespace around a text, including zero-width characters.

    Args:
        text: The text.
        side: Where to remove.
        characters: What to remove instead of blanks and line breaks, such as `-/`.
        inner: Whether runs of blanks and line breaks within the text become one blank, too.
    """
    if characters:
        trimmed = {"both": str.strip, "start": str.lstrip, "end": str.rstrip}[side](text, characters)
    else:
        trimmed = without_blanks(text, side)
    return Changed(re.sub(r"\s+", " ", trimmed) if inner else trimmed)


@activity(title="Change case", icon="letter-case")
def change_case(*, text: MultilineText, to: Case) -> Changed:
    """Change between upper and lower case.

    Args:
        text: The text.
        to: ALL CAPITALS, all small, Each Word Capitalised, or only the first letter of the text.
    """
    if to == "title":
        return Changed(title_case(text))
    change = {"upper": str.upper, "lower": str.lower, "sentence": sentence_case}[to]
    return Changed(change(text))


@activity(title="Find in text", icon="search")
def find(
    context: Context,
    /,
    *,
    text: MultilineText,
    find: Wanted,
    regular_expression: bool = False,
    ignore_case: bool = False,
) -> Matches:
    """Find all places of a part in a text.

    Args:
        text: The text.
        find: What to look for.
        regular_expression: Whether `find` is a regular expression.
        ignore_case: Whether capital and small letters count as the same.
    """
    with clear_errors():
        pattern = compile_pattern(find, ignore_case=ignore_case, literal=not regular_expression)
        matches = [
            {"text": match[0], "start": match.start(), "groups": groups_of(pattern, match)}
            for match in pattern.finditer(text)
        ]
    if not matches and not regular_expression and looks_like_pattern(find):
        context.warn(f"{quoted(find)} is not in the text. For a regular expression, choose `regular_expression`.")
    return Matches(matches, len(matches), str(matches[0]["text"]) if matches else None, context.notes)


@activity(title="Extract from text", raises=(TextMissingError,))
def extract(
    *, text: MultilineText, after: Text = "", before: Text = "", pattern: Text = "", must_be_found: bool = True
) -> Changed:
    """Take a part out of a text: what stands between two marks, or what a regular expression finds.

    Args:
        text: The text.
        after: The mark after which the part begins; empty begins at the start.
        before: The mark before which it ends; empty ends at the end.
        pattern: A regular expression to use instead of marks; its first group is the part, or all of it.
        must_be_found: Whether a missing part is an error; otherwise the result is an empty text.
    """
    found = part_by_pattern(text, pattern) if pattern else part_between(text, after, before)
    if found is None:
        if must_be_found:
            looked_for = pattern or " ... ".join(mark.strip() for mark in (after, before) if mark)
            raise TextMissingError(f"`{looked_for}` is not in the text, which begins `{text[:60]}`.")
        found = ""
    return Changed(found)


@activity(title="Get subtext")
def substring(
    *, text: MultilineText, start: Annotated[int, Ge(0)] = 0, length: Annotated[int, Ge(0)] | None = None
) -> Changed:
    """Get a part of a text by its position.

    Args:
        text: The text.
        start: Where the part begins, counted from 0.
        length: How many characters it has; empty goes to the end.
    """
    return Changed(text[start:] if length is None else text[start : start + length])


@activity(title="Pad text")
def pad(
    *,
    text: Text,
    length: Annotated[int, Ge(0), Le(10_000)],
    side: Literal["start", "end", "both"] = "start",
    character: Annotated[str, MinLen(1)] = " ",
) -> Changed:
    """Make a text as long as needed, for example 42 to 00042 and -5 to -0005.

    Args:
        text: The text; one that is longer stays as it is.
        length: How many characters it gets.
        side: Where to fill up.
        character: What to fill up with.
    """
    if len(character) != 1:
        raise InputError(f"`character` is one character, but it is {quoted(character)}.")
    if side == "start":
        return Changed(padded_at_start(text, length, character))
    return Changed(text.ljust(length, character) if side == "end" else text.center(length, character))


@activity(title="Encode text")
def encode(*, text: MultilineText, encoding: Encoding) -> Changed:
    """Encode a text so that it passes where only some characters may stand.

    Args:
        text: The text.
        encoding: base64 and hex of its UTF-8 bytes, url with percent signs, html with entities.
    """
    return Changed(_ENCODERS[encoding](text))


@activity(title="Decode text", raises=(EncodingError,))
def decode(*, text: MultilineText, encoding: Encoding) -> Changed:
    """Decode what Encode text produces.

    Args:
        text: The encoded text.
        encoding: How it is encoded.
    """
    try:
        return Changed(_DECODERS[encoding](text))
    except ValueError:
        raise EncodingError(f"The text is not {encoding} of UTF-8 text; it begins `{text[:40]}`.") from None


@activity(title="Hash text", icon="hash")
def hash(*, text: MultilineText, algorithm: Algorithm = "sha256", key: CredentialRef | None = None) -> Hashed:
    """Compute the fingerprint of a text, or sign it with a key (HMAC).

    Args:
        text: The text; its UTF-8 bytes are used.
        algorithm: How to compute. SHA-1 and MD5 are for old partners only: they do not protect.
        key: The key to sign with.
    """
    raw = text.encode()
    if key is not None:
        return Hashed(hmac.new(key.encode(), raw, algorithm).hexdigest())
    return Hashed(hashlib.new(algorithm, raw, usedforsecurity=False).hexdigest())


_ENCODERS: Mapping[str, Callable[[str], str]] = {
    "base64": lambda text: base64_format.b64encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "url": lambda text: quote(text, safe=""),
    "html": html_format.escape,
}

_DECODERS: Mapping[str, Callable[[str], str]] = {
    "base64": decoded_base64,
    "hex": lambda text: bytes.fromhex(text).decode(),
    "url": lambda text: unquote(text, errors="strict"),
    "html": html_format.unescape,
}


def _bounded(text: str) -> str:
    if len(text) > _LONGEST:
        raise InputError(f"The result would have {len(text):,} characters; {_LONGEST:,} are allowed. Work on parts.")
    return text

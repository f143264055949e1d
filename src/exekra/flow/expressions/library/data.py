"""Functions on any data: defaults, types, JSON, encodings, identifiers, chance."""

from __future__ import annotations

import base64
import hashlib
import random as chance
import uuid as identifiers
from typing import Any
from urllib.parse import quote, unquote

from exekra.flow.expressions.conversion import to_json
from exekra.flow.expressions.errors import ExpressionBoundError, ExpressionError
from exekra.flow.expressions.functions import function
from exekra.flow.expressions.values import is_table, type_name
from exekra.flow.expressions.work import MAX_DEPTH, MAX_ITEMS, Work
from exekra.kit.json_reading import Reader
from exekra.kit.text import decoded_base64


@function("data")
def default(value: Any, otherwise: Any) -> Any:
    """Give a value, or another where it is empty: null, or a text, list, object or table with nothing in it.

    Examples:
        default(null, 0) == 0
        default("", "unknown") == "unknown"
        default(0, 5) == 0
    """
    return otherwise if is_empty(value) else value


@function("data")
def is_empty(value: Any) -> bool:
    """Whether a value is null, or a text, list, object or table with nothing in it. 0 and false are not empty.

    Examples:
        is_empty([])
        not is_empty(0)
    """
    return value is None or ((isinstance(value, (str, list, tuple, dict)) or is_table(value)) and len(value) == 0)


@function("data")
def type_of(value: Any) -> str:
    """Name a value's type: text, number, boolean, null, list, object, table, date, datetime, time or duration.

    Examples:
        type_of(1.5) == "number"
        type_of([]) == "list"
    """
    return type_name(value)


@function("data")
def boolean(value: str | int | float | bool | None) -> bool:
    """Read a yes or no: true, yes, on, 1 or false, no, off, 0, in any case; empty and null are false.

    Examples:
        boolean("Yes")
        not boolean("off")
    """
    if isinstance(value, str):
        word = value[:20].strip().lower()
        if word in ("true", "yes", "y", "on", "1"):
            return True
        if word in ("false", "no", "n", "off", "0", ""):
            return False
        raise ExpressionError("boolean() reads true, yes, on, 1 or false, no, off, 0, and this text is none of them")
    return bool(value)


@function("data", name="json")
def json_text(work: Work, value: Any, indent: bool = False) -> str:
    """Write a value as JSON, in one line or indented.

    Examples:
        json({"a": [1, null]}) == '{"a":[1,null]}'
    """
    return to_json(work, value, indent=2 if indent else None)


@function("data")
def parse_json(work: Work, text: str) -> Any:
    """Read a value out of JSON.

    A byte order mark before it is skipped; half of a character becomes U+FFFD.

    Examples:
        parse_json('{"a": [1, 2]}').a[1] == 2
    """
    work.make_text(len(text))
    if text.count(",") + text.count("[") + text.count("{") > MAX_ITEMS:
        raise ExpressionBoundError("list size", f"The JSON has more than {MAX_ITEMS:,} items; use an activity")
    return Reader("The text", _not_json).read(text)


def _not_json(sentence: str) -> ExpressionError:
    if "nested too deeply" in sentence:
        return ExpressionBoundError("depth", f"The JSON has more than {MAX_DEPTH} levels")
    if "thousands of digits" in sentence:
        return ExpressionBoundError("number size", sentence.removesuffix("."))
    return ExpressionError(sentence.removesuffix("."))


@function("data")
def hash(work: Work, text: str, algorithm: str = "sha256") -> str:
    """Compute a checksum of a text in UTF-8, as hexadecimal digits: sha256, sha512, sha1 or md5.

    Sha1 and md5 are for systems that ask for them; they protect nothing.

    Examples:
        hash("abc", "md5") == "900150983cd24fb0d6963f7d28e17f72"
    """
    if algorithm not in ("sha256", "sha512", "sha1", "md5"):
        raise ExpressionError("hash() knows sha256, sha512, sha1 and md5")
    work.read_text(len(text))
    return hashlib.new(algorithm, _encoded(text), usedforsecurity=False).hexdigest()


@function("data")
def encode_base64(work: Work, text: str) -> str:
    """Write a text's UTF-8 as Base64.

    Examples:
        encode_base64("Ada") == "QWRh"
    """
    work.make_text(len(text) * 2)
    return base64.b64encode(_encoded(text)).decode()


@function("data")
def decode_base64(work: Work, text: str) -> str:
    """Read a text out of Base64, with or without padding, also in the alphabet of URLs.

    Examples:
        decode_base64("QWRh") == "Ada"
    """
    work.make_text(len(text))
    try:
        return decoded_base64(text)
    except ValueError:
        raise ExpressionError("decode_base64() needs Base64 of a text in UTF-8, and this is none") from None


@function("data")
def encode_url(work: Work, text: str) -> str:
    """Encode a text so that it can be part of a URL.

    Examples:
        encode_url("a b&c/d") == "a%20b%26c%2Fd"
    """
    work.make_text(len(text) * 3)
    return quote(_encoded(text), safe="")


@function("data")
def decode_url(work: Work, text: str) -> str:
    """Read a text out of a part of a URL.

    Examples:
        decode_url("a%20b") == "a b"
    """
    work.make_text(len(text))
    work.spend(len(text))
    return unquote(text)


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ExpressionError("The text holds half a character (a lone surrogate)") from None


@function("data", deterministic=False)
def uuid() -> str:
    """Make a new identifier, different each time.

    Examples:
        length(uuid()) == 36
    """
    return str(identifiers.uuid4())


@function("data", deterministic=False)
def random(low: int | float | None = None, high: int | float | None = None) -> float:
    """Draw a number: from 0 to below 1, or a whole one from the lowest to the highest. Not for passwords or tokens.

    Examples:
        0 <= random() < 1
        random(1, 6) in [1, 2, 3, 4, 5, 6]
    """
    if low is None and high is None:
        return chance.random()  # noqa: S311  # For sampling and waiting, as the docstring says.
    if not isinstance(low, int) or not isinstance(high, int) or low > high:
        raise ExpressionError("random() needs the lowest and the highest whole number: random(1, 6)")
    return chance.randint(low, high)  # noqa: S311  # As above.

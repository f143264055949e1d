"""Settings as a pydantic dataclass: read from the environment, and each wrong one told in a sentence of its own."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_type_hints
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

Settings = TypeVar("Settings")

_KINDS = {"bool": "true or false", "float": "a number", "int": "a whole number", "path": "a path", "string": "a text"}
_MOST_SHOWN = 80
"""The most characters of a wrong value that its error repeats."""


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"EXEKRA_{name.upper()}"


def from_environment(kind: type[Any], environ: Mapping[str, str]) -> dict[str, str]:
    """The settings that have a variable which is not empty, by name."""
    names = [field.name for field in dataclasses.fields(kind)]
    return {name: text for name in names if (text := environ.get(variable(name)))}


def is_url(text: str, *schemes: str) -> bool:
    """Whether a text is a URL of one of these schemes that names a host, and a valid port if any."""
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in schemes
            and bool(parts.hostname)
            and parts.port != 0
            and text.isprintable()
            and not any(character.isspace() for character in text)
        )
    except ValueError:
        return False


def shown(value: object) -> str:
    """A value as an error may repeat it: not endlessly long, and without the name and password of a URL."""
    text = re.sub(r"//.*@", "//…@", repr(value))
    return text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + "…"


def build(kind: type[Settings], values: Mapping[str, Any], said: Callable[[str], str] = variable) -> Settings:
    """The settings with these values, converted and checked.

    Args:
        kind: A pydantic dataclass; a field without a representation is a secret.
        values: By name.
        said: What a person calls a setting.

    Raises:
        ValueError: One of them is missing or wrong; the message names it, what was given and what is valid.
    """
    try:
        return kind(**values)
    except ValidationError as error:
        raise ValueError(_sentence(kind, error.errors(include_url=False)[0], said)) from None


def _sentence(kind: type[Any], error: ErrorDetails, said: Callable[[str], str]) -> str:
    reason = error.get("ctx", {}).get("error")
    if not error["loc"]:
        return str(reason)
    name = str(error["loc"][0])
    if error["type"] == "unexpected_keyword_argument":
        return f"There is no setting named {name}."
    if error["type"] == "missing":
        return f"{said(name)} is not set."
    is_secret = not kind.__dataclass_fields__[name].repr
    given = "" if is_secret else f", not {shown(error['input'])}"
    return f"{said(name)} must be {_valid(kind, name, error, reason)}{given}."


def _valid(kind: type[Any], name: str, error: ErrorDetails, reason: Exception | None) -> str:
    if reason is not None:
        return str(reason)
    if error["type"] in {"greater_than_equal", "less_than_equal"}:
        least, most = _bounds(get_type_hints(kind, include_extras=True)[name])
        return f"between {least} and {most}"
    return _KINDS.get(error["type"].partition("_")[0], "valid")


def _bounds(annotation: Any) -> tuple[Any, Any]:
    constraints = [one for item in annotation.__metadata__ if isinstance(item, FieldInfo) for one in item.metadata]
    least = next(one.ge for one in constraints if hasattr(one, "ge"))
    most = next(one.le for one in constraints if hasattr(one, "le"))
    return least, most

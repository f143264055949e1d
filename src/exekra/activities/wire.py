"""What a value becomes when it is sent to another program: one rule for bodies, queries, forms and headers.

`docs/explain/data.md` has it as a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from exekra.activities.json_text import decimal_text, json_text
from exekra.kit.numbers import is_finite
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table


def wire_json(what: str, value: Any) -> str:
    """The value as compact JSON: tables are lists of objects, dates ISO 8601, durations seconds.

    Args:
        what: What the value is, for errors, such as "`json`".

    Raises:
        InputError: It holds something that JSON or UTF-8 has no form for.
    """
    try:
        text = json_text(value, compact=True)
    except InputError as error:
        raise InputError(f"{what} cannot be sent. {error.message}") from None
    return check_text(what, text)


def wire_text(what: str, value: Any) -> str:
    """The value as text, for one parameter, field or header; lists and objects are compact JSON.

    Args:
        what: What the value is, for errors, such as "`query`".

    Raises:
        InputError: It is null, or there is no text for it.
    """
    match value:
        case str():
            return check_text(what, value)
        case bool():
            return "true" if value else "false"
        case int() | float() | Decimal():
            return _number(what, value)
        case date() | time():
            return value.isoformat()
        case timedelta():
            return _number(what, value.total_seconds())
        case list() | tuple() | dict() | Table():
            return wire_json(what, value)
    kind = "null" if value is None else f"a value of the type {type(value).__name__}"
    raise InputError(f"{what} cannot be sent: there is no text for {kind}.")


def wire_fields(what: str, values: Mapping[str, Any] | None) -> dict[str, list[str]]:
    """The parameters of a query or the fields of a form, each with its texts.

    A list gives several of one name; null is left out, alone and in a list.

    Args:
        what: What the values are, for errors, such as "`query`".

    Raises:
        InputError: There is no text for one of them.
    """
    fields: dict[str, list[str]] = {}
    for name, value in (values or {}).items():
        check_text(what, name)
        items: Iterable[Any] = value if isinstance(value, list | tuple) else (value,)
        texts = [wire_text(f"`{name}` in {what}", item) for item in items if item is not None]
        if texts:
            fields[name] = texts
    return fields


def check_text(what: str, text: str) -> str:
    """Give the text back if UTF-8 can encode it.

    Raises:
        InputError: It holds half of a surrogate pair.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(
            f"{what} holds half of a surrogate pair, which is not a character and cannot be sent."
        ) from None
    return text


def _number(what: str, value: float | Decimal) -> str:
    if isinstance(value, int):
        try:
            return str(int(value))
        except ValueError:  # Python refuses to write more than 4,300 digits.
            raise InputError(f"{what} cannot be sent: it is a number of thousands of digits.") from None
    if not is_finite(value):
        raise InputError(f"{what} cannot be sent: it is {value}, which is not a number.")
    if isinstance(value, float):
        value = Decimal(int(value)) if value.is_integer() else Decimal(repr(value))
    return decimal_text(value)

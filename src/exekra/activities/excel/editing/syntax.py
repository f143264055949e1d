"""Whether a text is a formula: Excel calls a workbook damaged that holds another one."""

from __future__ import annotations

import re

from exekra.sdk.errors import InputError

_QUOTED = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'")
_BRACES = re.compile(r"\{[^{}]*\}")
_LONGEST = 8192
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_START = re.compile(r"start: (\d+)")
_REASONS = {
    "Unmatched opening": "a parenthesis or bracket is not closed",
    "No matching opener": "a parenthesis or bracket is closed that was not opened",
    "while parsing string": "a quotation mark is missing",
    "nesting too deep": "it is nested more deeply than Excel allows",
    "Unexpected end": "something is missing at its end",
}


def check_formula(cell: str, text: str) -> None:
    """Refuse what begins like a formula and is none.

    Args:
        cell: The cell that it is for, such as `B7`.
        text: The formula with its `=`.

    Raises:
        InputError: It is not a formula; the message says what is wrong with it.
    """
    import formualizer

    if len(text) > _LONGEST or _FORBIDDEN.search(text):
        raise InputError(
            f"A formula has at most {_LONGEST:,} characters, and no control characters or halves of surrogate pairs. "
            "Write it shorter, or write its result."
        )
    reason = ""
    try:
        formualizer.parse(text)
    except formualizer.ParserError as error:
        reason = "" if _is_our_limit(error) else _reason(text, error)
    if not reason and _has_outer_comma(text):
        reason = "a comma stands outside of parentheses: decimals have a point"
    if reason:
        shown = text if len(text) <= 100 else f"{text[:100]}..."
        raise InputError(
            f"`{shown}` for {cell} is not a formula: {reason}. Formulas have English names and commas, such as "
            "=SUM(A1,B2). To write a text that begins with =, use Write range."
        )


def _reason(text: str, error: Exception) -> str:
    if ";" in _BRACES.sub("", _QUOTED.sub("", text)):
        return "arguments are separated by commas, not by semicolons"
    message = str(error)
    known = next((reason for mark, reason in _REASONS.items() if mark in message), None)
    start = _START.search(message)
    if known or not start:
        return known or "Excel would not understand it"
    return f"`{text[int(start[1]) :][:20]}` cannot stand at character {int(start[1]) + 1}"


def _is_our_limit(error: Exception) -> bool:
    """Whether only the parser does not know it: a long sum, or two names that mean the cells which both have."""
    message = str(error)
    return "height limit" in message or ("Unexpected token at" in message and "subtype: Range" in message)


def _has_outer_comma(text: str) -> bool:
    depth = 0
    for sign in re.findall(r"[()\[\]{},]", _QUOTED.sub("", text)):
        if sign == "," and not depth:
            return True
        depth += {",": 0, "(": 1, "[": 1, "{": 1}.get(sign, -1)
    return False

"""Selectors as people write them: `#save`, `//button`, `text=Save`, `role=button[name="Save"]`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from exekra.sdk.selector_parts import QUOTES, Candidate, SelectorError, TextMatch

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PREFIX = re.compile(r"([A-Za-z_-]+)([~^*]?)=(.*)", re.DOTALL)
_ROLE = re.compile(r"([A-Za-z]+)(?:\[name=(?:\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)')\])?", re.DOTALL)
_TEXT_OPERATORS: Mapping[str, str] = {"": "equals", "^": "starts_with", "*": "contains"}


def role_value(role: str, name: str | None) -> str:
    """The text of a role and an accessible name: `role=button[name="Save"]`."""
    return f"role={role}" if name is None else f"role={role}[name={_quoted(name)}]"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def write_candidate(candidate: Candidate) -> str:
    """A text with the same meaning, as far as possible: without the tag of a text, and without its recording."""
    value, match = candidate.value, candidate.text
    if match is not None:
        operator, wanted = next((o, w) for o, f in _TEXT_OPERATORS.items() if (w := getattr(match, f)) is not None)
        return f"text{operator}={_quoted(wanted) if wanted != wanted.strip() or wanted[:1] in QUOTES else wanted}"
    if candidate.kind == "role":
        return role_value(candidate.role or "", candidate.name)
    if _BARE.fullmatch(value) or _PREFIX.fullmatch(value) or _kind_of(value) != candidate.kind:
        return f"{candidate.kind}={value}"
    return value


def _kind_of(value: str) -> str:
    return "xpath" if value.startswith(("/", "(/")) else "css"


def read_candidate(text: str) -> Candidate:
    """The candidate that a text means.

    Raises:
        SelectorError: The text is not a valid selector.
        ValueError: A part of it is empty or too long.
    """
    text = text.strip()
    if not text:
        raise SelectorError("The selector is empty. Write one such as `#save` or `text=Save`.")
    if _BARE.fullmatch(text):
        raise SelectorError(
            f"`{text[:80]}` is a single word, which is the name of an element. For the tag write `css={text[:80]}`."
        )
    prefix = _PREFIX.fullmatch(text)
    if prefix is None:
        return _written(_kind_of(text), text)
    word, operator, rest = prefix[1], prefix[2], prefix[3].strip()
    if word in ("css", "xpath") and not operator:
        return _written(word, rest)
    if word == "text" and operator in _TEXT_OPERATORS:
        quoted = len(rest) >= 2 and rest[0] in QUOTES and rest[-1] == rest[0]
        match = TextMatch(**{_TEXT_OPERATORS[operator]: _unquoted(rest[1:-1]) if quoted else rest})
        return Candidate(kind="text", value=match.xpath, text=match)
    if word == "role" and not operator:
        found = _ROLE.fullmatch(rest)
        if found is None:
            raise SelectorError(f'`{rest[:80]}` is not a role. Write one such as `role=button[name="Save"]`.')
        name = found[2] if found[2] is not None else found[3]
        name = None if name is None else _unquoted(name)
        return Candidate(kind="role", value=role_value(found[1], name), role=found[1], name=name)
    raise SelectorError(
        f"`{word}{operator}=` is not known. Write CSS such as `#save`, or begin with `css=`, `xpath=`, `text=`, "
        "`text^=` (begins with), `text*=` (contains) or `role=`."
    )


def _written(kind: str, value: str) -> Candidate:
    _check_brackets(kind, value)
    return Candidate(kind="xpath" if kind == "xpath" else "css", value=value)


_CLOSING = {"(": ")", "[": "]"}
_EXPRESSION = re.compile(r"""\{[^\W\d](?:[^{}"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*\}""", re.DOTALL)
"""An expression of a template, whose own quotes and brackets are its own matter."""


def _check_brackets(kind: str, value: str) -> None:
    """Refuse quotes and brackets that are not closed, and chains that only other tools know."""
    quote, open_brackets, resume = "", list[str](), 0
    for position, character in enumerate(value):
        if position < resume:
            continue
        if character == "\\" and kind == "css":
            resume = position + 2
        elif expression := _EXPRESSION.match(value, position):
            resume = expression.end()
        elif quote:
            quote = "" if character == quote else quote
        elif character in QUOTES:
            quote = character
        elif character in _CLOSING:
            open_brackets.append(_CLOSING[character])
        elif character in _CLOSING.values() and (not open_brackets or open_brackets.pop() != character):
            raise SelectorError(f"The `{character}` at character {position + 1} closes nothing.")
        elif kind == "css" and value.startswith(">>", position):
            raise SelectorError("`>>` is not known. Record the element, or give frames and shadow hosts as an object.")
    if quote:
        raise SelectorError(f"A quote ({quote}) is not closed.")
    if open_brackets:
        raise SelectorError(f"A bracket is not closed: `{open_brackets[-1]}` is missing.")

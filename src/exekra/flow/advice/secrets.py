"""Passwords, tokens and keys that stand in the workflow instead of the vault."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from exekra.flow.advice.subject import Finding, Subject, template_of

_WORDS = r"password|passwd|pwd|passphrase|secret|token|api_?key|access_?key|private_?key|authorization"
_SECRET_NAME = re.compile(rf"(?:^|_)(?:{_WORDS})$")
_IN_URL = re.compile(r"://[^/\s:@{}]*:(?P<secret>[^/\s@{}]+)@")
_KNOWN_FORM = re.compile(
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"  # Amazon
    r"|\bgh[pousr]_[A-Za-z0-9]{36}"  # GitHub
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}"  # Slack
    r"|\bsk_live_[A-Za-z0-9]{16,}"  # Stripe
    r"|\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\."  # A JSON Web Token
)
_SCHEME = re.compile(r"(?:basic|bearer|token|digest|apikey)\s+", re.I)
_ADVICE = "Put it in the vault, and write `{{credential:NAME}}` in a field for a credential."


def hard_coded_secrets(subject: Subject) -> Iterator[Finding]:
    """Literal texts where a secret is meant, and texts that have the form of one."""
    for id, node in subject.flow.nodes.items():
        entry = subject.entries[id]
        fields = {field.name: field for field in entry.inputs} if entry else {}
        for name, value in node.inputs.items():
            if name in fields and fields[name].schema.get("x-widget") == "credential":
                continue  # The rule `secret` looks at it.
            for inner, text in _named_texts(value, (name,)):
                reason = _reason(inner[-1], text)
                if reason:
                    message = f"{reason} is written in the workflow, where everybody can read it. {_ADVICE}"
                    place = ".".join(inner)
                    yield Finding("hard-coded-secret", message, id, place, ("nodes", id, "with", *inner))
    for section in ("inputs", "variables"):
        for name, declared in getattr(subject.flow, section).items():
            if declared.default is msgspec.UNSET or not isinstance(declared.default, str):
                continue
            reason = "" if declared.type == "credential" else _reason(name, declared.default)
            if reason:
                message = f"{reason} is written in the workflow, where everybody can read it. {_ADVICE}"
                path = (section, name, "default")
                yield Finding("hard-coded-secret", message, field=".".join(path), path=path)


def _named_texts(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The texts in a value, each with a path that ends with the name it has; items of lists have that of the list."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _named_texts(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from _named_texts(item, path)


def _reason(name: str, text: str) -> str:
    """What kind of secret a text is; empty when it is not one."""
    if "://" in text and _IN_URL.search(text):
        return "The password in this address"
    if len(text) >= 16 and _KNOWN_FORM.search(text):
        return "A key or token"
    if text and _is_secret_name(name) and _is_literal_secret(name, text):
        return f"The secret in `{name}`"
    return ""


@lru_cache(maxsize=1024)
def _is_secret_name(name: str) -> bool:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return _SECRET_NAME.search(re.sub(r"[\W_]+", "_", words).strip("_").lower()) is not None


def _is_literal_secret(name: str, text: str) -> bool:
    """Whether the text is the secret itself: one word without expressions, and not a label such as `Password`."""
    secret = _SCHEME.sub("", text.strip())
    if not secret or re.search(r"\s", secret) or secret.lower() in (name.lower(), "null", "none", "true", "false"):
        return False
    template = template_of(text) if "{" in text else None
    return "{" not in text or (template is not None and template.literal)

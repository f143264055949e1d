"""How secrets are kept out of everything that is reported.

A value that was handed out is known from then on, and is replaced in logs, previews, failures and outputs, in the
forms in which programs usually pass it on.
"""

from __future__ import annotations

import base64
import html
import json
import re
import shlex
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

from exekra.flow.preview import MASK

SHORTEST = 3
"""Shorter values are not masked: they would be found everywhere."""

_HALVES = "surrogatepass"  # A secret may hold half a character, which plain UTF-8 refuses.


class Masker:
    """Replaces known secrets in text and in JSON-like data."""

    def __init__(self) -> None:
        self._forms: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self.longest = 0
        """The length of the longest known form: a text that is cut must keep so much more before it is masked."""

    @property
    def knows_secrets(self) -> bool:
        """Whether there is anything to mask."""
        return self._pattern is not None

    def add(self, value: str) -> None:
        """Know a secret from now on."""
        new = {form for form in _forms(value) if len(form) >= SHORTEST} - self._forms
        if new:
            self._forms |= new
            self.longest = max(len(form) for form in self._forms)
            longest_first = sorted(self._forms, key=len, reverse=True)
            self._pattern = re.compile("|".join(re.escape(form) for form in longest_first))

    def text(self, text: str) -> str:
        """The text with every known secret replaced."""
        return self._pattern.sub(MASK, text) if self._pattern is not None else text

    def data(self, value: Any) -> Any:
        """JSON-like data with every known secret replaced, in keys too."""
        if self._pattern is None:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list | tuple):
            return [self.data(item) for item in value]
        if isinstance(value, dict):
            return {self.data(key): self.data(item) for key, item in value.items()}
        return value


def _forms(secret: str) -> Iterator[str]:
    """The secret and what becomes of it in addresses, JSON, HTML, shells and base64."""
    yield secret
    if len(secret) < SHORTEST:
        return
    yield quote(secret, errors=_HALVES)
    yield quote(secret, safe="", errors=_HALVES)
    yield quote_plus(secret, errors=_HALVES)
    yield html.escape(secret)
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield shlex.quote(secret)
    data = secret.encode(errors=_HALVES)
    yield data.hex()
    if len(data) < 6:
        return  # Its base64 would have too few characters of its own.
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        # Within a longer text (`user:secret`) base64 looks different for each of three positions. The characters
        # at both ends also depend on the neighbours, so they are left out.
        for shift in range(3):
            encoded = encode(b"\0" * shift + data).decode().rstrip("=")
            begin = -(-shift * 8 // 6)
            end = len(encoded) - (1 if (shift + len(data)) % 3 else 0)
            yield encoded[begin:end]

"""What the Hub says when it refuses a request."""

from __future__ import annotations

import httpx
import msgspec


class _Detail(msgspec.Struct, frozen=True):
    code: str
    message: str
    hint: str | None = None


class _Refusal(msgspec.Struct, frozen=True):
    error: _Detail


def refusal_in(answer: httpx.Response) -> tuple[str, str]:
    """The code of a refusal, and its sentences; the code is empty where something else than the Hub answered."""
    try:
        refusal = msgspec.json.decode(answer.content, type=_Refusal).error
    except msgspec.DecodeError:
        return "", f"The Hub answered HTTP {answer.status_code}."
    return refusal.code, f"{refusal.message} {refusal.hint or ''}".rstrip()

"""The address of this Hub, as seen by whoever makes a request."""

from __future__ import annotations

import re

from starlette.requests import Request

from exekra.hub.core.settings import Settings


def address_of(request: Request, settings: Settings) -> str:
    """The address at which this request reached the Hub, safe to paste into a command line."""
    if re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?", request.url.netloc):
        return f"{'https' if settings.secure_cookies else request.url.scheme}://{request.url.netloc}"
    return f"http://{settings.host}:{settings.port}"

"""Routes whose body is a file: the bytes themselves, and not a form around them."""

from __future__ import annotations

from fastapi import Depends, Request

from exekra.hub.core.errors import Unsupported


async def _refuse_form(request: Request) -> None:
    if request.headers.get("content-type", "").lower().startswith("multipart/"):
        raise Unsupported(
            "The body is a form, but it must be the file itself.",
            where="header.content-type",
            hint="Send the file as the body: curl --data-binary @FILE, instead of -F.",
        )


RAW_BODY = Depends(_refuse_form)
"""A dependency of such a route: a form would be stored with its boundaries and headers as if they were the file."""

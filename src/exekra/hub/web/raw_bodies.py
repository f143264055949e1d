"""Routes whose body is a file: the bytes themselves, and not a form around them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from exekra.hub.core.errors import Invalid, Unsupported


async def _refuse_form(request: Request) -> None:
    if request.headers.get("content-type", "").lower().startswith("multipart/"):
        raise Unsupported(
            "The body is a form, but it must be the file itself.",
            where="header.content-type",
            hint="Send the file as the body: curl --data-binary @FILE, instead of -F.",
        )


RAW_BODY = Depends(_refuse_form)
"""A dependency of such a route: a form would be stored with its boundaries and headers as if they were the file."""

LONGEST_LENGTH = 15
"""More digits than these no real length has."""


async def _length(request: Request) -> int:
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) <= LONGEST_LENGTH):
        raise Invalid(
            "The request does not say how long the file is.",
            code="length-required",
            where="header.content-length",
            hint="Send the header Content-Length, as curl --data-binary @FILE does.",
        )
    return int(length)


RawBodyLength = Annotated[int, Depends(_length)]
"""The bytes of the file, as the request says; where it does not, the request is refused."""

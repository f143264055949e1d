"""The web pages: built files, served as they are. Every address that is not a file belongs to the application."""

from __future__ import annotations

import mimetypes
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import Header, Response
from fastapi import Path as PathParameter
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Match
from starlette.types import Scope

from exekra.hub.core.errors import NotFound
from exekra.hub.web.access import GuardedRoute, slice_router

router = slice_router("Hub")

BUILT = Path(__file__).parent / "built"
STAMP = "built-from"
_NOT_BUILT = Path(__file__).parent / "not_built.html"
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_ASK_AGAIN = {"Cache-Control": "no-cache"}
_COMPRESSED = (("br", ".br"), ("gzip", ".gz"))
MOST_KEPT = 500
"""How many assets are kept in memory; the compressed ones take 1.1 MB in total."""


@router.get("/assets/{file}", include_in_schema=False)
async def asset(
    file: Annotated[str, PathParameter(max_length=200)], accept_encoding: Annotated[str, Header()] = ""
) -> Response:
    """A part of the application. Its name changes with its content, so browsers keep it for ever."""
    found = _file(BUILT / "assets", file)
    if found is None:
        raise NotFound("Nothing was found at this address.", hint="Reload the page: it was updated.")
    form = _form(found, accept_encoding)
    return Response(_content(form.path), media_type=form.media_type, headers=_FOR_EVER | form.headers)


class _PageRoute(GuardedRoute):
    """Matches every address except the API's, so that a wrong API address stays an error."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http" and f"{scope['path']}/".startswith(("/api/", "/assets/")):
            return Match.NONE, {}
        return super().matches(scope)


async def page(
    path: Annotated[str, PathParameter(max_length=2000)],
    accept_encoding: Annotated[str, Header()] = "",
) -> Response:
    """The application, whatever the address: it knows its pages itself."""
    found = _file(BUILT, path) if path else None
    if found is not None:
        form = _form(found, accept_encoding)
        return FileResponse(form.path, media_type=form.media_type, headers=_ASK_AGAIN | form.headers)
    index = BUILT / "index.html"
    if not index.exists():
        return HTMLResponse(_NOT_BUILT.read_bytes(), status_code=404)
    return HTMLResponse(index.read_bytes(), headers=_ASK_AGAIN)


router.add_api_route("/{path:path}", page, include_in_schema=False, route_class_override=_PageRoute)


def _file(folder: Path, name: str) -> Path | None:
    """The file that the folder lists under exactly that name; None for everything else.

    A name is never joined to the folder before that: operating systems interpret `..`, `C:x` or `x::$DATA` in their own
    ways.
    """
    if name == STAMP or name.startswith("."):
        return None
    try:
        with os.scandir(folder) as entries:
            return next((Path(entry.path) for entry in entries if entry.name == name and entry.is_file()), None)
    except OSError:
        return None


@dataclass(frozen=True, slots=True)
class _Form:
    """A file as it is sent: what is read, and the headers that describe it."""

    path: Path
    media_type: str
    headers: dict[str, str]


def _form(file: Path, accepted: str) -> _Form:
    """The smallest form of a file that the browser takes and that was built."""
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    offered = {word.partition(";")[0].strip() for word in accepted.split(",")}
    for encoding, suffix in _COMPRESSED:
        smaller = file.with_name(file.name + suffix)
        if encoding in offered and smaller.is_file():
            return _Form(smaller, media_type, {"Vary": "Accept-Encoding", "Content-Encoding": encoding})
    return _Form(file, media_type, {"Vary": "Accept-Encoding"})


@lru_cache(maxsize=MOST_KEPT)
def _content(path: Path) -> bytes:
    """The content of an asset, which never changes: a page requests dozens at the same time."""
    return path.read_bytes()

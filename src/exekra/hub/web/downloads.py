"""Contents as answers: ranges, names and types. Whatever a browser could run as a page is only offered for download."""

from __future__ import annotations

import mimetypes
import re
import unicodedata
from collections.abc import AsyncIterator, Callable
from typing import Any, Literal
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from exekra.hub.web.answers import error_response

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_SHOWN: dict[str, Literal["image", "pdf", "text"]] = {
    "image/png": "image",
    "image/jpeg": "image",
    "image/gif": "image",
    "image/webp": "image",
    "image/bmp": "image",
    "application/pdf": "pdf",
    "text/plain": "text",
    "text/csv": "text",
    "application/json": "text",
}
"""Types that a page may show inline: none of them can contain a script that would run as one of the Hub's pages."""

_TEXT = {"application/json", "application/xml", "application/javascript", "application/sql", "application/x-sh"}
_TEXT_ENDINGS = (".yaml", ".yml", ".toml", ".ini", ".cfg", ".md", ".sql", ".ps1", ".bas", ".j2", ".jinja")
_PACKED = {
    "gzip": "application/gzip",
    "bzip2": "application/x-bzip2",
    "xz": "application/x-xz",
    "compress": "application/x-compress",
}
UNKNOWN_TYPE = "application/octet-stream"

LOCKED = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""A file that is opened on its own loads nothing, sends nothing and runs nothing."""

DOWNLOAD: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": {"application/octet-stream": {"schema": {"type": "string"}}}},
    206: {"description": "The requested range"},
    304: {"description": "Unchanged since the version named in `If-None-Match`"},
}


def media_type_of(name: str) -> str:
    """What a file seems to be by the ending of its name."""
    kind, packed = mimetypes.guess_type(name, strict=False)
    return _PACKED.get(packed, UNKNOWN_TYPE) if packed else kind or UNKNOWN_TYPE


def is_text(name: str) -> bool:
    """Whether a file seems to be text by the ending of its name, so that its lines can be compared."""
    kind = media_type_of(name)
    return kind.startswith("text/") or kind in _TEXT or name.lower().endswith(_TEXT_ENDINGS)


def shown_as(media_type: str) -> Literal["image", "pdf", "text"] | None:
    """How a page may show a file of that type inline; None if it may not."""
    return _SHOWN.get(media_type)


async def download(
    request: Request,
    read: Callable[[int, int], AsyncIterator[bytes]],
    *,
    name: str,
    media_type: str,
    size: int,
    sha256: str,
    in_place: bool,
) -> Response:
    """A content as the answer to a request: all of it, or the requested range.

    Args:
        request: The request with its headers.
        read: Gives the bytes from a position up to another one.
        name: The name under which the file is saved.
        media_type: What it is.
        size: Its size in bytes.
        sha256: Its hash, by which a browser recognises it.
        in_place: Show it instead of saving it, if that is safe.

    Raises:
        HubError: As `read`, before anything is answered; what it raises later only breaks the answer off.
    """
    shown = _SHOWN.get(media_type) if in_place else None
    tag = f'"{sha256}"'
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "Content-Disposition": _disposition("attachment" if shown is None else "inline", name),
        "Content-Security-Policy": LOCKED if shown == "pdf" else f"{LOCKED}; sandbox",
        "X-Frame-Options": "SAMEORIGIN",
    }
    if tag in {part.strip() for part in request.headers.get("if-none-match", "").split(",")}:
        return Response(status_code=304, headers=headers)
    kind = "text/plain; charset=utf-8" if shown == "text" else media_type
    start, end, status = 0, size, 200
    wanted = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if wanted is not None and request.headers.get("if-range", tag) == tag and any(wanted.groups()):
        first, last = wanted.groups()
        start = int(first) if first else max(0, size - int(last))
        end = min(int(last) + 1, size) if first and last else size
        if start >= size or start >= end:
            message = f"The requested range is outside of the file, which has {size:,} bytes."
            return error_response(416, "no-such-part", message, headers={"Content-Range": f"bytes */{size}"})
        status = 206
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    headers["Content-Length"] = str(end - start)
    return StreamingResponse(await begun(read(start, end)), status, headers, media_type=kind)


async def begun(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same parts after the first one was read: what prevents that can still be answered as an error."""
    first = await anext(parts, b"")

    async def all_parts() -> AsyncIterator[bytes]:
        yield first
        async for part in parts:
            yield part

    return all_parts()


def begins_file(answer: Response) -> bool:
    """Whether a download begins with this answer: later requests fetch further ranges, or repeat some."""
    return answer.status_code == 200 or answer.headers.get("content-range", "").startswith("bytes 0-")


def _disposition(kind: str, name: str) -> str:
    """The header with the name (RFC 6266), with an ASCII fallback for browsers that support nothing else."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^\w .()+,=@-]", "_", plain).strip() or "file"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"

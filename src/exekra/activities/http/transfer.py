"""Move files from and to web services, of any size, without holding them in memory."""

from __future__ import annotations

import asyncio
import mimetypes
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, Literal

from exekra.activities.disk import (
    READ_ERRORS,
    WRITE_ERRORS,
    FileExistsAlreadyError,
    check_free,
    explained,
    replacing,
    require_file,
)
from exekra.activities.http.answer import Warn, read_body
from exekra.activities.http.decoding import unpacked
from exekra.activities.http.errors import HTTP_ERRORS, place, status_error
from exekra.activities.http.file_name import server_file_name
from exekra.activities.http.request import Url
from exekra.activities.http.session import Authentication, HeaderName, HttpSession, Identity, Secret, User
from exekra.activities.wire import check_text, wire_fields
from exekra.kit.text import well_formed
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.types import ExistingFile, FilePath, Seconds, Text, When

if TYPE_CHECKING:
    import httpx

CATEGORY = "API / Web Services"
ICON = "world"

_BLOCK = 1_000_000
_LONGEST_ERROR_TEXT = 100_000


@dataclass(frozen=True, slots=True)
class Downloaded:
    """What was downloaded.

    Attributes:
        path: The file's absolute path.
        size: Its size in bytes.
        content_type: What the server says it is, such as application/pdf.
        seconds: How long it took.
        notes: What was guessed, or looked odd, in the answer.
    """

    path: FilePath
    size: int
    content_type: str
    seconds: float
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What the server answered.

    Attributes:
        status: The status, such as 201.
        body: The answer's beginning as text, at most 100 kB.
        size: The file's size in bytes.
        seconds: How long it took.
        notes: What was guessed, or looked odd, in the answer.
    """

    status: int
    body: str
    size: int
    seconds: float
    notes: list[str] = field(default_factory=list)


@activity(id="http.download", icon="download", raises=(*HTTP_ERRORS, *WRITE_ERRORS, FileExistsAlreadyError))
async def download(
    context: Context,
    session: HttpSession,
    /,
    *,
    url: Url,
    path: FilePath,
    replace: bool = True,
    query: dict[str, Any] | None = None,
    headers: dict[str, Any] | None = None,
    authentication: Authentication = "none",
    user: User = "",
    credential: Secret = None,
    header_name: HeaderName = "X-API-Key",
    timeout: Seconds = 30,
    verify: bool = True,
) -> Downloaded:
    """Download a file.

    The file appears under its name once it is complete; a download that fails leaves nothing behind.

    Args:
        url: The address, in full.
        path: The file to write. In an existing folder, or one whose name ends in a slash, it gets the name that the
            server gives it.
        replace: Whether a file of that name is replaced; otherwise it is an error.
        query: Parameters to add to the address.
        headers: Headers to send.
        authentication: How to prove who asks: user and password (basic), a token (bearer), or a header of its own.
        user: The user's name, for basic.
        credential: The password, the token, or the header's value.
        header_name: The header that carries the credential, for the kind `header`.
        timeout: Seconds that the server may be silent; 0 waits for ever.
        verify: Whether the server's certificate must be trusted.
    """
    target = context.path(path)
    names_folder = path.endswith(("/", "\\")) or target.is_dir()
    if not names_folder:
        check_free(target, replace)
    identity = Identity(authentication, user, credential, header_name)
    started = time.perf_counter()
    async with session.send(
        "GET",
        url,
        query=query,
        headers=headers,
        identity=identity,
        timeout=timeout,
        whole=False,
        verify=verify,
        note=context.note,
    ) as response:
        if response.status_code >= 300:  # The body of a redirect that cannot be followed is not the file.
            raise status_error("GET", response, await _beginning(response, context.warn))
        file = target / server_file_name(response) if names_folder else target
        check_free(file, replace)
        with replacing(file) as draft:
            size = await _save(response, draft, context.warn)
    content_type = response.headers.get("content-type", "").partition(";")[0]
    context.log(f"Downloaded {size:,} bytes from {place(response.url)}", "debug")
    return Downloaded(str(file), size, content_type, time.perf_counter() - started, context.notes)


@activity(id="http.upload", icon="upload", raises=(*HTTP_ERRORS, *READ_ERRORS))
async def upload(
    context: Context,
    session: HttpSession,
    /,
    *,
    url: Url,
    path: ExistingFile,
    send_as: Literal["form", "body"] = "form",
    field: Annotated[Text, When(send_as="form")] = "file",
    form: Annotated[dict[str, Any] | None, When(send_as="form")] = None,
    method: Literal["POST", "PUT", "PATCH"] = "POST",
    query: dict[str, Any] | None = None,
    headers: dict[str, Any] | None = None,
    authentication: Authentication = "none",
    user: User = "",
    credential: Secret = None,
    header_name: HeaderName = "X-API-Key",
    timeout: Seconds = 30,
    verify: bool = True,
) -> Uploaded:
    """Upload a file.

    Args:
        url: The address, in full.
        path: The file to send.
        send_as: As a field of a form, as web pages do, or as the whole body.
        field: The name of the form's field.
        form: Further fields of the form.
        method: What to do there.
        query: Parameters to add to the address.
        headers: Headers to send.
        authentication: How to prove who asks: user and password (basic), a token (bearer), or a header of its own.
        user: The user's name, for basic.
        credential: The password, the token, or the header's value.
        header_name: The header that carries the credential, for the kind `header`.
        timeout: Seconds that the server may be silent; 0 waits for ever.
        verify: Whether the server's certificate must be trusted.
    """
    file = context.path(path)
    require_file(file, context)
    identity = Identity(authentication, user, credential, header_name)
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    started = time.perf_counter()
    with explained(file):
        source = await asyncio.to_thread(file.open, "rb")
    with source:
        size = file.stat().st_size
        own_headers: dict[str, str] = {}
        body: dict[str, Any]
        if send_as == "form":
            name = well_formed(file.name)
            body = {"files": {check_text("`field`", field): (name, source, kind)}, "data": wire_fields("`form`", form)}
        else:
            own_headers = {"Content-Type": kind, "Content-Length": str(size)}
            body = {"content": _blocks(source)}
        async with session.send(
            method,
            url,
            query=query,
            headers=headers,
            own_headers=own_headers,
            identity=identity,
            timeout=timeout,
            whole=False,
            follow_redirects=False,  # The file is read once and cannot be sent again.
            verify=verify,
            **body,
        ) as response:
            text = await _beginning(response, context.warn)
            if response.status_code >= 300:
                raise status_error(method, response, text)
    return Uploaded(response.status_code, text, size, time.perf_counter() - started, context.notes)


async def _save(response: httpx.Response, draft: Path, warn: Warn) -> int:
    size, waiting = 0, bytearray()
    with await asyncio.to_thread(draft.open, "wb") as target:
        async for block in unpacked(response, warn):
            waiting += block
            if len(waiting) >= _BLOCK:  # A thread for each block from the network would cost more than writing.
                await asyncio.to_thread(target.write, waiting)
                size += len(waiting)
                waiting = bytearray()
        await asyncio.to_thread(target.write, waiting)
    return size + len(waiting)


async def _blocks(source: IO[bytes]) -> AsyncIterator[bytes]:
    while block := await asyncio.to_thread(source.read, _BLOCK):
        yield block


async def _beginning(response: httpx.Response, warn: Warn) -> str:
    """The beginning of a body as text."""
    raw = b""
    async with aclosing(unpacked(response, warn)) as blocks:
        async for block in blocks:
            raw += block
            if len(raw) >= _LONGEST_ERROR_TEXT:
                break
    return read_body(raw[:_LONGEST_ERROR_TEXT], response, place(response.url), warn)

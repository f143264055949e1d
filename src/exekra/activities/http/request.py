"""Ask a web service and take its answer as data."""

from __future__ import annotations

import json as json_format
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from annotated_types import MinLen

from exekra.activities.http.address import check_text
from exekra.activities.http.errors import HTTP_ERRORS, AnswerTooLargeError, place, status_error
from exekra.activities.http.session import Authentication, HeaderName, HttpSession, Identity, Secret, User
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.types import MultilineText, Seconds, Widget

if TYPE_CHECKING:
    import httpx

CATEGORY = "API / Web Services"
ICON = "world"

LARGEST_ANSWER = 50_000_000
"""Bytes of an answer that are kept in memory."""

Url = Annotated[str, MinLen(1), Widget("text")]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered.

    Attributes:
        status: The status, such as 200.
        headers: The headers, their names in small letters.
        body: The body as text.
        json: The body as data, where the server says that it is JSON; otherwise null.
        url: The address that answered in the end, after redirects.
        seconds: How long the call took.
    """

    status: int
    headers: dict[str, str]
    body: str
    json: Any
    url: str
    seconds: float


@activity(id="http.request", title="HTTP Request", raises=(*HTTP_ERRORS, AnswerTooLargeError))
async def request(
    context: Context,
    session: HttpSession,
    /,
    *,
    url: Url,
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] = "GET",
    query: dict[str, Any] | None = None,
    headers: dict[str, Any] | None = None,
    json: Any = None,
    form: dict[str, Any] | None = None,
    body: MultilineText = "",
    authentication: Authentication = "none",
    user: User = "",
    credential: Secret = None,
    header_name: HeaderName = "X-API-Key",
    timeout: Seconds = 30,
    follow_redirects: bool = True,
    verify: bool = True,
    fail_on_error_status: bool = True,
) -> Answer:
    """Call a web service and take its answer.

    The calls of one execution share their connections and cookies. An answer may have 50 MB; Download has no limit.
    A status of 400 or above is an error, which `retry` repeats where it may pass (408, 425, 429, 500 and above).

    Args:
        url: The address, in full: https://example.com/orders.
        method: What to do there.
        query: Parameters to add to the address; a list gives several of one name, null leaves one out.
        headers: Headers to send.
        json: Data to send as JSON.
        form: Fields to send as a form.
        body: Text to send as it is; give its `Content-Type` under headers.
        authentication: How to prove who asks: user and password (basic), a token (bearer), or a header of its own.
        user: The user's name, for basic.
        credential: The password, the token, or the header's value.
        header_name: The header that carries the credential, for the kind `header`.
        timeout: Seconds that the whole call may take; 0 waits for ever.
        follow_redirects: Whether to follow redirects to the address that the server names.
        verify: Whether the server's certificate must be trusted.
        fail_on_error_status: Whether a status of 400 or above is an error; otherwise look at `status`.
    """
    content = _body(json, form, body)
    identity = Identity(authentication, user, credential, header_name)
    started = time.perf_counter()
    async with session.send(
        method,
        url,
        query=query,
        headers=headers,
        identity=identity,
        timeout=timeout,
        whole=True,
        follow_redirects=follow_redirects,
        verify=verify,
        **content,
    ) as response:
        raw = await _read(response)
    seconds = time.perf_counter() - started
    text = raw.decode(_encoding(response), errors="replace")
    if fail_on_error_status and response.status_code >= 400:
        raise status_error(method, response, text)
    data = None
    if raw and "json" in response.headers.get("content-type", ""):
        try:
            data = json_format.loads(raw)
        except ValueError as error:
            context.log(f"{place(response.url)} calls its answer JSON, but it is not: {error}", "warning")
    return Answer(response.status_code, dict(response.headers), text, data, place(response.url), seconds)


def _body(json: Any, form: dict[str, Any] | None, body: str) -> dict[str, Any]:
    given = {"json": json is not None, "form": form is not None, "body": body != ""}
    if sum(given.values()) > 1:
        names = " and ".join(name for name, there in given.items() if there)
        raise InputError(f"A call has one body, but {names} are given. Keep one of them.")
    if form is not None:
        return {"data": {name: value for name, value in form.items() if value is not None}}
    if json is not None:
        return {"json": json}
    check_text("`body`", body)
    return {"content": body.encode()} if body else {}


async def _read(response: httpx.Response) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > LARGEST_ANSWER:
            raise AnswerTooLargeError(
                f"The answer of {place(response.url)} is larger than {LARGEST_ANSWER // 1_000_000} MB. "
                "Use Download to put it into a file."
            )
        parts.append(part)
    return b"".join(parts)


def _encoding(response: httpx.Response) -> str:
    return response.charset_encoding if _is_known(response.charset_encoding) else "utf-8"  # type: ignore[return-value]  # None is not known.


def _is_known(encoding: str | None) -> bool:
    if encoding is None:
        return False
    try:
        "".encode(encoding)
    except LookupError:
        return False
    return True

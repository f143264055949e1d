"""Ask a web service and take its answer as data."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal

from annotated_types import MinLen

from exekra.activities.encoding_names import codec_of, written_encoding
from exekra.activities.http.answer import Warn, header_fields, read_body, read_json
from exekra.activities.http.decoding import unpacked
from exekra.activities.http.errors import HTTP_ERRORS, AnswerTooLargeError, place, status_error
from exekra.activities.http.session import Authentication, HeaderName, HttpSession, Identity, Secret, User
from exekra.activities.wire import check_text, wire_fields, wire_json
from exekra.kit.text import quoted
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

_FORM = "application/x-www-form-urlencoded"
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([^\s"';]+)""", re.IGNORECASE)
_XML_ENCODING = re.compile(r"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]+)""")

Url = Annotated[str, MinLen(1), Widget("text")]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered.

    Attributes:
        status: The status, such as 200.
        headers: The headers, their names in small letters. Set-Cookie, and each that came several times, is a list.
        body: The body as text.
        json: The body as data, where it is JSON; otherwise null.
        url: The address that answered in the end, after redirects.
        seconds: How long the call took.
        notes: What was guessed, or looked odd, in the answer.
    """

    status: int
    headers: dict[str, str | list[str]]
    body: str
    json: Any
    url: str
    seconds: float
    notes: list[str] = field(default_factory=list)


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
    """Call a web service and read its answer.

    The calls of one execution share their connections and cookies. An answer may have 50 MB; Download has no limit.
    A status of 400 or above is an error, which `retry` repeats where it may pass (408, 425, 429, 500 and above), and
    not before the time that the server names by Retry-After.

    Args:
        url: The address, in full: https://example.com/orders.
        method: What to do there.
        query: Parameters to add to the address; a list gives several of one name, null leaves one out.
        headers: Headers to send; null leaves one out.
        json: Data to send as JSON: tables as lists of objects, dates as 2026-01-31, durations in seconds.
        form: Fields to send as a form; a list gives several of one name, null leaves one out.
        body: Text to send as it is; give its `Content-Type` under headers. It is sent in the charset that this names,
            otherwise in UTF-8.
        authentication: How to prove who asks: user and password (basic), a token (bearer), or a header of its own.
        user: The user's name, for basic.
        credential: The password, the token, or the header's value.
        header_name: The header that carries the credential, for the kind `header`.
        timeout: Seconds that the whole call may take; 0 waits for ever.
        follow_redirects: Whether to follow redirects to the address that the server names.
        verify: Whether the server's certificate must be trusted.
        fail_on_error_status: Whether a status of 400 or above is an error; otherwise look at `status`.
    """
    content = _body(json, form, body, headers)
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
        note=context.note,
        **content,
    ) as response:
        raw = await _read(response, context.warn)
    seconds = time.perf_counter() - started
    where = place(response.url)
    text = read_body(raw, response, where, context.warn)
    if fail_on_error_status and response.status_code >= 400:
        raise status_error(method, response, text)
    _look_at_redirects(method, response, context.warn)
    data = read_json(text, response, where, context)
    headers_got = header_fields(response.headers)
    return Answer(response.status_code, headers_got, text, data, where, seconds, context.notes)


def _body(json: Any, form: dict[str, Any] | None, body: str, headers: dict[str, Any] | None) -> dict[str, Any]:
    given = {"json": json is not None, "form": form is not None, "body": body != ""}
    if sum(given.values()) > 1:
        names = " and ".join(name for name, there in given.items() if there)
        raise InputError(f"A call has one body, but {names} are given. Keep one of them.")
    kind = next((str(value) for name, value in (headers or {}).items() if name.lower() == "content-type" and value), "")
    if form is not None:
        if kind and kind.partition(";")[0].strip().lower() != _FORM:
            raise InputError(
                f"`form` is sent as {_FORM}, but the header Content-Type says otherwise. Leave that header out. To "
                "send a file in a form, use Upload."
            )
        return {"data": wire_fields("`form`", form)}
    if json is not None:
        return {"content": wire_json("`json`", json).encode(), "own_headers": {"Content-Type": "application/json"}}
    return {"content": _encoded(check_text("`body`", body), kind)} if body else {}


def _encoded(body: str, kind: str) -> bytes:
    """The body in the charset that its Content-Type names, else in the one that it names as XML, else in UTF-8."""
    found = _CHARSET.search(kind) or _XML_ENCODING.match(body)
    charset = found[1] if found else "utf-8"
    try:
        return body.encode(codec_of(written_encoding(charset)))
    except UnicodeEncodeError as error:
        sign = error.object[error.start : error.start + 1]
        raise InputError(f"`body` cannot be sent as {charset}, which has no {quoted(sign)}. Use utf-8.") from None
    except ValueError:
        raise InputError(f"`body` cannot be sent: its charset {quoted(charset, 40)} is unknown. Use utf-8.") from None


def _look_at_redirects(method: str, response: httpx.Response, warn: Warn) -> None:
    """Say so where a redirect made another request of the one that was meant, as it does in browsers."""
    if response.has_redirect_location is False and response.status_code in (301, 302, 303, 307, 308):
        warn(f"{place(response.url)} answered {response.status_code}, a redirect, but does not say where to.")
    sent = response.request.method
    if sent != method:
        status = next((one.status_code for one in response.history if one.request.method == method), 302)
        warn(
            f"{place(response.history[0].url)} redirected with the status {status}, so {method} became {sent}, and the "
            "body was not sent again. Use the address that it redirects to."
        )


async def _read(response: httpx.Response, warn: Warn) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in unpacked(response, warn):
        size += len(part)
        if size > LARGEST_ANSWER:
            raise AnswerTooLargeError(
                f"The answer of {place(response.url)} is larger than {LARGEST_ANSWER // 1_000_000} MB. "
                "Use Download to put it into a file."
            )
        parts.append(part)
    return b"".join(parts)

"""What can go wrong between here and a web service. No sentence ever holds a secret, a query or a user's name."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import responses
from typing import TYPE_CHECKING

from exekra.kit.number_text import number_text
from exekra.sdk.errors import ApplicationError, ExekraError, TimedOutError

if TYPE_CHECKING:
    import httpx


class HttpConnectionError(ApplicationError):
    """The server cannot be reached, or the connection broke."""


class HttpTimeoutError(TimedOutError):
    """The server did not answer in time."""


class HttpTlsError(ApplicationError):
    """The server's certificate is not trusted, or no encrypted connection came about."""

    retryable = False


class HttpStatusError(ApplicationError):
    """The server answered with an error status (400 or above).

    It may be retried where the status says that it may pass: 408, 425, 429 and 500 or above.

    Attributes:
        status: The status, such as 503.
        retry_after: The seconds after which the server wants to be asked again, where it said so.
    """

    def __init__(self, message: str, *, status: int, retry_after: float | None = None) -> None:
        super().__init__(message, retryable=status in (408, 425, 429) or status >= 500)
        self.status = status
        self.retry_after = retry_after


class AnswerTooLargeError(ApplicationError):
    """The answer is larger than a workflow should hold."""

    retryable = False


HTTP_ERRORS = (HttpConnectionError, HttpTimeoutError, HttpTlsError, HttpStatusError)
"""What every call may raise."""

_LONGEST_QUOTE = 300
_OUT_OF_TIME = (9, 10)
"""What OpenSSL says of a certificate that is not valid yet, or no longer."""
_OTHER_NAME = (62, 64)
"""What it says of a certificate for another host, or another address."""
_SECONDS = re.compile(r"[0-9]{1,15}(?:\.[0-9]+)?")


def place(url: httpx.URL) -> str:
    """A URL as it may be shown: without user, password, query and fragment."""
    return str(url.copy_with(username=None, password=None, query=None, fragment=None))


def timed_out(url: httpx.URL, seconds: float, proxy: str = "") -> HttpTimeoutError:
    """The error for a server that stayed silent; `proxy` says through which proxy it was asked."""
    through = f" through {proxy}" if proxy else ""
    return HttpTimeoutError(
        f"{url.host} did not answer{through} within {seconds:g} s ({place(url)}). "
        "Ask again later, or allow more time by `timeout`."
    )


def status_error(method: str, response: httpx.Response, body: str) -> HttpStatusError:
    """The error for an answer that is not a success; quotes the beginning of what the server said."""
    status = response.status_code
    name = responses.get(status, "unknown status")
    said = " ".join(body.split())
    quote = f" It said: {said[:_LONGEST_QUOTE]}{'...' if len(said) > _LONGEST_QUOTE else ''}" if said else ""
    location = response.headers.get("location", "").strip()
    if location and 300 <= status < 400:
        quote = f" It redirects to {_target(response, location)}; use that URL.{quote}"
    retry_after = _retry_after(response)
    wait = f" It asks to wait {number_text(round(retry_after, 1))} s." if retry_after is not None else ""
    return HttpStatusError(
        f"{method} {place(response.request.url)} answered {status} ({name}).{wait}{quote}",
        status=status,
        retry_after=retry_after,
    )


def _target(response: httpx.Response, location: str) -> str:
    """Where an answer redirects to, as it may be shown."""
    import httpx

    try:
        return place(response.request.url.join(location))
    except (httpx.InvalidURL, ValueError):
        return "a URL that is not valid"


def _retry_after(response: httpx.Response) -> float | None:
    """The seconds of Retry-After. Where it is a date, they are counted by the server's own clock if it tells it."""
    value = response.headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    until = _http_date(value)
    if until is None:
        return None
    now = _http_date(response.headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (until - now).total_seconds())


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def explain(
    error: httpx.RequestError | httpx.InvalidURL | ExceptionGroup[Exception],
    url: httpx.URL,
    seconds: float,
    proxy: str = "",
) -> ExekraError:
    """Our error for one of the HTTP library's; `url` is what was requested, before any redirect."""
    import httpx

    if isinstance(error, httpx.RequestError) and getattr(error, "_request", None) is not None:
        url = error.request.url

    if isinstance(error, httpx.TimeoutException):
        return timed_out(url, seconds, proxy)
    if isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL):  # A URL that a person wrote was looked at.
        return HttpConnectionError(f"{place(url)} redirects to a URL that is not valid.", retryable=False)
    if isinstance(error, httpx.RemoteProtocolError) and "location header" in str(error):
        return HttpConnectionError(f"{place(url)} redirects to a URL that is not valid.", retryable=False)
    if isinstance(error, httpx.TooManyRedirects):
        return HttpConnectionError(f"{place(url)} redirects in a circle.", retryable=False)
    where = f"{url.host}:{url.port or (443 if url.scheme == 'https' else 80)}"
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return HttpTlsError(
                f"The certificate of {where} is not trusted: {cause.verify_message.rstrip('.')}. {_advice(cause)}, or "
                "switch `verify` off where you know the server."
            )
        if isinstance(cause, ssl.SSLError):
            reason = (cause.reason or "unknown reason").replace("_", " ").lower()
            return HttpTlsError(
                f"An encrypted connection to {where} could not be set up: {reason}. Is it an https address?"
            )
        if isinstance(cause, socket.gaierror):
            return HttpConnectionError(f"There is no host named {url.host}, or no name server to ask. Check the URL.")
        if isinstance(cause, ConnectionRefusedError):
            return HttpConnectionError(f"{where} refused the connection. Is the server running, and the port right?")
    detail = _BYTES.sub(r"`\1`", str(error).strip().rstrip(".")) or type(error).__name__
    return HttpConnectionError(f"The connection to {where} failed: {detail}.")


_BYTES = re.compile(r"bytearray\(b'(.*)'\)")
"""How the library shows what it could not read."""


def _advice(error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code in _OUT_OF_TIME:
        return "Compare this machine's clock, tell who runs the server"
    if error.verify_code in _OTHER_NAME:
        return "Use the name that the certificate has"
    return "Install the certificate of the organisation on this machine"


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and all that caused it, those of several attempts too."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for part in error.exceptions:
                yield from causes(part)
        error = error.__cause__ or error.__context__

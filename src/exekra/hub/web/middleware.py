"""What wraps every request: a limit on the size of the body, security headers, and the answer to failures.

One plain ASGI layer: it costs microseconds, and nothing is buffered.
"""

from __future__ import annotations

import math
import re

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from exekra.hub.web.answers import error_response, failure

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Pages load nothing from elsewhere, and no page of another site may frame them."""

HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"content-security-policy", POLICY.encode()),
]
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")


class RequestMiddleware:
    """Bounds bodies, adds security headers, and answers what fails.

    Args:
        app: The application.
        limit: The largest body in bytes; reading stops there, whatever Content-Length says.
        streamed: Addresses whose routes bound the body themselves.
        https: Whether people reach the Hub by HTTPS.
    """

    def __init__(self, app: ASGIApp, *, limit: int, streamed: re.Pattern[str], https: bool) -> None:
        self.app = app
        self.limit = limit
        self.streamed = streamed
        self.headers = [*HEADERS, STRICT_TRANSPORT] if https else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False
        private = scope["path"].startswith("/api/")

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                given = message.get("headers", ())
                own = {name.lower() for name, _ in given}
                # Headers that a route sets itself take precedence, such as those of a file that a page shows.
                headers = [*given, *(header for header in self.headers if header[0] not in own)]
                message["headers"] = headers
                if private and not any(name == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
            await send(message)

        limit = math.inf if self.streamed.fullmatch(scope["path"]) else self.limit
        if self._announced(scope) > limit:
            await self._too_large()(scope, receive, send_with_headers)
            return
        size = 0

        async def receive_bounded() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > limit:
                raise HTTPException(413)
            return message

        try:
            await self.app(scope, receive_bounded, send_with_headers)
        except Exception as error:
            if started:
                raise  # the answer has been started: the server can only cut it off
            response = self._too_large() if _is_too_large(error) else failure(scope, error)
            await response(scope, receive, send_with_headers)

    def _announced(self, scope: Scope) -> int:
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit():
                return int(value)
        return 0

    def _too_large(self) -> ASGIApp:
        return error_response(
            413,
            "too-large",
            f"The request is larger than {self.limit // 1024:,} KB.",
            hint="An administrator can raise EXEKRA_REQUEST_LIMIT_BYTES.",
            headers={"Connection": "close"},
        )


def _is_too_large(error: BaseException) -> bool:
    return isinstance(error, HTTPException) and error.status_code == 413

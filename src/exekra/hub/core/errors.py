"""The Hub's errors: one class for each HTTP status.

HubError                 status 500, code `internal`
├── Disabled             400  it is switched off
├── Invalid              422  the request is understood but not valid
├── Unauthenticated      401  not signed in, or the token is no longer valid
├── Forbidden            403  the actor does not have permission
├── NotFound             404
├── Conflict             409  the request conflicts with what exists
├── TooLarge             413
├── Unsupported          415  the body has another format than the route takes
├── TooMany              429  wait, then try again
└── Unavailable          503  the Hub cannot do it now
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from exekra.sdk.errors import RefusedError


class HubError(RefusedError):
    """The Hub could not fulfil the request.

    Attributes:
        status: The HTTP status.
        code: A kebab-case word that a program can compare.
        where: The field or thing that the message is about, such as `body.email`.
        hint: What to do about it.
        problems: Several findings about one request (a publish check), each an object of JSON-like data.
        headers: HTTP headers of the answer.
    """

    status = 500
    code = "internal"

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        where: str | None = None,
        hint: str | None = None,
        problems: Sequence[dict[str, Any]] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code or type(self).code
        self.where = where
        self.hint = hint
        self.problems = problems
        self.headers = headers


class Disabled(HubError):
    """It is switched off."""

    status = 400
    code = "disabled"


class Invalid(HubError):
    """The request is not valid."""

    status = 422
    code = "invalid"


class Unauthenticated(HubError):
    """Sign in first."""

    status = 401
    code = "unauthenticated"


class Forbidden(HubError):
    """Your role does not allow this."""

    status = 403
    code = "forbidden"


class NotFound(HubError):
    """Nothing was found."""

    status = 404
    code = "not-found"


class Conflict(HubError):
    """This conflicts with what exists."""

    status = 409
    code = "conflict"


class TooLarge(HubError):
    """The request is too large."""

    status = 413
    code = "too-large"


class Unsupported(HubError):
    """The body has a format that is not understood here."""

    status = 415
    code = "unsupported-format"


class TooMany(HubError):
    """Too many requests; wait a little."""

    status = 429
    code = "too-many-requests"


class Unavailable(HubError):
    """The Hub cannot do this now; try again in a moment."""

    status = 503
    code = "unavailable"
    retryable = True

"""Signed tokens (JWT, HS256) that identify who makes a request. Whether the owner still has access is checked at each
request.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

import jwt
from cachetools import LRUCache

from exekra.hub.core.errors import Unauthenticated
from exekra.kit.clock import Clock
from exekra.kit.ids import new_id

TokenKind = Literal["user", "runner", "browser"]
"""A `browser` token grants no access: it marks a browser from which somebody has signed in before."""

REMEMBERED = 10_000
"""How many tokens whose signature was right are remembered; checking one takes a tenth of a small request."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims:
    """The claims of a token.

    Attributes:
        id: The token's own id: a sign-out revokes it.
        kind: Whom it belongs to.
        subject: The id of that user or Runner.
        version: Must equal the subject's `token_version`; raising that invalidates all of the subject's tokens.
        expires_at: From then on, the token is refused.
    """

    id: UUID
    kind: TokenKind
    subject: UUID
    version: int
    expires_at: datetime


class Tokens:
    """Issues and reads the tokens of one Hub installation."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock
        self._genuine: LRUCache[str, Claims] = LRUCache(REMEMBERED)

    def issue(self, kind: TokenKind, subject: UUID, version: int, lifetime: timedelta) -> tuple[str, Claims]:
        """Make a token; its times are whole seconds."""
        now = self._clock.now()
        claims = Claims(
            id=new_id(),
            kind=kind,
            subject=subject,
            version=version,
            expires_at=(now + lifetime).replace(microsecond=0),
        )
        token = jwt.encode(
            {
                "jti": str(claims.id),
                "kind": kind,
                "sub": str(subject),
                "ver": version,
                "iat": int(now.timestamp()),
                "exp": int(claims.expires_at.timestamp()),
            },
            self._secret,
            algorithm="HS256",
        )
        return token, claims

    def read(self, token: str) -> Claims:
        """Check a token's signature and time.

        Raises:
            Unauthenticated: It is damaged, forged or expired (code `token-expired`).
        """
        claims = self._genuine.get(token)
        if claims is None:
            claims = self._genuine[token] = self._decode(token)
        if claims.expires_at <= self._clock.now():
            raise Unauthenticated("The token has expired: sign in again.", code="token-expired")
        return claims

    def _decode(self, token: str) -> Claims:
        try:
            payload = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                options={
                    "require": ["jti", "kind", "sub", "ver", "exp"],
                    "verify_exp": False,  # compared with our own clock below
                    "verify_iat": False,  # the clocks of two Hubs may differ slightly
                },
            )
            if payload["kind"] not in get_args(TokenKind):
                raise ValueError
            return Claims(
                id=UUID(payload["jti"]),
                kind=payload["kind"],
                subject=UUID(payload["sub"]),
                version=int(payload["ver"]),
                expires_at=datetime.fromtimestamp(payload["exp"], UTC),
            )
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, OSError):
            raise Unauthenticated("The token is not valid: sign in again.", code="token-invalid") from None

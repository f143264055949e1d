"""Authenticates the Runner to the Hub, and keeps its token."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import httpx
import msgspec

from exekra.runner.link.connection import LinkLostError, reason
from exekra.runner.link.secret import find_secret
from exekra.runner.settings import RunnerSettings
from exekra.sdk.errors import RefusedError

RENEW_BEFORE_SECONDS = 3600.0
"""A token that expires sooner is renewed before it is used."""


class SecretRefusedError(RefusedError):
    """The Hub does not know the machine key, or the secret is wrong. Only a person can fix that."""


class _Answer(msgspec.Struct, frozen=True):
    token: str
    expires_at: datetime


class Authentication:
    """Holds the Runner's token."""

    def __init__(self, settings: RunnerSettings, client: httpx.AsyncClient) -> None:
        self._settings = settings
        self._client = client
        self._token: str | None = None
        self._renew_at = 0.0
        self._secret: str | None = None

    def forget(self) -> None:
        """The Hub refused the token: get another one before the next use."""
        self._token = None

    async def has_new_secret(self) -> bool:
        """Whether the secret has changed since it was used."""
        return await find_secret(self._settings) != self._secret

    async def token(self) -> str:
        """A token that stays valid for a while.

        Raises:
            SecretRefusedError: The Hub refused the key or the secret.
            LinkLostError: The Hub cannot be reached.
        """
        if self._token is None or time.time() >= self._renew_at:
            answer = (await self._refresh(self._token) if self._token else None) or await self._authenticate()
            self._token = answer.token
            self._renew_at = answer.expires_at.timestamp() - RENEW_BEFORE_SECONDS
        return self._token

    async def _refresh(self, token: str) -> _Answer | None:
        """A new token in exchange for one that is still valid; None if the secret is needed."""
        answer = await self._post("/api/runner/refresh", headers={"Authorization": f"Bearer {token}"})
        return self._read(answer) if answer.is_success else None

    async def _authenticate(self) -> _Answer:
        hub = self._settings.hub_url
        self._secret = await find_secret(self._settings)
        proof = {"machine_key": self._settings.machine_key, "machine_secret": self._secret}
        answer = await self._post("/api/runner/authenticate", json=proof)
        if answer.status_code in {401, 403}:
            raise SecretRefusedError(
                f"The Hub at {hub} refused this Runner ({self._settings.machine_key}): the machine key is unknown or "
                "the secret is wrong. Regenerate the secret in the Hub and store it on this machine."
            )
        if not answer.is_success:
            raise LinkLostError(f"The Hub at {hub} answered HTTP {answer.status_code} to the Runner's sign-in.")
        return self._read(answer)

    async def _post(self, path: str, **content: Any) -> httpx.Response:
        try:
            return await self._client.post(path, **content)
        except httpx.HTTPError as error:
            hub = self._settings.hub_url
            raise LinkLostError(f"The Hub at {hub} could not be reached: {reason(error)}.") from None

    def _read(self, answer: httpx.Response) -> _Answer:
        try:
            return msgspec.json.decode(answer.content, type=_Answer)
        except msgspec.DecodeError:
            raise LinkLostError(f"The server at {self._settings.hub_url} is not an Exekra Hub.") from None

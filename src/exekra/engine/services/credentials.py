"""Where the values of credentials come from."""

from __future__ import annotations

from typing import Protocol


class SecretSource(Protocol):
    """Gives the values of credentials."""

    async def get(self, name: str) -> str:
        """The value of the credential; `name` is empty for a plain `{{credential}}`.

        Raises:
            ExekraError: There is no such credential, or it may not be used here.
        """
        ...

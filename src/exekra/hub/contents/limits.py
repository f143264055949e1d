"""The settings that limit how large files may be, and the refusal of what is larger."""

from __future__ import annotations

from typing import Literal

from exekra.hub.core.errors import HubError, TooLarge
from exekra.hub.core.settings import Settings

MEGABYTE = 1024 * 1024

Limit = Literal["largest_file_mb", "largest_files_mb", "largest_workflow_file_mb", "largest_workflow_files_mb"]
"""A setting in megabytes: of one file, or of several together."""


def limit_bytes(settings: Settings, limit: Limit) -> int:
    """A limit in bytes."""
    megabytes: int = getattr(settings, limit)
    return megabytes * MEGABYTE


def refuse_larger(
    settings: Settings,
    limit: Limit,
    size: int,
    what: str,
    *,
    where: str | None = None,
    error: type[HubError] = TooLarge,
) -> None:
    """Refuse what is larger than a limit.

    Args:
        settings: The Hub's settings.
        limit: The one that counts.
        size: Bytes.
        what: How the message begins, such as `The file has`.
        where: What the message is about.
        error: The refusal: another one where the request's body is not itself too large.

    Raises:
        HubError: It is larger, as `error`.
    """
    if size > limit_bytes(settings, limit):
        raise error(
            f"{what} {size / MEGABYTE:,.1f} MB; at most {getattr(settings, limit):,} MB are allowed.",
            code="files-too-large" if "files" in limit else "file-too-large",
            where=where,
            hint=f"An administrator can raise EXEKRA_{limit.upper()}.",
        )

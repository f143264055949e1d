"""Call web services: ask, download, upload."""

from exekra.activities.http import request, transfer

CATEGORY = "API / Web Services"

__all__ = ["request", "transfer"]

"""Files and folders: content, names, waiting for them, and ZIP archives."""

from exekra.activities.file import archives, arrival, content, keeping, listing, places

CATEGORY = "File and Folder"

__all__ = ["archives", "arrival", "content", "keeping", "listing", "places"]

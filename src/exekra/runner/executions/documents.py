"""Workflow documents by content hash, on disk, so that the Hub sends each one once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path

_HASH = re.compile(r"[A-Za-z0-9_-]{1,128}")
_DIGEST = 32


class DocumentCache:
    """A bounded cache. A damaged file counts as missing; a full disk only makes it less useful.

    Args:
        folder: Where the files are.
        limit: The most bytes of all files together; the least recently used are removed first.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._recent: OrderedDict[str, bytes] = OrderedDict()
        self._recent_bytes = 0

    def put(self, hash: str, document: bytes) -> None:
        """Store a document, given as JSON."""
        if _HASH.fullmatch(hash) is None or hash in self._recent:
            return
        self._remember(hash, document)
        path = self._folder / hash
        fresh = path.with_suffix(".new")
        with contextlib.suppress(OSError):
            fresh.write_bytes(hashlib.sha256(document).digest() + document)
            fresh.replace(path)
            self._make_room()

    def get(self, hash: str) -> bytes | None:
        """The document as JSON, or None if it must be requested."""
        if hash in self._recent:
            self._recent.move_to_end(hash)
            return self._recent[hash]
        if _HASH.fullmatch(hash) is None:
            return None
        path = self._folder / hash
        try:
            content = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        document = content[_DIGEST:]
        if hashlib.sha256(document).digest() != content[:_DIGEST]:
            path.unlink(missing_ok=True)
            return None
        self._remember(hash, document)
        return document

    def missing(self, hashes: Iterable[str]) -> tuple[str, ...]:
        """The documents that must be requested."""
        return tuple(hash for hash in dict.fromkeys(hashes) if self.get(hash) is None)

    def _remember(self, hash: str, document: bytes) -> None:
        self._recent[hash] = document
        self._recent_bytes += len(document)
        while self._recent_bytes > self._limit // 8 and len(self._recent) > 1:
            _, oldest = self._recent.popitem(last=False)
            self._recent_bytes -= len(oldest)

    def _make_room(self) -> None:
        files = sorted((file.stat().st_mtime, file.stat().st_size, file) for file in self._folder.iterdir())
        total = sum(size for _, size, _ in files)
        for _, size, file in files:
            if total <= self._limit:
                return
            file.unlink(missing_ok=True)
            total -= size

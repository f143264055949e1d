"""A serving Hub for the tests of files."""

from __future__ import annotations

from at_work import work

__all__ = ["work"]

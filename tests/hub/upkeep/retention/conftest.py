"""The fixture of a serving Hub."""

from at_work import work

__all__ = ["work"]

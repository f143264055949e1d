"""Work on tables: choose, order, combine and sum up rows."""

from exekra.activities.data import combine, filtering, shape, summary

CATEGORY = "Data Tables"

__all__ = ["combine", "filtering", "shape", "summary"]

"""Excel workbooks without Excel: reading is quick, writing is whole or not at all."""

from exekra.activities.excel import changing, reading, rows, sheets, writing

CATEGORY = "Excel"

__all__ = ["changing", "reading", "rows", "sheets", "writing"]

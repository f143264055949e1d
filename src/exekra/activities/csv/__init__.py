"""Text files of rows with separators, whatever program and country they come from."""

from exekra.activities.csv.dialect import CsvError
from exekra.activities.csv.reading import read
from exekra.activities.csv.writing import append, write

CATEGORY = "CSV"

__all__ = ["CsvError", "append", "read", "write"]

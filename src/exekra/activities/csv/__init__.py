"""Text files of rows with separators, whatever program and country they come from.

`dialect` is how a file is laid out, `rows` gives its rows; `numbers` and `types` say what the texts of a column mean.
`quick` and `typed_columns` do the same for large files by the engine for tables, as `quick_writing` does for writing.
`text_of_values` makes fields of values, and `file_form` is how an existing file is written.
"""

from exekra.activities.csv.dialect import CsvError
from exekra.activities.csv.reading import read
from exekra.activities.csv.writing import append, write

CATEGORY = "CSV"

__all__ = ["CsvError", "append", "read", "write"]

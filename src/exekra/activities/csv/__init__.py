"""Text files of rows with separators, whatever program and country they come from.

`dialect` is how a file is laid out, `rows` gives its rows; `numbers` and `types` say what the texts of a column mean.
For large files, the engine for tables does the same: `blocks` are a file's bytes, `quick` makes texts of them,
`likely_types` and `doubtful_columns` are what these become, and `typed_columns` brings it together; `quick_writing`
writes.
`text_of_values` makes fields of values, and `file_form` is how an existing file is written.
"""

from exekra.activities.csv.dialect import CsvError
from exekra.activities.csv.reading import read
from exekra.activities.csv.writing import append, write

CATEGORY = "CSV"

__all__ = ["CsvError", "append", "read", "write"]

"""The functions that expressions may call, a module a family. Importing this package registers them all."""

from exekra.flow.expressions.library import data, date, list, number, object, path, table, text

__all__ = ["data", "date", "list", "number", "object", "path", "table", "text"]

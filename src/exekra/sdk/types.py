"""The closed vocabulary of value types that an activity's inputs may have beyond Python's own.

Each type names the widget that Studio shows for it; the schema of an input carries it as `x-widget`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le, MinLen
from pydantic import Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from exekra.sdk.catalogue import Plain
from exekra.sdk.selector import Selector

__all__ = [
    "ColumnOf",
    "CredentialRef",
    "ExistingFile",
    "FilePath",
    "FolderPath",
    "MultilineText",
    "PythonCode",
    "Record",
    "Seconds",
    "Selector",
    "Text",
    "When",
    "Widget",
    "WidgetName",
]

WidgetName = Literal[
    "text",
    "multiline",
    "number",
    "switch",
    "choice",
    "seconds",
    "column",
    "file",
    "folder",
    "code",
    "credential",
    "table",
    "list",
    "object",
    "any",
    "selector",
    "date",
    "workflow",
    "workflow_version",
]


@dataclass(frozen=True, slots=True)
class Widget:
    """How Studio lets a person fill an input in.

    Attributes:
        name: The component to show. `workflow` is for the name of a published workflow, and `workflow_version` for a
            version of the one that the same node calls.
        language: For `code`: what the editor highlights.
    """

    name: WidgetName
    language: str | None = None


class When:
    """When an input has a meaning: `Annotated[Text, When(authentication="basic")]` is for basic alone.

    The form shows the input only then, and the check warns of a value that stands there in vain. The function gets
    the value all the same.

    Args:
        conditions: For each other input the value that it must have, or a tuple of values of which it must have one.
    """

    __slots__ = ("conditions",)

    def __init__(self, **conditions: Plain | tuple[Plain, ...]) -> None:
        self.conditions: tuple[tuple[str, tuple[Plain, ...]], ...] = tuple(
            (name, value if isinstance(value, tuple) else (value,)) for name, value in conditions.items()
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, When) and self.conditions == other.conditions

    def __hash__(self) -> int:
        return hash(self.conditions)


class ColumnOf:
    """A text that names a column of the table in another input: `Annotated[str, ColumnOf("rows")]`.

    Studio then offers the columns of that table; any other text may still be written. It also works inside a list or an
    object.

    Args:
        table: The input that holds the table.
    """

    __slots__ = ("table",)

    def __init__(self, table: str) -> None:
        self.table = table

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(schema) | {"x-widget": "column", "x-table": self.table}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ColumnOf) and self.table == other.table

    def __hash__(self) -> int:
        return hash((ColumnOf, self.table))


Text = Annotated[str, Widget("text")]
"""One line of text; may be empty."""

MultilineText = Annotated[str, Widget("multiline")]
"""Text of several lines."""

Seconds = Annotated[float, Ge(0), Le(31_536_000), Widget("seconds")]
"""A length of time in seconds, at most a year."""

FilePath = Annotated[str, MinLen(1), Widget("file")]
"""A path of a file; a relative one starts at the execution's work folder (`Context.path`)."""

ExistingFile = Annotated[str, MinLen(1), Widget("file"), Field(json_schema_extra={"x-takes": ["file"]})]
"""A path of a file that is read, whatever it holds. Studio fills in the file that the step before gives."""

FolderPath = Annotated[str, MinLen(1), Widget("folder")]
"""A path of a folder; a relative one starts at the execution's work folder."""

PythonCode = Annotated[str, MinLen(1), Widget("code", "python")]
"""Source text of Python. Braces in it are never templates."""

CredentialRef = Annotated[str, MinLen(1), Widget("credential")]
"""A secret out of the Hub's vault. Holds the value at run time only; it is never logged or stored."""

Record = dict[str, Any]
"""An object of JSON-like data: one order, one answer, one row."""

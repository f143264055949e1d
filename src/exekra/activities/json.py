"""JSON as text and in files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from annotated_types import Ge, Le

from exekra.activities.disk import READ_ERRORS, WRITE_ERRORS, explained, replacing, require_file
from exekra.activities.json_text import json_text
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import BusinessError
from exekra.sdk.table import Table
from exekra.sdk.types import FilePath, MultilineText

CATEGORY = "JSON"
ICON = "braces"

Indent = Annotated[int, Ge(0), Le(8)]


class JsonError(BusinessError):
    """The text is not JSON."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the text means.

    Attributes:
        value: The value: an object, a list, a text, a number, true, false or null.
    """

    value: Any


@dataclass(frozen=True, slots=True)
class Formatted:
    """The value as text.

    Attributes:
        text: The JSON text.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes:
        path: The file's absolute path.
    """

    path: str


@dataclass(frozen=True, slots=True)
class LinesRead:
    """What was read.

    Attributes:
        rows: A row for each line; its columns are the keys of all objects.
        count: The number of rows.
    """

    rows: Table
    count: int


@activity(title="Parse JSON", raises=(JsonError,))
def parse(*, text: MultilineText) -> Parsed:
    """Turn JSON text into a value.

    Args:
        text: The JSON text.
    """
    return Parsed(_parse(text, "The text"))


@activity(title="Format as JSON")
def format(*, value: Any, indent: Indent = 0) -> Formatted:
    """Turn a value into JSON text.

    Tables become lists of objects, dates 2026-01-31, durations their seconds.

    Args:
        value: The value.
        indent: Blanks for each level; 0 puts all on one line.
    """
    return Formatted(json_text(value, indent or None))


@activity(title="Read JSON file", raises=(*READ_ERRORS, JsonError), blocking=True)
def read_file(context: Context, /, *, path: FilePath) -> Parsed:
    """Read a JSON file.

    Args:
        path: The file, in UTF-8.
    """
    file = context.path(path)
    return Parsed(_parse(_read(file, context), str(file)))


@activity(title="Write JSON file", raises=WRITE_ERRORS, blocking=True)
def write_file(context: Context, /, *, path: FilePath, value: Any, indent: Indent = 2) -> Written:
    """Write a value into a JSON file.

    A file of that name is replaced once the new one is complete.

    Args:
        path: The file.
        value: The value.
        indent: Blanks for each level; 0 puts all on one line.
    """
    file = context.path(path)
    text = json_text(value, indent or None)
    with replacing(file) as draft:
        draft.write_text(f"{text}\n", encoding="utf-8")
    return Written(str(file))


@activity(title="Read JSON lines", raises=(*READ_ERRORS, JsonError), blocking=True)
def read_lines(context: Context, /, *, path: FilePath) -> LinesRead:
    """Read a file that has one JSON object in each line (.jsonl, .ndjson) as a table.

    Args:
        path: The file, in UTF-8. Empty lines are left out.
    """
    file = context.path(path)
    require_file(file, context)
    with explained(file):
        table = Table.from_records(_objects(context, file))
    return LinesRead(table, len(table))


def _objects(context: Context, file: Path) -> Iterator[dict[str, Any]]:
    try:
        with file.open(encoding="utf-8-sig") as source:
            for number, line in enumerate(source, 1):
                if number % 10_000 == 0:
                    context.raise_if_stopped()
                if not line.strip():
                    continue
                value = _parse(line, f"{file}, line {number},")
                if not isinstance(value, dict):
                    raise JsonError(f"{file}, line {number}, holds no object: {line.strip()[:40]}.")
                yield value
    except UnicodeDecodeError:
        raise _not_utf8(file) from None


def _read(file: Path, context: Context) -> str:
    require_file(file, context)
    try:
        with explained(file):
            return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _not_utf8(file) from None


def _not_utf8(file: Path) -> JsonError:
    return JsonError(f"{file} is not UTF-8, which JSON has to be. Save it as UTF-8.")


def _parse(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        start = max(0, error.pos - 20)
        near = text[start : error.pos + 20].strip().replace("\n", " ")
        raise JsonError(
            f"{where} is not JSON: {error.msg[0].lower()}{error.msg[1:]} in line {error.lineno}, column {error.colno}"
            f"{f', near `{near}`' if near else ''}."
        ) from None
    except RecursionError:
        raise JsonError(f"{where} is nested too deeply to be read.") from None
    except ValueError:  # Python refuses to read numbers of more than 4,300 digits.
        raise JsonError(f"{where} has a number of thousands of digits in it.") from None

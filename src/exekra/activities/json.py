"""JSON as text and in files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from annotated_types import Ge, Le

from exekra.activities.disk import READ_ERRORS, WRITE_ERRORS, explained, replacing, require_file
from exekra.activities.encodings import Detected, Encoding, detect, open_text
from exekra.activities.json_reading import JsonError, JsonReader
from exekra.activities.json_text import json_text
from exekra.kit.text import well_formed
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.table import Table
from exekra.sdk.types import FilePath, MultilineText

CATEGORY = "JSON"
ICON = "braces"

_SEPARATOR = "\x1e"
"""Stands before each value in one form of such files (RFC 7464)."""

Indent = Annotated[int, Ge(0), Le(8)]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the text means.

    Attributes:
        value: The value: an object, a list, a text, a number, true, false or null.
        notes: What is doubtful, such as a name that an object has twice. Empty in the ordinary case.
    """

    value: Any
    notes: list[str]


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

    path: FilePath


@dataclass(frozen=True, slots=True)
class LinesRead:
    """What was read.

    Attributes:
        rows: A row for each line; its columns are the keys of all objects.
        count: The number of rows.
        notes: What is doubtful, such as a name that an object has twice. Empty in the ordinary case.
    """

    rows: Table
    count: int
    notes: list[str]


@activity(title="Parse JSON", raises=(JsonError,))
def parse(context: Context, /, *, text: MultilineText) -> Parsed:
    """Turn JSON text into a value.

    A byte order mark before it is skipped; half of a character (a lone surrogate) becomes U+FFFD. NaN, Infinity and
    numbers that are too large are errors, because they are not JSON.

    Args:
        text: The JSON text.
    """
    return _parsed(context, "The text", text)


@activity(title="Format as JSON")
def format(*, value: Any, indent: Indent = 0) -> Formatted:
    """Turn a value into JSON text.

    Tables become lists of objects, dates 2026-01-31, durations their seconds; decimals keep all of their digits.

    Args:
        value: The value.
        indent: Blanks for each level; 0 puts all on one line.
    """
    return Formatted(well_formed(json_text(value, indent or None)))


@activity(title="Read JSON file", raises=(*READ_ERRORS, JsonError), blocking=True)
def read_file(context: Context, /, *, path: FilePath, encoding: Encoding = "auto") -> Parsed:
    """Read a JSON file, by the rules of Parse JSON.

    Args:
        path: The file.
        encoding: How letters are stored; `auto` takes UTF-8, UTF-16 or UTF-32.
    """
    file = context.path(path)
    require_file(file, context)
    with explained(file):
        found = _unicode(file, encoding)
        with open_text(file, found, JsonError) as source:
            text = source.read()
    for note in found.notes:
        context.warn(note)
    return _parsed(context, str(file), text)


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
    text = well_formed(json_text(value, indent or None))
    with replacing(file) as draft:
        draft.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return Written(str(file))


@activity(title="Read JSON lines", raises=(*READ_ERRORS, JsonError), blocking=True)
def read_lines(context: Context, /, *, path: FilePath, encoding: Encoding = "auto") -> LinesRead:
    """Read a file that has one JSON object in each line (.jsonl, .ndjson) as a table, by the rules of Parse JSON.

    Args:
        path: The file. Empty lines are left out.
        encoding: How letters are stored; `auto` takes UTF-8, UTF-16 or UTF-32.
    """
    file = context.path(path)
    require_file(file, context)
    reader = JsonReader(str(file))
    with explained(file):
        found = _unicode(file, encoding)
        records = list(_objects(context, file, found, reader))
        table = Table.from_records(records)
    for note in found.notes:
        context.warn(note)
    reader.say(context)
    if records and not table.columns:
        context.warn(f"All objects of {file} ({len(records):,}) are empty, and a table without columns has no rows.")
    return LinesRead(table, len(table), context.notes)


def _parsed(context: Context, where: str, text: str) -> Parsed:
    reader = JsonReader(where)
    value = reader.read(text)
    reader.say(context)
    return Parsed(value, context.notes)


def _objects(context: Context, file: Path, found: Detected, reader: JsonReader) -> Iterator[dict[str, Any]]:
    with open_text(file, found, JsonError, newline=None) as source:
        for number, line in enumerate(source, 1):
            if number % 10_000 == 0:
                context.raise_if_stopped()
            if not line.strip():
                continue
            value = reader.read(line.lstrip(_SEPARATOR), number)
            if not isinstance(value, dict):
                hint = " Use Read JSON file for one list." if isinstance(value, list) else ""
                raise JsonError(f"{file}, line {number}, is not an object: {line.strip()[:40]}.{hint}")
            yield value


def _unicode(file: Path, encoding: str) -> Detected:
    """The encoding of a file; one that is not stated is a form of Unicode, as JSON has to be."""
    found = detect(file, encoding, JsonError)
    if encoding == "auto" and not found.encoding.startswith("utf-"):
        raise JsonError(
            f"{file} is not UTF-8, which JSON has to be; by its letters it may be {found.encoding}. Choose its "
            "`encoding`, or save it as UTF-8."
        )
    return found

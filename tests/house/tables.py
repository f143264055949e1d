"""Which slice of the Hub reads and writes which table: found in the texts of its SQL."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CREATED = re.compile(r"\bCREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?(\w+)")
_WRITTEN = re.compile(r"\b(?:INSERT INTO|UPDATE(?: ONLY)?|DELETE FROM(?: ONLY)?|TRUNCATE(?: TABLE)?)\s+(\w+)")
_READ = re.compile(r"(?<!DELETE )\b(?:FROM|JOIN|USING)\s+(?:ONLY\s+)?(\w+)")


@dataclass(frozen=True, order=True)
class Use:
    """A slice (its folder within the Hub) that reads or writes a table."""

    slice: str
    how: str
    table: str


def created_tables(migrations: Path) -> set[str]:
    """The tables that the migrations make."""
    return {table for file in migrations.glob("*.py") for table in _CREATED.findall(file.read_text(encoding="utf-8"))}


def uses(hub: Path, tables: set[str], *, but: Path) -> dict[Use, list[str]]:
    """What each slice does with these tables, and in which files; `but` is a folder to leave out."""
    found: dict[Use, list[str]] = {}
    for file in sorted([*hub.rglob("*.py"), *hub.rglob("*.sql")]):
        if but in file.parents:
            continue
        source = file.read_text(encoding="utf-8")
        for how, table in sorted(set(used_tables(source) if file.suffix == ".py" else in_sql(source))):
            if table in tables:
                use = Use(file.parent.relative_to(hub).as_posix(), how, table)
                found.setdefault(use, []).append(file.name)
    return found


def used_tables(source: str) -> Iterator[tuple[str, str]]:
    """`("reads" | "writes", table)` for each use in the texts of a Python file, docstrings left out."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield from in_sql(node.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            copied = node.args[0] if node.func.attr == "copy_records_to_table" and node.args else None
            if isinstance(copied, ast.Constant):
                yield "writes", str(copied.value)


def in_sql(text: str) -> Iterator[tuple[str, str]]:
    """The same for SQL; keywords are written in capitals."""
    yield from (("writes", table) for table in _WRITTEN.findall(text))
    yield from (("reads", table) for table in _READ.findall(text))

"""The house rules as functions over source text: each takes a file and names what breaks the rule, as "line: what".

They are plain functions so that each can be shown a good and a bad sample (test_rules.py); the repository itself is
held against them in test_repository.py.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import PurePosixPath

LONGEST_FILE = 400
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "misc", "common"}

_QUERY_METHODS = {"fetch", "fetchrow", "fetchval", "execute", "executemany", "copy_records_to_table", "cursor"}
_SQL = re.compile(r"^\s*(select|insert|update|delete|with|create|drop|alter|copy|lock|truncate|notify|listen)\b", re.I)
_EXCEPTION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:\s*no cover)")
_REASONED = re.compile(
    r"#\s*(noqa: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)*( -|  #) \S"
    r"|type:\s*ignore\[[a-z0-9-]+(, ?[a-z0-9-]+)*\]\s+# \S"
    r"|pragma: no cover - \S)"
)

_WEB_EXCEPTION = re.compile(r"eslint-disable|@ts-(ignore|expect-error|nocheck)|prettier-ignore")
_WEB_REASONED = re.compile(r"eslint-disable-(next-)?line [\w@/-]+(, [\w@/-]+)* -- \S|@ts-expect-error: \S")

_UNIDIOMATIC = re.compile(
    r"\b(is|are|was|were) (not |all )?told\b|\b(is|are|was|were) looked (at|for)\b|\bis asked for\b"
    r"|(?<![Tt]here )\b(is|are) no (?!longer\b|more\b|limit\b)[a-z]+|\b[Ss]o many\b|\b[Nn]obody said\b|\bthe one who\b"
    r"|\bhow (it|they|(a|the) \w+) (does?|do)\b|\bwhen left out\b|\b(begun|made) (again|anew)\b|\bkept no longer\b"
    r"|\blies\b|\bshall\b|\bgoes on\b|\bgiven up\b|\bwithout a word\b|\bthe one before\b|\bfor it is\b"
)
"""Phrases that are grammatical but not English; `docs/glossary.md` says what to write instead."""


def too_long(text: str) -> Iterator[str]:
    """A file that does not fit into a reader's head.

    Every code base that we looked at has one file of several thousand lines, and none had a test against it.
    """
    lines = text.count("\n")
    if lines > LONGEST_FILE:
        yield f"{lines} lines, more than {LONGEST_FILE}"


def empty_name(path: PurePosixPath) -> Iterator[str]:
    """A name that says nothing: whatever finds no place goes there, and nobody finds it again."""
    for part in (*path.parts[:-1], path.stem):
        if part in EMPTY_NAMES or part.split("_")[-1] in EMPTY_NAMES:
            yield f"the name {part!r} does not say what is inside"


def silent_exception(text: str) -> Iterator[str]:
    """A lint, type or coverage rule that is switched off without saying why on the same line."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and _EXCEPTION.search(token.string) and not _REASONED.search(token.string):
            yield f"{token.start[0]}: {token.string.strip()} needs its reason"


def silent_web_exception(text: str) -> Iterator[str]:
    """The same for TypeScript: ESLint wants the reason behind two dashes, the compiler's comments behind a colon."""
    for number, line in enumerate(text.splitlines(), start=1):
        if _WEB_EXCEPTION.search(line) and not _WEB_REASONED.search(line):
            yield f"{number}: {line.strip()} needs its reason"


def query_outside_store(text: str) -> Iterator[str]:
    """SQL outside of a slice's `store.py` (or `..._store.py`): who changes a table must find every statement."""
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in _QUERY_METHODS
            and node.args
            and _SQL.match(_leading_text(node.args[0]))
        ):
            yield f"{node.lineno}: a query belongs into store.py"


def record_outside_store(text: str) -> Iterator[str]:
    """A row that is read by the names of its columns: one that is renamed would be noticed at run time only."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "Record" for alias in node.names):
            yield f"{node.lineno}: a Record stays in its store, which gives a typed Row"


def record_given_out(text: str) -> Iterator[str]:
    """A public function of a store that returns rows without a type."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            returns = ast.unparse(node.returns) if node.returns else ""
            if re.search(r"\bRecord\b", returns):
                yield f"{node.lineno}: {node.name} returns a Record instead of a typed Row"


def own_commit(text: str) -> Iterator[str]:
    """A commit beside the unit of work: half of a change could then outlive the failure of the other half."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
                yield f"{node.lineno}: only hub/core/database.py commits"
            if node.args and _leading_text(node.args[0]).strip().lower().startswith("commit"):
                yield f"{node.lineno}: only hub/core/database.py commits"


def private_place(text: str) -> Iterator[str]:
    """An address of a package registry or a path of somebody's machine: it works there and nowhere else."""
    hosts = ("pypi" + r"\.org", "pythonhosted" + r"\.org", r"registry\.npm" + r"js\.org")
    checkouts = r"(?<![\w.@*-])/(builds|work|workspace|Users)/\w"
    places = (r"/opt/py\w+", "file:" + "///", checkouts, r"/home/" + r"(?!exekra\b)[a-z]+/")
    for number, line in enumerate(text.splitlines(), start=1):
        found = re.search("|".join(hosts + places), line)
        if found:
            yield f"{number}: {found[0]} is known on one machine only"


def _leading_text(node: ast.expr) -> str:
    """The beginning of a text literal, plain, formatted or added together; empty for anything else."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=[first, *_]):
            return _leading_text(first)
        case ast.BinOp(left=left, op=ast.Add()):
            return _leading_text(left)
    return ""


def unidiomatic(text: str) -> Iterator[str]:
    """A phrase that no native engineer would write, in a line that people read."""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _UNIDIOMATIC.search(line):
            yield f"{number}: {found[0]!r} in {line.strip()[:120]!r}"


def unidiomatic_message(text: str) -> Iterator[str]:
    """The same for the strings of Python code, without its docstrings."""
    tree = ast.parse(text)
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            for found in unidiomatic(node.value):
                yield f"{node.lineno}: {found.partition(': ')[2]}"

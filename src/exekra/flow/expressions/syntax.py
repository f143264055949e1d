"""Reads an expression into Python's syntax tree, and says what is wrong where it is not valid."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Any

from exekra.flow.expressions.errors import ExpressionSyntaxError
from exekra.flow.expressions.source import PreparedSource, prepare

CODE_NAME = "<expression>"
"""The file name of compiled expressions, by which errors find their place."""

MAX_LEVELS = 100
"""Levels of the syntax tree: parts inside parts, terms of a sum."""


@dataclass(slots=True)
class Program:
    """An expression after compilation.

    Attributes:
        source: Its text.
        prepared: The text that Python parsed.
        names: Free names.
        paths: Static paths that it reads, each once, in the order of the text.
        deterministic: Whether it calls nothing that differs from call to call.
        counts_work: Whether anything in it counts work.
        globals: What the generated function refers to.
    """

    source: str
    prepared: PreparedSource
    names: set[str] = field(default_factory=set)
    paths: dict[tuple[str, ...], None] = field(default_factory=dict)
    deterministic: bool = True
    counts_work: bool = False
    globals: dict[str, Any] = field(default_factory=dict)

    def refuse(self, problem: str, node: ast.AST) -> ExpressionSyntaxError:
        """The error for a part of the text."""
        offset = getattr(node, "col_offset", 0)
        return ExpressionSyntaxError(problem, source=self.source, position=self.prepared.original(offset))

    def text_of(self, start: int, end: int) -> str:
        """The part of the source between two offsets of the syntax tree."""
        return self.part_at(start, end)[1]

    def part_at(self, start: int, end: int) -> tuple[int, str]:
        """The part of the source between two offsets of the syntax tree, behind its position."""
        position = self.prepared.original(start)
        return position, self.source[position : self.prepared.original(end)]


def parse(source: str) -> tuple[Program, ast.expr]:
    """Read an expression; the positions in the tree are those of `Program.prepared`.

    Raises:
        ExpressionSyntaxError: It is not a valid expression of Python, or too large.
    """
    program = Program(source, prepare(source))
    try:
        tree = _parse(program)
        _check_levels(program, tree)
    except SyntaxError as error:
        raise _explain_syntax(program, error) from None
    except (ValueError, MemoryError, RecursionError, OverflowError) as error:
        problem = f"The expression is too complex ({type(error).__name__}); split it"
        raise ExpressionSyntaxError(problem, source=source, position=0) from None
    return program, tree


def _parse(program: Program) -> ast.expr:
    text = program.prepared.text
    # Blanks before an expression are indentation to Python; the offsets are put right afterwards.
    blanks = len(text) - len(text.lstrip(" "))
    try:
        tree = ast.parse(text[blanks:], CODE_NAME, mode="eval").body
    except SyntaxError as error:
        # Without an offset the text ended too early.
        error.offset = error.offset + blanks if error.offset else len(text) + 1
        raise
    for node in ast.walk(tree):
        if isinstance(node, (ast.expr, ast.keyword)):
            node.col_offset += blanks
            node.end_col_offset = (node.end_col_offset or 0) + blanks
    if isinstance(tree, ast.Tuple):
        raise program.refuse("One expression is needed, not several; write a list as [a, b]", tree)
    return tree


def _explain_syntax(program: Program, error: SyntaxError) -> ExpressionSyntaxError:
    text = program.prepared.text
    # Here Python counts characters, from 1.
    offset = len(text[: max((error.offset or 1) - 1, 0)].encode())
    position = min(program.prepared.original(offset), len(program.source))
    before, after = program.source[:position], program.source[position:]
    problem = (error.msg or "invalid syntax").partition(" (")[0].rstrip(".")
    near = re.match(r"\w+", after) or re.search(r"\w+\s*\Z", before)
    if re.match(r"=(?!=)", after.lstrip()) or "'=='" in problem:
        problem = "To compare, write == (there is no assignment in an expression)"
    elif "&&" in program.source or "||" in program.source or re.search(r"!(?!=)", program.source):
        problem = "Write `and`, `or`, `not` instead of &&, ||, !"
    elif near and iskeyword(near[0].strip()):
        problem = (
            f"'{near[0].strip()}' is a reserved word in the wrong place"
            ' (as the name of a field write it as object["name"])'
        )
    elif "digits" in (error.msg or ""):
        problem = "The number has too many digits"
    elif not after.strip():
        problem = "The expression ends too early"
    elif problem.startswith("invalid syntax"):
        problem = "This is not an expression here"
    else:
        problem = problem[0].upper() + problem[1:]
    return ExpressionSyntaxError(problem, source=program.source, position=position)


def _check_levels(program: Program, tree: ast.expr) -> None:
    pending: list[tuple[ast.AST, int]] = [(tree, 1)]
    while pending:
        node, level = pending.pop()
        if level > MAX_LEVELS:
            raise program.refuse(f"The expression has more than {MAX_LEVELS} nested parts; split it", node)
        pending += [(child, level + 1) for child in ast.iter_child_nodes(node)]

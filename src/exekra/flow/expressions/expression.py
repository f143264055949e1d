"""One expression, from its text to its value.

`docs/explain/language.md` has the language. What an expression can do is the whitelist of `compiler`, the
operators of `operators` and the functions of the modules of `library`; it can reach nothing else.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType, TracebackType
from typing import Any

import exekra.flow.expressions.library  # noqa: F401 - importing it registers the functions
from exekra.flow.expressions.compiler import CONSTANTS, rewrite
from exekra.flow.expressions.errors import (
    ExpressionBoundError,
    ExpressionError,
    ExpressionSyntaxError,
    UnknownNameError,
)
from exekra.flow.expressions.functions import FunctionEntry, registered_entries
from exekra.flow.expressions.syntax import CODE_NAME, Program
from exekra.flow.expressions.work import Evaluate, Work
from exekra.sdk.errors import ExekraError

RESERVED_NAMES = frozenset(CONSTANTS)
"""Names that mean a value everywhere, so that no variable can have them; Python's keywords come in addition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """An expression, compiled.

    Attributes:
        source: Its text, without braces.
        names: The names that it needs from the scope.
        paths: What it reads of them, as far as the text says: `("order", "lines", "0", "price")`.
        deterministic: Whether it always gives the same on the same data.
        constant: Whether it needs no names, too, so that it always gives the same.
        evaluate: Takes the scope and gives the value. A second argument begins the count of work, where a smaller
            limit than the usual one should apply. Raises `ExpressionError` and its kinds, and what reading a table from
            disk may raise, all of them `ExekraError`. The value may share parts with the scope.
    """

    source: str
    names: frozenset[str]
    paths: tuple[tuple[str, ...], ...]
    deterministic: bool
    constant: bool
    evaluate: Evaluate = field(repr=False, compare=False)


@lru_cache(maxsize=2048)
def compile_expression(source: str) -> Expression:
    """Compile an expression, without braces. The latest 2,048 are remembered.

    Raises:
        ExpressionSyntaxError: It is not an expression of the language; says where and what to do.
    """
    try:
        program, body = rewrite(source)
        evaluate = _make_function(program, body)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise ExpressionSyntaxError(
            f"The expression is too complex ({type(error).__name__}); split it", source=source, position=0
        ) from None
    return Expression(
        source=source,
        names=frozenset(program.names),
        paths=tuple(program.paths),
        deterministic=program.deterministic,
        constant=not program.names and program.deterministic,
        evaluate=evaluate,
    )


def function_entries() -> tuple[FunctionEntry, ...]:
    """Every function of the library, by family, for the editor and the documentation."""
    return registered_entries()


_TEMPLATE = """
def evaluate(scope, begin=Work):
    work = begin()
    try:
        return result
    except Exception as error:
        raise explain(error, scope) from None
"""
_FUNCTION = ast.parse(_TEMPLATE).body[0]  # Parsing it again for each expression would be a tenth of all work.


def _make_function(program: Program, body: ast.expr) -> Evaluate:
    result = ast.fix_missing_locations(ast.copy_location(ast.Return(body), body))
    module = _around(result, counts_work=program.counts_work)

    def explain(error: Exception, scope: Mapping[str, Any]) -> ExekraError:
        return _explain(program, error, scope)

    # Without builtins: what is not put in here does not exist for an expression.
    space = {**program.globals, "__builtins__": {}, "Exception": Exception, "Work": Work, "explain": explain}
    exec(compile(module, CODE_NAME, "exec"), space)  # noqa: S102  # Only what the rewriter made.
    made: Evaluate = space["evaluate"]
    return made


def _around(result: ast.Return, *, counts_work: bool) -> ast.Module:
    """The template with that result; it shares with all others what is the same in all."""
    assert isinstance(_FUNCTION, ast.FunctionDef)
    begin, attempt = _FUNCTION.body
    assert isinstance(attempt, ast.Try)
    own = ast.copy_location(ast.Try([result], attempt.handlers, [], []), attempt)
    function = ast.FunctionDef(_FUNCTION.name, _FUNCTION.args, [begin, own] if counts_work else [own], [])
    return ast.Module([ast.copy_location(function, _FUNCTION)], [])


def _explain(program: Program, error: Exception, scope: Mapping[str, Any]) -> ExekraError:
    """The error for a person: what happened, and in which part of the expression."""
    if isinstance(error, ExekraError) and not isinstance(error, ExpressionError):
        return error
    explained = error if isinstance(error, ExpressionError) else _translate(program, error, scope)
    position, part = _failed_part(program, error.__traceback__)
    explained.locate(program.source, part, position)
    return explained.with_traceback(None)


def _translate(program: Program, error: Exception, scope: Mapping[str, Any]) -> ExpressionError:
    if isinstance(error, KeyError) and error.args and error.args[0] in program.names and error.args[0] not in scope:
        return UnknownNameError(error.args[0], list(scope))
    if isinstance(error, RecursionError):
        return ExpressionBoundError("depth", "The value is nested too deeply")
    if isinstance(error, MemoryError):
        return ExpressionBoundError("memory", "There is not enough memory for the result")
    if isinstance(error, OverflowError):
        return ExpressionBoundError("number size", "A number or date is too large")
    if isinstance(error, ArithmeticError):
        return ExpressionError("This calculation has no result")
    if isinstance(error, ValueError) and "digits" in str(error):
        return ExpressionBoundError("number size", "The number has too many digits")
    if isinstance(error, ValueError) and "unpack" in str(error):
        return ExpressionError("The items do not have as many parts as there are names after `for`")
    if isinstance(error, TypeError) and "unhashable" in str(error):
        return ExpressionError("The keys of an object are texts or numbers, not lists or objects")
    if isinstance(error, TypeError) and "unpack" in str(error):
        return ExpressionError("The items have no parts, but there are several names after `for`")
    return ExpressionError(f"This could not be evaluated ({type(error).__name__}: {error})")


def _failed_part(program: Program, trace: TracebackType | None) -> tuple[int, str]:
    """Where the part that failed begins, and its text, found by what Python keeps for each instruction."""
    place = 0, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == CODE_NAME:
            start, end = _columns(code, trace.tb_lasti)
            place = program.part_at(start, end) if end > start else place
        trace = trace.tb_next
    return place


def _columns(code: CodeType, instruction: int) -> tuple[int, int]:
    positions = list(code.co_positions())
    _, _, start, end = positions[instruction // 2] if instruction // 2 < len(positions) else (0, 0, 0, 0)
    return start or 0, end or 0

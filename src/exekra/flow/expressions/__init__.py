"""Expressions: compiled once, evaluated often, over plain data, within bounds."""

from exekra.flow.expressions.errors import (
    ExpressionBoundError,
    ExpressionError,
    ExpressionSyntaxError,
    UnknownNameError,
)
from exekra.flow.expressions.expression import (
    RESERVED_NAMES,
    Expression,
    compile_expression,
    function_entries,
)
from exekra.flow.expressions.functions import FunctionEntry

__all__ = [
    "RESERVED_NAMES",
    "Expression",
    "ExpressionBoundError",
    "ExpressionError",
    "ExpressionSyntaxError",
    "FunctionEntry",
    "UnknownNameError",
    "compile_expression",
    "function_entries",
]

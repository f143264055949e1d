"""Turns the text of an expression into one Python function: a whitelist over Python's syntax tree.

Only what stands in `_Rewriter` is possible. Names become look-ups in the scope, operators and fields calls of guarded
functions, comprehensions count their work, and library functions receive the count. The result is compiled by Python,
so that it runs at native speed; positions are kept, so that an error names the part that failed.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import Any

from exekra.flow.expressions import comparisons, operators
from exekra.flow.expressions.errors import nearest, shorten
from exekra.flow.expressions.functions import find_function, function_names
from exekra.flow.expressions.syntax import Program, parse
from exekra.flow.expressions.work import ITERATION

CONSTANTS = {"true": True, "false": False, "null": None}
"""Words that mean a value, in addition to Python's True, False and None."""

MAX_LOOPS = 10
"""Parts `for ... in ...` of one comprehension."""

_BINARY: dict[type[ast.operator], Callable[..., Any]] = {
    ast.Add: operators.add,
    ast.Sub: operators.subtract,
    ast.Mult: operators.multiply,
    ast.Div: operators.divide,
    ast.FloorDiv: operators.floor_divide,
    ast.Mod: operators.remainder,
    ast.Pow: operators.power,
}
_UNARY: dict[type[ast.unaryop], Callable[..., Any]] = {
    ast.USub: operators.negative,
    ast.UAdd: operators.positive,
}
_COMPARE: dict[type[ast.cmpop], Callable[..., Any]] = {
    ast.Eq: comparisons.equal,
    ast.NotEq: comparisons.not_equal,
    ast.Lt: comparisons.less,
    ast.LtE: comparisons.less_or_equal,
    ast.Gt: comparisons.greater,
    ast.GtE: comparisons.greater_or_equal,
    ast.In: comparisons.is_in,
    ast.NotIn: comparisons.is_not_in,
    # Only with null, where both mean the same.
    ast.Is: comparisons.equal,
    ast.IsNot: comparisons.not_equal,
}
_REFUSED: dict[type[ast.expr], str] = {
    ast.Lambda: "`lambda` is not part of the language; write a comprehension: `[x * 2 for x in list]`",
    ast.Await: "`await` is not part of the language",
    ast.Yield: "`yield` is not part of the language",
    ast.YieldFrom: "`yield` is not part of the language",
    ast.NamedExpr: "`:=` is not part of the language; set a variable with the activity Set Variable",
    ast.Starred: "`*` before a value is not part of the language; join lists with +",
    ast.JoinedStr: 'Texts in f"..." are not part of the language; join with +, or write a template',
    ast.Set: "Sets are not part of the language; write unique([...])",
    ast.SetComp: "Sets are not part of the language; write unique([...])",
    ast.GeneratorExp: "Write a comprehension in brackets: `[... for ... in ...]`",
}
_FAMILIAR = {
    "str": "text",
    "string": "text",
    "int": "number",
    "float": "number",
    "bool": "boolean",
    "strip": "trim",
    "substr": "substring",
    "mean": "average",
    "size": "length",
    "sorted": "sort",
    "reversed": "reverse",
    "type": "type_of",
    "dict": "merge",
    "map": "[... for x in list]",
    "filter": "[x for x in list if ...]",
    "if": "a if condition else b",
    "iif": "a if condition else b",
    "concat": "+",
    "format": "format_number",
    "strftime": "format_date",
    "coalesce": "default",
    "regex": "matches",
    "dumps": "json",
    "loads": "parse_json",
}
"""What people know from elsewhere, and what it is here."""


def rewrite(source: str) -> tuple[Program, ast.expr]:
    """Parse and check an expression, and rewrite it for Python.

    The result refers to `scope`, to `work` where the program counts work, and to the program's globals.

    Raises:
        ExpressionSyntaxError: It is not an expression of the language.
    """
    program, tree = parse(source)
    return program, _Rewriter(program).rewrite(tree)


class _Rewriter:
    """Rewrites one syntax tree; what it has no method for is refused."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._bound: tuple[str, ...] = ()

    def rewrite(self, node: ast.expr) -> ast.expr:
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            problem = _REFUSED.get(type(node), "This is not part of the language")
            raise self._program.refuse(problem, node)
        made: ast.expr = method(node)
        return ast.copy_location(made, node)

    def _constant(self, node: ast.Constant) -> ast.expr:
        value = node.value
        if value is not None and not isinstance(value, (str, int, float)):
            problem = {
                "bytes": 'b"..." is not part of the language; write a plain text',
                "complex": "Imaginary numbers are not part of the language",
            }.get(type(value).__name__, "This is not a value of the language")
            raise self._program.refuse(problem, node)
        if isinstance(value, int) and value.bit_length() > operators.MAX_BITS:
            raise self._program.refuse("The number has too many digits", node)
        if isinstance(value, float) and not math.isfinite(value):
            raise self._program.refuse("The number is larger than a number can be", node)
        return ast.Constant(value)

    def _name(self, node: ast.Name) -> ast.expr:
        if node.id in CONSTANTS:
            return ast.Constant(CONSTANTS[node.id])
        if node.id in self._bound:
            return _variable(node)
        self._program.names.add(node.id)
        self._program.paths[(node.id,)] = None
        return ast.Subscript(_load("scope", node), _constant(node.id, node), ast.Load())

    def _attribute(self, node: ast.Attribute) -> ast.expr:
        base = self._base(node.value, node)
        return self._invoke(operators.field, [base, _constant(node.attr, node), self._base_text(node.value)], node)

    def _subscript(self, node: ast.Subscript) -> ast.expr:
        if isinstance(node.slice, ast.Slice):
            parts = (node.slice.lower, node.slice.upper, node.slice.step)
            bounds = [_constant(None, node) if part is None else self.rewrite(part) for part in parts]
            return self._invoke(operators.part_of, [self._work(node), self.rewrite(node.value), *bounds], node)
        if isinstance(node.slice, ast.Tuple):
            raise self._program.refuse("One number or key is needed in [ ]", node.slice)
        base = self._base(node.value, node)
        key = self.rewrite(node.slice)
        return self._invoke(operators.item, [base, key, self._base_text(node.value)], node)

    def _base(self, base: ast.expr, whole: ast.expr) -> ast.expr:
        """Rewrite what a field is read from; a path is noted once, at its full length."""
        path, paths = self._path(whole), self._program.paths
        read_before = path[:-1] in paths
        rewritten = self.rewrite(base)
        if path:
            if not read_before:
                del paths[path[:-1]]
            paths[path] = None
        return rewritten

    def _path(self, node: ast.expr) -> tuple[str, ...]:
        """The static path of a field; empty where it is not static from the name on."""
        if isinstance(node, ast.Name):
            return () if node.id in self._bound or node.id in CONSTANTS else (node.id,)
        if isinstance(node, ast.Attribute):
            base = self._path(node.value)
            return (*base, node.attr) if base else ()
        if isinstance(node, ast.Subscript):
            base = self._path(node.value)
            key = node.slice
            sign = ""
            if isinstance(key, ast.UnaryOp) and isinstance(key.op, ast.USub):
                sign, key = "-", key.operand
            if base and isinstance(key, ast.Constant) and isinstance(key.value, (str, int)):
                return (*base, f"{sign}{key.value}")
        return ()

    def _binop(self, node: ast.BinOp) -> ast.expr:
        operation = _BINARY.get(type(node.op))
        if operation is None:
            raise self._program.refuse(
                "The operators are + - * / // % ** == != < <= > >= in and or not; to join objects use merge(a, b)", node
            )
        return self._invoke(operation, [self._work(node), self.rewrite(node.left), self.rewrite(node.right)], node)

    def _unaryop(self, node: ast.UnaryOp) -> ast.expr:
        if isinstance(node.op, ast.Not):
            return ast.UnaryOp(ast.Not(), self.rewrite(node.operand))
        operation = _UNARY.get(type(node.op))
        if operation is None:
            raise self._program.refuse("`~` is not part of the language; write `not`", node)
        return self._invoke(operation, [self.rewrite(node.operand)], node)

    def _boolop(self, node: ast.BoolOp) -> ast.expr:
        return ast.BoolOp(node.op, [self.rewrite(value) for value in node.values])

    def _ifexp(self, node: ast.IfExp) -> ast.expr:
        return ast.IfExp(self.rewrite(node.test), self.rewrite(node.body), self.rewrite(node.orelse))

    def _compare(self, node: ast.Compare) -> ast.expr:
        left = self.rewrite(node.left)
        for operator, operand in zip(node.ops, node.comparators, strict=True):
            if isinstance(operator, (ast.Is, ast.IsNot)) and not _is_null(operand):
                raise self._program.refuse("`is` is only for null; to compare write == or !=", node)
        operands = [self.rewrite(operand) for operand in node.comparators]
        operations = [_COMPARE[type(operator)] for operator in node.ops]
        if len(operands) == 1:
            return self._invoke(operations[0], [self._work(node), left, operands[0]], node)
        steps: list[ast.expr] = []
        for operation, operand in zip(operations, operands, strict=True):
            later = ast.copy_location(ast.Lambda(_no_parameters(), operand), node)
            step = ast.Tuple([self._refer(operation, node), later], ast.Load())
            steps.append(ast.copy_location(step, node))
        return self._invoke(comparisons.chain, [self._work(node), left, *steps], node)

    def _list(self, node: ast.List | ast.Tuple) -> ast.expr:
        return ast.List([self.rewrite(part) for part in node.elts], ast.Load())

    _tuple = _list

    def _dict(self, node: ast.Dict) -> ast.expr:
        if any(key is None for key in node.keys):
            raise self._program.refuse("`**` is not part of the language; join objects with merge(a, b)", node)
        keys: list[ast.expr | None] = [self.rewrite(key) for key in node.keys if key is not None]
        values = [self.rewrite(value) for value in node.values]
        if all(isinstance(key, ast.Constant) and isinstance(key.value, str) for key in node.keys):
            return ast.Dict(keys, values)
        pairs = [_pair(key, value) for key, value in zip(keys, values, strict=True) if key is not None]
        return self._invoke(operators.make_object, [ast.copy_location(ast.List(pairs, ast.Load()), node)], node)

    def _listcomp(self, node: ast.ListComp | ast.GeneratorExp) -> ast.expr:
        generators, outer = self._generators(node.generators, [node.elt])
        made = ast.ListComp(self.rewrite(node.elt), generators)
        self._bound = outer
        return made

    def _dictcomp(self, node: ast.DictComp) -> ast.expr:
        generators, outer = self._generators(node.generators, [node.key, node.value])
        pairs = ast.ListComp(_pair(self.rewrite(node.key), self.rewrite(node.value)), generators)
        self._bound = outer
        return self._invoke(operators.make_object, [ast.copy_location(pairs, node)], node)

    def _generators(
        self, generators: list[ast.comprehension], results: list[ast.expr]
    ) -> tuple[list[ast.comprehension], tuple[str, ...]]:
        """Rewrite the `for` parts; their variables stay bound until the caller puts the outer ones back."""
        outer = self._bound
        if len(generators) > MAX_LOOPS:
            raise self._program.refuse(f"A comprehension has at most {MAX_LOOPS} `for`", generators[0].target)
        made = []
        for number, generator in enumerate(generators):
            if generator.is_async:
                raise self._program.refuse("`async` is not part of the language", generator.target)
            source = self.rewrite(generator.iter)
            targets = self._targets(generator.target)
            self._bound = (*self._bound, *(target.id for target in targets))
            later = [part for following in generators[number + 1 :] for part in (following.iter, *following.ifs)]
            units = _units([*generator.ifs, *later, *results])
            source = self._invoke(
                operators.each, [self._work(source), source, _constant(units, source)], generator.iter
            )
            variables: list[ast.expr] = [_variable(target, ast.Store()) for target in targets]
            target = variables[0]
            if not isinstance(generator.target, ast.Name):
                target = ast.copy_location(ast.Tuple(variables, ast.Store()), generator.target)
            conditions = [self.rewrite(condition) for condition in generator.ifs]
            made.append(ast.comprehension(target, source, conditions, 0))
        return made, outer

    def _call(self, node: ast.Call) -> ast.expr:
        if isinstance(node.func, ast.Attribute):
            method = node.func.attr
            base = self._program.text_of(node.func.value.col_offset, node.func.value.end_col_offset or 0)
            known = _FAMILIAR.get(method, method)
            advice = (
                f"write {known}({shorten(base, 30)}{', ...' if node.args else ''}), not {shorten(base, 30)}.{method}()"
                if find_function(known)
                else "functions are called as name(...)"
            )
            raise self._program.refuse(f"Values have no methods: {advice}", node)
        if not isinstance(node.func, ast.Name):
            raise self._program.refuse("Only functions of the library can be called, by their names", node)
        name = node.func.id
        called = find_function(name)
        if called is None:
            here = _FAMILIAR.get(name.lower())
            advice = f"; use {here}" if here else nearest(name, function_names())
            raise self._program.refuse(f"There is no function '{name}'{advice}", node)
        if any(isinstance(argument, ast.Starred) for argument in node.args) or any(
            keyword.arg is None for keyword in node.keywords
        ):
            raise self._program.refuse("`*` before an argument is not part of the language", node)
        named = {keyword.arg: None for keyword in node.keywords if keyword.arg}
        try:
            called.parameters.bind(*[None] * len(node.args), **named)
        except TypeError as error:
            raise self._program.refuse(f"{name}(): {error}; write {called.entry.signature}", node) from None
        self._program.deterministic &= called.entry.deterministic
        arguments = [
            # `sum(x for x in list)` reads well; it is the list.
            ast.copy_location(self._listcomp(part), part) if isinstance(part, ast.GeneratorExp) else self.rewrite(part)
            for part in node.args
        ]
        made = ast.Call(self._refer(called.call, node), [self._work(node), *arguments], [])
        made.keywords = [ast.keyword(keyword.arg, self.rewrite(keyword.value)) for keyword in node.keywords]
        return made

    def _targets(self, target: ast.expr) -> list[ast.Name]:
        parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
        names = [part for part in parts if isinstance(part, ast.Name)]
        if not names or len(names) != len(parts):
            raise self._program.refuse(
                "After `for` stands a name, or several: `for key, value in items(object)`", target
            )
        for name in names:
            if name.id in CONSTANTS:
                raise self._program.refuse(f"'{name.id}' is a value and cannot be a name", name)
        return names

    def _invoke(self, python: Callable[..., Any], arguments: list[ast.expr], node: ast.expr) -> ast.expr:
        called = ast.Call(self._refer(python, node), arguments, [])
        return ast.copy_location(called, node)

    def _refer(self, python: Callable[..., Any], node: ast.expr) -> ast.expr:
        # Numbered, so that no name of the user can meet one of these.
        known = self._program.globals
        name = next((name for name, value in known.items() if value is python), f"function_{len(known)}")
        known[name] = python
        return _load(name, node)

    def _work(self, node: ast.expr) -> ast.expr:
        self._program.counts_work = True
        return _load("work", node)

    def _base_text(self, node: ast.expr) -> ast.expr:
        end = node.end_col_offset or node.col_offset
        return _constant(self._program.text_of(node.col_offset, end), node)


def _load(name: str, node: ast.AST) -> ast.expr:
    return ast.copy_location(ast.Name(name, ast.Load()), node)


def _constant(value: Any, node: ast.AST) -> ast.expr:
    return ast.copy_location(ast.Constant(value), node)


def _pair(key: ast.expr, value: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Tuple([key, value], ast.Load()), key)


def _variable(node: ast.Name, context: ast.expr_context | None = None) -> ast.expr:
    return ast.copy_location(ast.Name(f"variable_{node.id}", context or ast.Load()), node)


def _no_parameters() -> ast.arguments:
    return ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])


def _is_null(node: ast.expr) -> bool:
    return (isinstance(node, ast.Constant) and node.value is None) or (isinstance(node, ast.Name) and node.id == "null")


def _units(body: list[ast.expr]) -> int:
    """Units of work for one iteration: a body beyond a simple one costs by its size."""
    units = 0
    for part in body:
        for node in ast.walk(part):
            units += isinstance(node, ast.expr)
            # Making a list or object takes as long as several steps, and it stays in memory.
            units += 10 * isinstance(node, (ast.List, ast.Tuple, ast.Dict))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                called = find_function(node.func.id)
                units += called.units if called else 0
    return max(ITERATION, units)

r"""Templates: the texts of a workflow, with expressions in braces.

A brace starts an expression only where a letter or an underscore follows immediately, so pasted JSON, CSS and patterns
stay text. `\{` is a plain brace, `\\{` a backslash before a brace that may start an expression; a backslash anywhere
else is itself. `{{credential}}` and `{{credential:NAME}}`, alone in a text, name a secret in the vault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from exekra.flow.expressions import Expression, ExpressionSyntaxError, compile_expression
from exekra.flow.expressions.conversion import to_text
from exekra.flow.expressions.errors import ExpressionBoundError, ExpressionError, shorten
from exekra.flow.expressions.source import expression_end
from exekra.flow.expressions.work import MAX_TEXT, Evaluate, Work
from exekra.sdk.errors import DocumentError

__all__ = [
    "CompiledValue",
    "Template",
    "TemplateError",
    "compile_template",
    "compile_value",
    "template_parts",
    "text_of",
]

MAX_LEVELS = 50
"""Levels of lists and objects inside each other in one input of a node."""

Path = tuple[str | int, ...]

_CREDENTIAL = re.compile(r"\{\{credential(?::(?P<name>[^{}]+))?\}\}")
_BRACE = re.compile(r"(?P<backslashes>\\*)\{(?:(?P<double>\{)?(?P<starts>[^\W\d]))?")


class TemplateError(DocumentError):
    """A text holds something that starts like an expression but is not one.

    Attributes:
        problem: What is wrong and what to do, without the place.
        position: Where in the text, in characters from 0.
        snippet: The text from there on, shortened.
        path: Where the text stands inside of a larger value: `("rows", 0, "price")`; empty for a text alone.
    """

    def __init__(self, problem: str, *, text: str, position: int, path: Path = ()) -> None:
        self.problem = problem
        self.position = position
        self.snippet = shorten(text[position : position + 200], 40)
        self.path = path
        place = f" in {'.'.join(map(str, path))}" if path else ""
        super().__init__(f"{problem} (at character {position + 1}{place}: `{self.snippet}`)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A text, compiled.

    Attributes:
        source: The text as written.
        names: The names that it needs from the scope.
        expressions: Each expression with the position of its first character in the text.
        literal: Whether it needs no evaluation: it holds no expression and is not a credential.
        credential: The name of the credential that it refers to; "" for the plain form; None where it is not one.
        escaped: The names that stand directly behind `\\{`, with the positions of the backslash. Where one of them is
            in scope, a Windows path such as `C:\\out\\{name}` was probably meant: `\\\\{name}`.
        evaluate: Takes the scope, and what an expression's takes. A text that is one expression gives the value as it
            is, any other a text. Raises what an expression raises.
    """

    source: str
    names: frozenset[str]
    expressions: tuple[tuple[int, Expression], ...]
    literal: bool
    credential: str | None
    escaped: tuple[tuple[int, str], ...]
    evaluate: Evaluate = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledValue:
    """A value of an input, with all the texts inside of it compiled.

    Attributes:
        names: The names that it needs from the scope.
        templates: Every text in it that is not literal, with the path that leads there.
        literal: Whether it is the same whatever the scope.
        evaluate: Takes the scope and gives the value; lists and objects are new each time, so that nobody changes
            the document through them.
    """

    names: frozenset[str]
    templates: tuple[tuple[Path, Template], ...]
    literal: bool
    evaluate: Evaluate = field(repr=False, compare=False)


def compile_template(text: str) -> Template:
    """Compile a text.

    Raises:
        TemplateError: Something in it starts like an expression but is not one, or a credential is not alone.
    """
    credential = _CREDENTIAL.fullmatch(text)
    if credential:
        return Template(
            source=text,
            names=frozenset(),
            expressions=(),
            literal=False,
            credential=(credential["name"] or "").strip(),
            escaped=(),
            evaluate=_refuse_credential,
        )
    parts, expressions, escaped = _divide(text)
    return Template(
        source=text,
        names=frozenset().union(*(expression.names for _, expression in expressions)),
        expressions=tuple(expressions),
        literal=not expressions,
        credential=None,
        escaped=tuple(escaped),
        evaluate=_evaluation(parts),
    )


def template_parts(text: str) -> list[str | Expression]:
    """The plain texts and the expressions of a text, in their order.

    Raises:
        TemplateError: Something in it starts like an expression but is not one.
    """
    return _divide(text)[0]


def _divide(text: str) -> tuple[list[str | Expression], list[tuple[int, Expression]], list[tuple[int, str]]]:
    """The literal texts and the expressions in their order; the expressions again with positions; escaped names."""
    parts: list[str | Expression] = []
    expressions: list[tuple[int, Expression]] = []
    escaped: list[tuple[int, str]] = []
    position = 0
    while (found := _BRACE.search(text, position)) is not None:
        parts.append(text[position : found.start()])
        backslashes = len(found["backslashes"])
        brace = found.start() + backslashes
        parts.append("\\" * (backslashes // 2))
        position = brace + 1
        if backslashes % 2:
            parts.append("{")
            if found["starts"] and found["starts"].isidentifier() and not found["double"]:
                escaped.append((brace - 1, (re.match(r"\w+", text[position : position + 200]) or found)[0]))
        elif found["double"] and found["starts"].isidentifier():
            raise _double_brace(text, brace)
        elif found["starts"] and found["starts"].isidentifier():
            expression, end = _read_expression(text, position)
            parts.append(expression)
            expressions.append((position, expression))
            position = end + 1
        else:
            parts.append("{")
    parts.append(text[position:])
    return [part for part in parts if part != ""], expressions, escaped


def _read_expression(text: str, start: int) -> tuple[Expression, int]:
    try:
        end = expression_end(text, start)
        return compile_expression(text[start:end]), end
    except ExpressionSyntaxError as error:
        raise TemplateError(
            f"{error.problem}; if this brace is plain text, write \\{{", text=text, position=start + error.position
        ) from None


def _double_brace(text: str, brace: int) -> TemplateError:
    if text.startswith("{{credential", brace):
        problem = "A credential must be the whole text of an input, with nothing before or after it"
    else:
        problem = "An expression is written in single braces: {name}; if the outer brace is plain text, write \\{"
    return TemplateError(problem, text=text, position=brace)


def _refuse_credential(scope: Mapping[str, Any], begin: Callable[[], Work] = Work) -> Any:
    raise ExpressionError("A credential's value is never part of an expression; only inputs for secrets accept one")


def _evaluation(parts: list[str | Expression]) -> Evaluate:
    if not parts:
        return lambda scope, begin=Work: ""
    if len(parts) == 1 and isinstance(parts[0], Expression):
        return parts[0].evaluate
    if all(isinstance(part, str) for part in parts):
        text = "".join(str(part) for part in parts)
        return lambda scope, begin=Work: text
    places = [index for index, part in enumerate(parts) if not isinstance(part, str)]
    if len(places) == 1:
        return _one_between(parts, places[0])
    pieces = [part if isinstance(part, str) else text_of(part) for part in parts]

    def evaluate(scope: Mapping[str, Any], begin: Callable[[], Work] = Work) -> str:
        made = "".join([piece if type(piece) is str else piece(scope, begin) for piece in pieces])  # type: ignore[operator]  # What is not a text is a function.
        if len(made) > MAX_TEXT:
            raise _too_long()
        return made

    return evaluate


def _one_between(parts: list[str | Expression], place: int) -> Evaluate:
    """The evaluation of a text with one expression in it, which is what most texts are."""
    expression = parts[place]
    assert isinstance(expression, Expression)
    before = "".join(str(part) for part in parts[:place])
    after = "".join(str(part) for part in parts[place + 1 :])
    text = text_of(expression)

    def evaluate(scope: Mapping[str, Any], begin: Callable[[], Work] = Work) -> str:
        made = f"{before}{text(scope, begin)}{after}"
        if len(made) > MAX_TEXT:
            raise _too_long()
        return made

    return evaluate


def _too_long() -> ExpressionBoundError:
    return ExpressionBoundError("text size", f"The text would be longer than {MAX_TEXT:,} characters")


def text_of(expression: Expression) -> Evaluate:
    """What gives the value of an expression as text."""
    evaluate = expression.evaluate

    def text(scope: Mapping[str, Any], begin: Callable[[], Work] = Work) -> str:
        value = evaluate(scope, begin)
        if type(value) is str:
            return value
        try:
            return to_text(begin(), value)
        except ExpressionError as error:
            error.locate(expression.source, "", 0)
            raise

    return text


def compile_value(value: Any) -> CompiledValue:
    """Compile all texts in a value of lists, objects, texts and other plain data. Names of fields are not templates.

    Raises:
        TemplateError: A text in it is wrong; `path` says which. Or the value is nested too deep.
    """
    templates: list[tuple[Path, Template]] = []
    evaluate = _compile_part(value, (), templates)
    return CompiledValue(
        names=frozenset().union(*(template.names for _, template in templates)),
        templates=tuple(templates),
        literal=not templates,
        evaluate=evaluate,
    )


def _compile_part(value: Any, path: Path, templates: list[tuple[Path, Template]]) -> Evaluate:
    if len(path) > MAX_LEVELS:
        raise TemplateError(f"The value has more than {MAX_LEVELS} levels", text="", position=0, path=path[:5])
    if isinstance(value, str):
        return _compile_text(value, path, templates)
    if isinstance(value, dict):
        fields = [(key, _compile_part(part, (*path, key), templates)) for key, part in value.items()]
        return lambda scope, begin=Work: {key: evaluate(scope, begin) for key, evaluate in fields}
    if isinstance(value, (list, tuple)):
        items = [_compile_part(part, (*path, number), templates) for number, part in enumerate(value)]
        return lambda scope, begin=Work: [evaluate(scope, begin) for evaluate in items]
    return lambda scope, begin=Work: value


def _compile_text(text: str, path: Path, templates: list[tuple[Path, Template]]) -> Evaluate:
    try:
        template = compile_template(text)
    except TemplateError as error:
        raise TemplateError(error.problem, text=text, position=error.position, path=path) from None
    if not template.literal:
        templates.append((path, template))
    return template.evaluate

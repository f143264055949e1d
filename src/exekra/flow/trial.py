"""Tries expressions and templates on given data, as an editor does while somebody types: bounded, never raising."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from exekra.flow.expressions import (
    ExpressionBoundError,
    ExpressionError,
    ExpressionSyntaxError,
    compile_expression,
)
from exekra.flow.expressions.values import type_name
from exekra.flow.expressions.work import Evaluate, Work
from exekra.flow.model import ValueType
from exekra.flow.outside import from_outside
from exekra.flow.preview import preview
from exekra.flow.templates import Template, TemplateError, compile_template
from exekra.sdk.errors import ExekraError
from exekra.sdk.table import Table

Mode = Literal["expression", "template"]

MOST_WORK = 1_000_000
"""Units of work for one text: about 50 ms, a tenth of what an execution may do."""

MOST_WORK_TOGETHER = 4 * MOST_WORK
"""Units of work for all texts that are tried together."""

LONGEST_TEXT = 20_000
"""Characters of one text."""

_UNITS_TO_READ = 30  # One character of a text full of small expressions takes 1.5 microseconds to compile.


class TrialError(msgspec.Struct, frozen=True, kw_only=True):
    """Why there is no value.

    `kind` is `syntax` where the text itself is wrong, `evaluation` where it does not work on this data. `position` and
    `length` are the part of the text that is meant, in characters from 0; a length of 0 means from there on.
    """

    kind: Literal["syntax", "evaluation"]
    message: str
    position: int = 0
    length: int = 0


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a text: a preview of its value (at most 2 kB as JSON) and the value's type, or the error."""

    value: Any = None
    type: str | None = None
    error: TrialError | None = None


TOO_MUCH_WORK = Trial(error=TrialError(kind="evaluation", message="This takes too long to evaluate while typing."))
"""The result of a text whose evaluation was abandoned."""


def try_texts(
    texts: Sequence[tuple[str, Mode]], scope: Mapping[str, Any], types: Mapping[str, ValueType] | None = None
) -> tuple[Trial, ...]:
    """Evaluate texts over the same scope.

    Together they share `MOST_WORK_TOGETHER`: the texts after the one that uses it up get an error.

    Args:
        texts: Each text with what it is.
        scope: JSON-like data; an object of `columns`, `rows` and `length` is a table there.
        types: The declared types of names, so that a date comes as a date; what does not fit stays as it is.
    """
    names = {name: _typed(_with_tables(value), (types or {}).get(name, "any")) for name, value in scope.items()}
    left = MOST_WORK_TOGETHER
    trials: list[Trial] = []
    for text, mode in texts:
        left -= len(text) * _UNITS_TO_READ
        work = Work()
        work.left = before = min(MOST_WORK, left)
        trials.append(_try(text, mode, names, work) if left > 0 else TOO_MUCH_WORK)
        left -= before - max(work.left, 0)
    return tuple(trials)


def _try(text: str, mode: Mode, scope: Mapping[str, Any], work: Work) -> Trial:
    if len(text) > LONGEST_TEXT:
        message = f"The text has {len(text):,} characters; up to {LONGEST_TEXT:,} are evaluated while typing."
        return Trial(error=TrialError(kind="syntax", message=message, position=LONGEST_TEXT))
    template: Template | None = None
    evaluate: Evaluate
    try:
        if mode == "template":
            template = compile_template(text)
            if template.credential is not None:
                return Trial(type="credential")
            evaluate = template.evaluate
        else:
            evaluate = compile_expression(text).evaluate
        value = evaluate(scope, lambda: work)
        return Trial(value=preview(value), type=type_name(value))
    except (ExpressionSyntaxError, TemplateError) as error:
        return Trial(error=TrialError(kind="syntax", message=error.problem, position=error.position))
    except ExpressionBoundError as error:
        return TOO_MUCH_WORK if error.bound == "work" else _failed(template, error)
    except ExpressionError as error:
        return _failed(template, error)
    except ExekraError as error:
        return Trial(error=TrialError(kind="evaluation", message=error.message))


def _failed(template: Template | None, error: ExpressionError) -> Trial:
    position = _offset(template, error) + error.position
    return Trial(error=TrialError(kind="evaluation", message=error.problem, position=position, length=len(error.part)))


def _offset(template: Template | None, error: ExpressionError) -> int:
    """Where the expression that failed begins. Of several that read the same, the first is the one that fails."""
    expressions = template.expressions if template is not None else ()
    return next((start for start, expression in expressions if expression.source == error.source), 0)


def _typed(value: Any, type: ValueType) -> Any:
    try:
        return from_outside(value, type)
    except (ValueError, ExekraError):
        return value


def _with_tables(value: Any) -> Any:
    """JSON-like data with tables where their plain form stands."""
    if isinstance(value, list):
        return [_with_tables(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if value.keys() == {"columns", "rows", "length"}:
        try:
            return Table.from_rows([str(column) for column in value["columns"]], value["rows"])
        except (ExekraError, TypeError):
            pass  # It only looks like one.
    return {key: _with_tables(item) for key, item in value.items()}

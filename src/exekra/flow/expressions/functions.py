"""The register of functions that expressions may call, filled by the modules of `library`.

A function is declared once, as a typed Python function: the signature that the editor shows, the check of how many
arguments a call gives, and the check of their types at evaluation are all derived from it.
"""

from __future__ import annotations

import inspect
import json
import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

from exekra.flow.expressions.errors import ExpressionError
from exekra.flow.expressions.values import describe
from exekra.flow.expressions.work import Work
from exekra.sdk.errors import DefinitionError
from exekra.sdk.table import Table

Family = Literal["text", "number", "list", "object", "table", "date", "path", "data"]

Number = int | float | Decimal
"""Any number."""

Items = Annotated[Sequence[Any], "list"]
"""A list, or a table as the list of its rows."""

_KINDS: dict[Any, tuple[str, tuple[type, ...]]] = {
    Any: ("any", (object,)),
    str: ("text", (str,)),
    bool: ("boolean", (bool,)),
    int: ("whole number", (int,)),
    float: ("number", (int, float, Decimal)),
    Decimal: ("number", (int, float, Decimal)),
    Items: ("list", (list, tuple, Table)),
    list: ("list", (list, tuple, Table)),
    dict: ("object", (dict,)),
    Table: ("table", (Table,)),
    datetime: ("datetime", (datetime,)),
    date: ("date", (date,)),
    time: ("time", (time,)),
    timedelta: ("duration", (timedelta,)),
    type(None): ("null", (type(None),)),
}
"""What each annotation is called, and which values it accepts."""

_ADVICE = {
    "text": "; use text(...)",
    "number": "; use number(...)",
    "whole number": "; use round(...) or number(...)",
    "date": "; use date(...) or datetime(...)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionEntry:
    """One function as the editor and the documentation show it.

    Attributes:
        name: How it is called.
        signature: Name, parameters with types and defaults, and the type of the result.
        summary: One sentence.
        documentation: The rest: details, then lines under "Examples:", each an expression that is true.
        family: The group that it is listed under.
        deterministic: Whether the same arguments always give the same result.
        aliases: Other names of the same function.
    """

    name: str
    signature: str
    summary: str
    documentation: str
    family: Family
    deterministic: bool
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryFunction:
    """A function as the compiler uses it.

    Attributes:
        entry: What people see.
        call: Takes the evaluation's `Work`, then the arguments, and checks their types.
        parameters: What a call may give.
    """

    entry: FunctionEntry
    call: Callable[..., Any]
    parameters: inspect.Signature

    @property
    def units(self) -> int:
        """The units of work for a call on small arguments, as a comprehension counts them."""
        return _UNITS.get(self.entry.family, 20)


_UNITS: dict[Family, int] = {"date": 50, "data": 50, "number": 30}


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one parameter accepts."""

    word: str
    types: tuple[type, ...]

    def accept(self, function: str, parameter: str, value: Any) -> Any:
        if isinstance(value, self.types):
            return value
        # Spreadsheets give whole numbers as floats.
        if int in self.types and isinstance(value, float) and value.is_integer():
            return int(value)
        advice = "; use default(value, ...) for what may be empty" if value is None else _ADVICE.get(self.word, "")
        raise ExpressionError(f"{function}() needs a {self.word} as '{parameter}', not {describe(value)}{advice}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A function as its module declares it; the rest is derived on first use, not at every start."""

    python: Callable[..., Any]
    name: str
    family: Family
    aliases: tuple[str, ...] = ()
    deterministic: bool = True


_register: dict[str, Declaration] = {}
_Function = TypeVar("_Function", bound=Callable[..., Any])


def function(
    family: Family, *, name: str | None = None, aliases: tuple[str, ...] = (), deterministic: bool = True
) -> Callable[[_Function], _Function]:
    """Declare a function of the language; the Python function is returned unchanged.

    A first parameter `work: Work` receives the evaluation's count of work and is not part of the signature. A
    function whose cost grows with its arguments must have it and count.

    Args:
        family: The group that it is listed under.
        name: How it is called, where that differs from the Python name.
        aliases: Further names.
        deterministic: False where the result differs from call to call.

    Raises:
        DefinitionError: The name exists already.
    """

    def declare(python: _Function) -> _Function:
        declaration = Declaration(
            python=python,
            name=name or python.__name__,
            family=family,
            aliases=aliases,
            deterministic=deterministic,
        )
        for known in (declaration.name, *aliases):
            if known in _register:
                raise DefinitionError(f"The function '{known}' is declared twice")
            _register[known] = declaration
        return python

    return declare


def find_function(name: str) -> LibraryFunction | None:
    """The function that is called so, or None."""
    declaration = _register.get(name)
    return make_function(declaration) if declaration else None


def function_names() -> list[str]:
    """All names that can be called, aliases included."""
    return sorted(_register)


def registered_entries() -> tuple[FunctionEntry, ...]:
    """Every function once, by family, then by name."""
    entries = [make_function(declaration).entry for declaration in dict.fromkeys(_register.values())]
    families = typing.get_args(Family)
    return tuple(sorted(entries, key=lambda entry: (families.index(entry.family), entry.name)))


@cache
def make_function(declaration: Declaration) -> LibraryFunction:
    """Derive what the editor shows and what the compiler calls.

    Raises:
        DefinitionError: A parameter without a known type, or a missing docstring.
    """
    python, name = declaration.python, declaration.name
    hints = typing.get_type_hints(python, include_extras=True)
    declared = inspect.signature(python)
    counts = next(iter(declared.parameters), "") == "work"
    parameters = list(declared.parameters.values())[counts:]
    summary, _, documentation = inspect.cleandoc(python.__doc__ or "").partition("\n")
    if not summary:
        raise DefinitionError(f"The function '{name}' has no docstring")
    kinds = {parameter.name: _kind(hints[parameter.name]) for parameter in parameters}
    shown = ", ".join(_show(parameter, kinds[parameter.name]) for parameter in parameters)
    return LibraryFunction(
        entry=FunctionEntry(
            name=name,
            signature=f"{name}({shown}) -> {_kind(hints['return']).word}",
            summary=summary,
            documentation=documentation.strip(),
            family=declaration.family,
            deterministic=declaration.deterministic,
            aliases=declaration.aliases,
        ),
        call=_checked(python, name, parameters, kinds, counts=counts),
        parameters=declared.replace(parameters=parameters),
    )


def _kind(annotation: Any) -> _Kind:
    if annotation in _KINDS:
        word, accepted = _KINDS[annotation]
        return _Kind(word, accepted)
    origin = typing.get_origin(annotation)
    if origin in (types.UnionType, typing.Union):
        kinds = [_kind(part) for part in typing.get_args(annotation)]
        words = dict.fromkeys(kind.word for kind in kinds)
        return _Kind(" or ".join(words), tuple(dict.fromkeys(kind for part in kinds for kind in part.types)))
    if origin in _KINDS:
        return _kind(origin)
    raise DefinitionError(f"{annotation!r} is not a type of the expression language")


def _show(parameter: inspect.Parameter, kind: _Kind) -> str:
    if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
        return f"*{parameter.name}: {kind.word}"
    if parameter.default is inspect.Parameter.empty:
        return f"{parameter.name}: {kind.word}"
    default = json.dumps(parameter.default)
    return f"{parameter.name}: {kind.word.removesuffix(' or null')} = {default}"


def _checked(
    python: Callable[..., Any],
    name: str,
    parameters: list[inspect.Parameter],
    kinds: dict[str, _Kind],
    *,
    counts: bool,
) -> Callable[..., Any]:
    rest = next((p.name for p in parameters if p.kind is inspect.Parameter.VAR_POSITIONAL), None)
    positional = [p.name for p in parameters if p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]

    def call(work: Work, *arguments: Any, **named: Any) -> Any:
        checked = [kinds[key].accept(name, key, value) for key, value in zip(positional, arguments, strict=False)]
        if rest is not None:
            checked += [kinds[rest].accept(name, rest, value) for value in arguments[len(positional) :]]
        for key, value in named.items():
            named[key] = kinds[key].accept(name, key, value)
        return python(work, *checked, **named) if counts else python(*checked, **named)

    return call

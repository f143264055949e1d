"""Declare an activity: a typed function with a docstring, from which everything else is derived.

The decorator gives the function back unchanged and remembers an `ActivityDefinition`. A wrong declaration is
refused at import, with a sentence that names the function and the parameter.
"""

from __future__ import annotations

import dataclasses
import importlib.metadata
import inspect
import sys
import typing
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from operator import attrgetter
from typing import Any, Literal, NotRequired, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12.

from exekra.kit.validation import in_words
from exekra.sdk.catalogue import Catalogue, CatalogueEntry, ErrorEntry, OutputEntry
from exekra.sdk.context import Context
from exekra.sdk.docstrings import parse_docstring
from exekra.sdk.errors import DefinitionError, ExekraError, InputError
from exekra.sdk.fields import check_conditions, field_schema, input_entry, title_of
from exekra.sdk.resources import Resource

ENTRY_POINTS = "exekra.activities"
"""The entry point group: each name is the prefix of the ids that its module declares."""

Mode = Literal["inline", "thread", "async"]
_PLAIN: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
Function = TypeVar("Function", bound=Callable[..., Any])


@dataclasses.dataclass(frozen=True, kw_only=True)
class ActivityDefinition:
    """All that is known of an activity.

    Attributes:
        id: Prefix and function name, such as "excel.read_range".
        function: The author's function.
        mode: "async" is awaited; "inline" is quick and pure and runs on the spot; "thread" blocks and so gets a
            thread.
        lends: The types of the positional parameters that the runtime lends, in order.
        hints: The type of each input by name.
        defaults: The default of each input that has one.
        output_names: The fields of the returned dataclass; empty where nothing is returned.
        takes: The inputs that take a resource, and its kind.
        resources: The kinds of resources that it is lent, takes or opens.
        opens: Whether it returns resources.
        closes: The inputs whose resources are closed when it has ended without an error.
    """

    id: str
    function: Callable[..., Any]
    mode: Mode
    lends: tuple[type[Context] | type[Resource], ...]
    hints: Mapping[str, Any]
    defaults: Mapping[str, Any]
    output_names: tuple[str, ...]
    entry: CatalogueEntry
    takes: Mapping[str, type[Resource]]
    resources: tuple[type[Resource], ...]
    opens: bool
    closes: tuple[str, ...]

    @cached_property
    def _arguments(self) -> TypeAdapter[dict[str, Any]]:
        fields = {n: NotRequired[h] if n in self.defaults else h for n, h in self.hints.items()}
        make: Any = TypedDict  # The fields are only known now, which no type checker can follow.
        arguments = make("arguments", fields)
        # A TypedDict has no other door for pydantic's settings.
        arguments.__pydantic_config__ = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
        return TypeAdapter(arguments)

    @cached_property
    def _validate(self) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        # The validator itself: the adapter's own call costs as much as a small check.
        validate: Callable[[Mapping[str, Any]], dict[str, Any]] = self._arguments.validator.validate_python
        return validate

    def validate(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Check evaluated inputs and convert them to the declared types.

        Raises:
            InputError: A value is missing, unknown, of the wrong type or out of range; names the field.
        """
        try:
            return self._validate(values)
        except ValidationError as error:
            problems = [
                f"`{'.'.join(str(part) for part in item['loc'])}`: {_plain(in_words(item))}"
                for item in error.errors(include_url=False, include_input=False)
            ]
            said = "; ".join(problem.rstrip(".") for problem in problems)
            raise InputError(f"{self.id} was given a wrong input: {said}.") from None
        except UnicodeEncodeError:  # The sentence of a check quotes the text, which pydantic cannot carry.
            raise InputError(
                f"{self.id} was given a wrong input: a text with half a character in it (a lone surrogate)."
            ) from None

    @cached_property
    def plain_classes(self) -> Mapping[str, type]:
        """The inputs that accept any value of one class, and that class: such a value needs no further check."""
        schema: Any = self._arguments.core_schema
        found = {}
        for name, field in schema.get("fields", {}).items():
            wanted = field["schema"]
            if wanted["type"] in _PLAIN and wanted.keys() <= {"type", "metadata"}:
                found[name] = _PLAIN[wanted["type"]]
        return found

    @cached_property
    def result(self) -> Callable[[Any], dict[str, Any]]:
        """What later nodes read: from what the function returned to the fields of its dataclass by name."""
        names = self.output_names
        if not names:
            return lambda returned: {}
        read = attrgetter(*names)
        if len(names) == 1:
            (name,) = names
            return lambda returned: {name: read(returned)}
        return lambda returned: dict(zip(names, read(returned), strict=True))


_definitions: dict[str, ActivityDefinition] = {}


def activity(
    *,
    raises: tuple[type[ExekraError], ...] = (),
    aliases: tuple[str, ...] = (),
    title: str | None = None,
    id: str | None = None,
    icon: str | None = None,
    blocking: bool = False,
    needs: tuple[str, ...] = (),
    closes: tuple[str, ...] = (),
) -> Callable[[Function], Function]:
    """Declare the function below as an activity.

    Positional parameters are lent by the runtime, by their type: `Context` or a shared `Resource`. Keyword-only ones
    are the inputs; one of a `Resource` type takes what another activity opened and
    returned. The return type is a dataclass, or None. The docstring has an `Args` text for each input, the dataclass
    an `Attributes` text for each field.

    Args:
        raises: The errors that a Catch node can tell apart.
        aliases: Former ids, so that stored workflows keep working.
        title: What the toolbox shows; made from the function's name otherwise.
        id: The id, where the module's and the function's names are not it.
        icon: The name of an icon of Tabler, such as "file-spreadsheet"; otherwise the module's `ICON`, if it has one.
        blocking: For a plain `def`: it waits for a disk or a driver, so it is run in a thread. A plain `def`
            without it must be quick (well under a millisecond) and is run on the spot.
        needs: What a machine must have for it, in addition to what its resources need: see `exekra.sdk.capabilities`.
        closes: Inputs of a `Resource` type: the engine closes what stands there when the function has returned.

    Raises:
        DefinitionError: The declaration is wrong.
    """

    def declare(function: Function) -> Function:
        definition = _define(function, raises, aliases, title, id, icon, blocking, needs, closes)
        known = _definitions.get(definition.id)
        if known is not None and known.function.__module__ != function.__module__:
            raise DefinitionError(
                f"{definition.id} is declared twice: in {known.function.__module__} and in {function.__module__}. "
                "Give one of them another id."
            )
        _definitions[definition.id] = definition
        return function

    return declare


def _define(
    function: Callable[..., Any],
    raises: tuple[type[ExekraError], ...],
    aliases: tuple[str, ...],
    title: str | None,
    id: str | None,
    icon: str | None,
    blocking: bool,
    needs: tuple[str, ...],
    closes: tuple[str, ...],
) -> ActivityDefinition:
    name = function.__name__
    module = sys.modules.get(function.__module__)
    shared_icon: str = getattr(module, "ICON", "")
    where = f"{function.__module__}.{name}"
    id = id or f"{function.__module__.rpartition('.')[2]}.{name}"
    mode: Mode = "async" if inspect.iscoroutinefunction(function) else "thread" if blocking else "inline"
    if mode == "async" and blocking:
        raise DefinitionError(f"{where}: an async function cannot be `blocking`.")
    docs = parse_docstring(function.__doc__)
    if not docs.summary:
        raise DefinitionError(f"{where} has no docstring: its first line is what the toolbox shows.")
    hints = typing.get_type_hints(function, include_extras=True)
    lends: list[type[Any]] = []
    inputs: dict[str, inspect.Parameter] = {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name not in hints:
            raise DefinitionError(f"{where}: the parameter `{parameter.name}` has no type.")
        hint = hints[parameter.name]
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            inputs[parameter.name] = parameter
        elif isinstance(hint, type) and issubclass(hint, Context | Resource):
            lends.append(hint)
        else:
            raise DefinitionError(
                f"{where}: `{parameter.name}` is positional, so it must be a Context or a Resource. "
                "Put inputs after a `*`."
            )
    texts = docs.sections.get("Args", {})
    for missing in inputs.keys() - texts.keys():
        raise DefinitionError(f"{where}: the input `{missing}` is not described under Args.")
    for ghost in texts.keys() - inputs.keys():
        raise DefinitionError(f"{where}: Args describes `{ghost}`, which is not an input.")
    entry_inputs = tuple(input_entry(where, p, hints[p.name], texts[p.name]) for p in inputs.values())
    check_conditions(where, entry_inputs, hints)
    outputs, opened = _outputs(where, hints)
    takes = {name: kind for name in inputs for kind in _resources(hints[name])}
    for name in closes:
        if name not in takes:
            raise DefinitionError(f"{where}: closes names `{name}`, which is not an input of a Resource type.")
    kinds = [lent for lent in lends if issubclass(lent, Resource)] + [*takes.values(), *opened]
    return ActivityDefinition(
        id=id,
        function=function,
        mode=mode,
        lends=tuple(lends),
        hints={n: hints[n] for n in inputs},
        defaults={n: p.default for n, p in inputs.items() if p.default is not p.empty},
        output_names=tuple(output.name for output in outputs),
        entry=CatalogueEntry(
            id=id,
            title=title or title_of(name),
            summary=docs.summary,
            description=docs.description,
            category=getattr(module, "CATEGORY", id.partition(".")[0].capitalize()),
            icon=icon or shared_icon,
            inputs=entry_inputs,
            outputs=outputs,
            errors=tuple(
                ErrorEntry(
                    type=error.__name__,
                    description=parse_docstring(error.__doc__).summary,
                    kind="business" if error.kind == "business" else "application",
                )
                for error in raises
            ),
            needs=tuple(sorted({*needs, *(need for kind in kinds for need in kind.needs)})),
            aliases=aliases,
        ),
        takes=takes,
        resources=tuple(kinds),
        opens=bool(opened),
        closes=closes,
    )


def _outputs(where: str, hints: Mapping[str, Any]) -> tuple[tuple[OutputEntry, ...], list[type[Resource]]]:
    if "return" not in hints:
        raise DefinitionError(f"{where} has no return type: a dataclass, or None.")
    returned = hints["return"]
    if returned is type(None):
        return (), []
    if not (isinstance(returned, type) and dataclasses.is_dataclass(returned)):
        raise DefinitionError(f"{where} must return a dataclass (its fields are the outputs) or None.")
    texts = parse_docstring(returned.__doc__).sections.get("Attributes", {})
    field_hints = typing.get_type_hints(returned, include_extras=True)
    outputs, opened = [], []
    for field in dataclasses.fields(returned):
        if field.name not in texts:
            raise DefinitionError(f"{where}: {returned.__name__} does not describe `{field.name}` under Attributes.")
        schema = field_schema(where, field.name, field_hints[field.name])
        outputs.append(OutputEntry(name=field.name, description=texts[field.name], schema=schema))
        opened += _resources(field_hints[field.name])
    return tuple(outputs), opened


def _resources(hint: Any) -> list[type[Resource]]:
    """The kinds of resources that a type names: it, or it and null."""
    named = (hint, *typing.get_args(hint))
    return [kind for kind in named if isinstance(kind, type) and issubclass(kind, Resource)]


def _plain(message: str) -> str:
    return message[0].lower() + message[1:] if message else message


@cache
def _entry_points() -> Mapping[str, importlib.metadata.EntryPoint]:
    found: dict[str, importlib.metadata.EntryPoint] = {}
    for point in importlib.metadata.entry_points(group=ENTRY_POINTS):
        known = found.setdefault(point.name, point)
        if known.value != point.value:
            raise DefinitionError(
                f"The packages behind {known.value} and {point.value} both declare activities `{point.name}.*`. "
                "Remove one of them."
            )
    return found


def find_activity(id: str) -> ActivityDefinition | None:
    """The definition of that id or alias, or None. Loads only the module behind the id's prefix when that is enough."""
    point = _entry_points().get(id.partition(".")[0])
    if point is not None:
        point.load()
        if id in _definitions:
            return _definitions[id]
    elif id in _definitions:
        return _definitions[id]
    return next((d for d in load_activities().values() if id in d.entry.aliases), None)


def load_activities() -> Mapping[str, ActivityDefinition]:
    """All installed activities by id, from every package's entry points."""
    for point in _entry_points().values():
        point.load()
    return dict(sorted(_definitions.items()))


def installed_activities() -> tuple[list[ActivityDefinition], list[str]]:
    """The installed activities by id, and what is wrong with the packages whose activities cannot be loaded."""
    problems = []
    for point in _entry_points().values():
        try:
            point.load()
        except Exception as error:
            package = point.dist.name if point.dist is not None else point.value
            problems.append(f"The activities `{point.name}.*` of {package} cannot be loaded: {error}")
    return [definition for _, definition in sorted(_definitions.items())], problems


def activity_catalogue() -> Catalogue:
    """The catalogue of all installed activities, without the engine's control nodes."""
    return Catalogue(definition.entry for definition in load_activities().values())

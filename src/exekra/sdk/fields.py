"""What a form shows for one input: its schema, its widget, its title, and when it applies."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError, PydanticUserError

from exekra.kit.validation import in_words
from exekra.sdk.catalogue import InputEntry
from exekra.sdk.errors import DefinitionError
from exekra.sdk.types import When, Widget

_CAPITALS: Mapping[str, str] = {
    word.lower(): word for word in ("API", "CSV", "HTML", "HTTP", "ID", "JSON", "PDF", "SQL", "URL", "XML", "ZIP")
} | {"mb": "(MB)"}
"""Words of names that are not written as other words are."""


def title_of(name: str) -> str:
    """The title of a function's or an input's name: `follow_redirects` is "Follow redirects", `url` is "URL"."""
    first, *rest = name.split("_")
    return " ".join((_CAPITALS.get(first, first.capitalize()), *(_CAPITALS.get(word, word) for word in rest)))


def input_entry(where: str, parameter: inspect.Parameter, hint: Any, text: str) -> InputEntry:
    """Describe one input of a function.

    Args:
        where: The function, for errors.
        parameter: The input's name and default.
        hint: Its type.
        text: What the docstring says of it.

    Raises:
        DefinitionError: The type cannot be described as JSON, or the default is mutable or breaks the type.
    """
    adapter, schema = _describe(where, parameter.name, hint)
    required = parameter.default is parameter.empty
    if not required:
        if isinstance(parameter.default, list | dict | set):
            raise DefinitionError(f"{where}: the default of `{parameter.name}` is mutable; use None or a tuple.")
        try:
            adapter.validate_python(parameter.default)
        except ValidationError as error:
            raise DefinitionError(
                f"{where}: the default of `{parameter.name}` breaks its own type: {in_words(error.errors()[0])}."
            ) from None
    when = next((extra for extra in _extras(hint) if isinstance(extra, When)), None)
    return InputEntry(
        name=parameter.name,
        title=title_of(parameter.name),
        description=text,
        schema=schema,
        required=required,
        default=None if required else parameter.default,
        mode="text" if schema.get("x-widget") == "code" else "template",
        when=dict(when.conditions) if when else None,
    )


def check_conditions(where: str, inputs: Sequence[InputEntry], hints: Mapping[str, Any]) -> None:
    """Check what `When` says of the inputs of one function.

    Raises:
        DefinitionError: It names no input, or a value that the input cannot have; or a required input would be hidden.
    """
    names = {entry.name for entry in inputs}
    for entry in inputs:
        if entry.when and entry.required:
            raise DefinitionError(f"{where}: `{entry.name}` has a When, so it may be hidden. Give it a default.")
        for name, values in (entry.when or {}).items():
            if name not in names or name == entry.name:
                raise DefinitionError(
                    f"{where}: the When of `{entry.name}` names `{name}`, which is not another input."
                )
            adapter, _ = _describe(where, name, hints[name])
            for value in values:
                try:
                    adapter.validate_python(value, strict=True)
                except ValidationError:
                    raise DefinitionError(
                        f"{where}: the When of `{entry.name}` names {value!r}, a value that `{name}` cannot have."
                    ) from None


def field_schema(where: str, name: str, hint: Any) -> dict[str, Any]:
    """The JSON Schema of a type, with the widget that shows it as `x-widget`.

    Raises:
        DefinitionError: The type cannot be described as JSON.
    """
    return _describe(where, name, hint)[1]


def _describe(where: str, name: str, hint: Any) -> tuple[TypeAdapter[Any], dict[str, Any]]:
    try:
        return _describe_hint(hint)
    except (PydanticSchemaGenerationError, PydanticUserError, TypeError) as error:
        raise DefinitionError(
            f"{where}: the type of `{name}` cannot be described as JSON: {str(error).splitlines()[0]}"
        ) from None


@cache
def _describe_hint(hint: Any) -> tuple[TypeAdapter[Any], dict[str, Any]]:
    adapter: TypeAdapter[Any] = TypeAdapter(hint)
    schema = adapter.json_schema()
    widget = _widget(hint, schema)
    schema["x-widget"] = widget.name
    if widget.language:
        schema["x-language"] = widget.language
    return adapter, schema


_WIDGETS: Mapping[str, Widget] = {
    "string": Widget("text"),
    "integer": Widget("number"),
    "number": Widget("number"),
    "boolean": Widget("switch"),
    "array": Widget("list"),
    "object": Widget("object"),
}


def _extras(hint: Any) -> Iterator[Any]:
    """The annotations of a type or, if it may be null, of the other type in the union."""
    yield from getattr(hint, "__metadata__", ())
    annotated = hint.__origin__ if hasattr(hint, "__metadata__") else hint
    if typing.get_origin(annotated) in (typing.Union, types.UnionType):
        for alternative in typing.get_args(annotated):
            yield from getattr(alternative, "__metadata__", ())


def _widget(hint: Any, schema: Mapping[str, Any]) -> Widget:
    for extra in _extras(hint):
        if isinstance(extra, Widget):
            return extra
    if "x-widget" in schema:
        return Widget(schema["x-widget"])
    shapes = [schema, *(s for s in schema.get("anyOf", ()) if s.get("type") != "null")]
    for shape in shapes:
        if "x-widget" in shape:
            return Widget(shape["x-widget"])
        if "enum" in shape or "const" in shape:
            return Widget("choice")
        if shape.get("format") in ("date", "date-time"):
            return Widget("date")
        if shape.get("type") in _WIDGETS and len(shapes) <= 2:
            return _WIDGETS[shape["type"]]
    return Widget("any")

"""The elements of a flow, and the selectors in the fields of its nodes: found, and made ready to be filled in.

A field of the type Selector holds the name of an element of the flow, a text that a person wrote, or a selector as
data. Parts of a selector may be templates. Values are put into the parts after reading, quoted as CSS and XPath ask
for, so that no value can change what is searched for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from exekra.flow.errors import UnknownName, nearest_name
from exekra.flow.expressions import Expression
from exekra.flow.expressions.work import Evaluate, Work
from exekra.flow.templates import (
    CompiledValue,
    Path,
    Template,
    TemplateError,
    compile_template,
    compile_value,
    template_parts,
    text_of,
)
from exekra.sdk.catalogue import InputEntry
from exekra.sdk.errors import DocumentError
from exekra.sdk.selector import Selector
from exekra.sdk.selector_parts import (
    QUOTES,
    Anchor,
    Candidate,
    Frame,
    SelectorError,
    ShadowHost,
    TextMatch,
    css_string,
    xpath_string,
)
from exekra.sdk.selector_text import role_value

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class UnknownElementError(DocumentError):
    """A node names an element that the flow does not have."""

    def __init__(self, unknown: UnknownName) -> None:
        self.unknown = unknown
        shown = unknown.name[:80]
        hint = unknown.hint or f" Record or add it; for the tag write `css={shown}`."
        super().__init__(f"There is no element `{shown}`.{hint}")


def selector_places(schema: Mapping[str, Any], value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The selectors in the value of an input, with the paths that lead there.

    Args:
        schema: The input's schema.
        value: The value as it stands in the document.
        path: What stands in front of the paths.
    """
    if schema.get("x-widget") == "selector" and value is not None:
        yield path, value
    elif isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        for number, item in enumerate(value):
            yield from selector_places(schema["items"], item, (*path, number))
    else:
        for choice in schema.get("anyOf", ()):
            if choice.get("type") != "null":
                yield from selector_places(choice, value, path)


def element_name(value: Any) -> str | None:
    """The name of the element that the value of a field refers to; None when it refers to none."""
    return value if isinstance(value, str) and _NAME.fullmatch(value) else None


def is_one_expression(value: Any) -> bool:
    """Whether the value is a text of one expression, whose value becomes the selector when the node runs."""
    if not isinstance(value, str) or not value.startswith("{"):
        return False
    parts = template_parts(value)
    return len(parts) == 1 and isinstance(parts[0], Expression)


def find_selector(value: Any, elements: Mapping[str, Selector]) -> Selector:
    """The selector that the value of a field means: the flow's element of that name, or the value read as one.

    Raises:
        UnknownElementError: There is no element of that name; suggests the nearest.
        SelectorError: The value is not a valid selector.
    """
    name = element_name(value)
    if name is None:
        return Selector.read(value)
    if name not in elements:
        raise UnknownElementError(UnknownName(name, nearest_name(name, elements)))
    return elements[name]


TEXT_FIELDS: Mapping[str, str] = {"equals": "equals", "starts_with": "startsWith", "contains": "contains"}
"""The texts that a candidate of kind text may look for: their names here and in a document."""


def compile_input(field: InputEntry, value: Any, elements: Mapping[str, Selector]) -> CompiledValue:
    """Compile what stands in a field of a node; each selector in it gives a `Selector`.

    Raises:
        TemplateError: A text in it is wrong.
        UnknownElementError: It names an element that is not there.
        SelectorError: It is not a valid selector.
    """
    places = dict(selector_places(field.schema, value))
    if not places:
        return compile_value(value)
    compiled = {path: compile_selector(part, elements) for path, part in places.items()}
    if () in compiled:
        return compiled[()]
    items = [compiled[number,] for number in range(len(value))]
    return CompiledValue(
        names=frozenset().union(*(item.names for item in items)),
        templates=tuple(((number, *path), each) for number, item in enumerate(items) for path, each in item.templates),
        literal=all(item.literal for item in items),
        evaluate=lambda scope, begin=Work: [item.evaluate(scope, begin) for item in items],
    )


def compile_selector(value: Any, elements: Mapping[str, Selector]) -> CompiledValue:
    """Compile one selector; evaluated, it gives a `Selector` with all values filled in.

    Raises:
        TemplateError: A text in it is wrong, or holds an expression where no value may stand.
        UnknownElementError: It names an element that is not there.
        SelectorError: It is not a valid selector.
    """
    if is_one_expression(value):
        return compile_value(value)
    selector = find_selector(value, elements)
    compiler = _Compiler()
    try:
        fill = compiler.selector(selector)
    except TemplateError as error:
        if not isinstance(value, str) or element_name(value) is not None:
            raise
        raise TemplateError(error.problem, text=value, position=max(value.find(error.snippet), 0)) from None
    templates = tuple(compiler.templates)

    def evaluate(scope: Mapping[str, Any], begin: Callable[[], Work] = Work) -> Selector:
        try:
            filled: Selector = fill(scope, begin)
        except ValueError as error:
            raise SelectorError(str(error)) from None
        return filled

    return CompiledValue(
        names=frozenset().union(*(template.names for _, template in templates)),
        templates=templates,
        literal=not templates,
        evaluate=evaluate,
    )


class _Compiler:
    """Makes functions that fill values into the parts of a selector; gathers the templates on the way."""

    def __init__(self) -> None:
        self.templates: list[tuple[Path, Template]] = []

    def selector(self, selector: Selector) -> Evaluate:
        fills = {
            "frames": self._each(selector.frames, ("frames",), self._root),
            "shadow": self._each(selector.shadow, ("shadow",), self._root),
            "candidates": self._each(selector.candidates, ("candidates",), self._candidate),
            "anchors": self._each(selector.anchors, ("anchors",), self._anchor),
        }
        return _replacing(selector, fills)

    def _each(self, parts: Sequence[Any], path: Path, compile: Callable[[Any, Path], Evaluate]) -> Evaluate:
        fills = [compile(part, (*path, number)) for number, part in enumerate(parts)]
        return lambda scope, begin=Work: tuple(fill(scope, begin) for fill in fills)

    def _root(self, root: Frame | ShadowHost, path: Path) -> Evaluate:
        candidates = self._each(root.candidates, (*path, "candidates"), self._candidate)
        return _replacing(root, {"candidates": candidates})

    def _anchor(self, anchor: Anchor, path: Path) -> Evaluate:
        return _replacing(anchor, {"text": self._text(anchor.text, (*path, "text"))})

    def _candidate(self, candidate: Candidate, path: Path) -> Evaluate:
        if "{" not in msgspec.json.encode(candidate).decode():
            return lambda scope, begin=Work: candidate
        if candidate.text is not None:
            return self._text_candidate(candidate, candidate.text, path)
        if candidate.kind == "role":
            return self._role_candidate(candidate, path)
        parts = self._parts(candidate.value, (*path, "value"))
        quoted = (_xpath_pieces if candidate.is_xpath else _css_pieces)(parts, candidate.value, (*path, "value"))
        return _replacing(candidate, {"value": _joined(quoted)})

    def _text_candidate(self, candidate: Candidate, match: TextMatch, path: Path) -> Evaluate:
        [(field, wanted)] = [(name, text) for name in TEXT_FIELDS if (text := getattr(match, name)) is not None]
        fill = _replacing(match, {field: self._text(wanted, (*path, "text", TEXT_FIELDS[field]))})

        def evaluate(scope: Mapping[str, Any], begin: Callable[[], Work] = Work) -> Candidate:
            filled: TextMatch = fill(scope, begin)
            return msgspec.structs.replace(candidate, text=filled, value=filled.xpath)

        return evaluate

    def _role_candidate(self, candidate: Candidate, path: Path) -> Evaluate:
        fill = self._text(candidate.name or "", (*path, "name"))

        def evaluate(scope: Mapping[str, Any], begin: Callable[[], Work] = Work) -> Candidate:
            name: str = fill(scope, begin)
            return msgspec.structs.replace(candidate, name=name, value=role_value(candidate.role or "", name))

        return evaluate

    def _text(self, text: str, path: Path) -> Evaluate:
        return _joined([part if isinstance(part, str) else _value_of(part) for part in self._parts(text, path)])

    def _parts(self, text: str, path: Path) -> list[str | Expression]:
        try:
            template = compile_template(text)
            parts = template_parts(text)
        except TemplateError as error:
            raise TemplateError(error.problem, text=text, position=error.position, path=path) from None
        if not template.literal:
            self.templates.append((path, template))
        return parts


def _replacing(part: msgspec.Struct, fills: Mapping[str, Evaluate]) -> Evaluate:
    def evaluate(scope: Mapping[str, Any], begin: Callable[[], Work] = Work) -> Any:
        return msgspec.structs.replace(part, **{name: fill(scope, begin) for name, fill in fills.items()})

    return evaluate


def _joined(pieces: Sequence[str | Evaluate]) -> Evaluate:
    def evaluate(scope: Mapping[str, Any], begin: Callable[[], Work] = Work) -> str:
        return "".join(piece if isinstance(piece, str) else piece(scope, begin) for piece in pieces)

    return evaluate


def _value_of(expression: Expression) -> Evaluate:
    """The value of an expression as text. An empty one would make the selector match what nobody meant."""
    evaluate_text = text_of(expression)

    def evaluate(scope: Mapping[str, Any], begin: Callable[[], Work] = Work) -> str:
        text: str = evaluate_text(scope, begin)
        if not text.strip():
            raise SelectorError(f"`{{{expression.source[:80]}}}` is empty, so no element can be found by it.")
        return text

    return evaluate


def _css_pieces(parts: Sequence[str | Expression], text: str, path: Path) -> list[str | Evaluate]:
    """CSS in pieces: an expression stands within quotes, and its value is escaped for them."""
    pieces: list[str | Evaluate] = []
    quote, escaped = "", False
    for part in parts:
        if isinstance(part, str):
            for character in part:
                if escaped or character == "\\":
                    escaped = not escaped
                elif quote:
                    quote = "" if character == quote else quote
                elif character in QUOTES:
                    quote = character
            pieces.append(part)
        elif quote:
            pieces.append(_escaped(_value_of(part), quote))
        else:
            raise _outside_quotes(part, text, path, '[id="row-{number}"]')
    return pieces


def _escaped(evaluate: Evaluate, quote: str) -> Evaluate:
    return lambda scope, begin=Work: css_string(evaluate(scope, begin), quote)[1:-1]


def _xpath_pieces(parts: Sequence[str | Expression], text: str, path: Path) -> list[str | Evaluate]:
    """XPath in pieces: a string that contains an expression is rebuilt, because XPath has no escapes."""
    pieces: list[str | Evaluate] = []
    string: list[str | Evaluate] = []
    quote = ""
    for part in parts:
        if not isinstance(part, str):
            if not quote:
                raise _outside_quotes(part, text, path, '//td[.="{number}"]')
            string.append(_value_of(part))
            continue
        for character in part:
            if quote and character == quote:
                pieces.append(_xpath_string(_joined(string)))
                string, quote = [], ""
            elif quote:
                string.append(character)
            elif character in QUOTES:
                quote = character
            else:
                pieces.append(character)
    return pieces


def _xpath_string(evaluate: Evaluate) -> Evaluate:
    return lambda scope, begin=Work: xpath_string(evaluate(scope, begin))


def _outside_quotes(expression: Expression, text: str, path: Path, example: str) -> TemplateError:
    problem = f"A value must be inside quotes here, as in `{example}`"
    return TemplateError(problem, text=text, position=max(text.find(f"{{{expression.source}"), 0), path=path)

"""Read and write the small part of YAML that flow documents use: plain data, with the line of each part.

Plain words are read by YAML 1.2's core rules without their traps: `on`, `yes`, `2026-11-20`, `1_000` and `0123` are
text. Anchors, aliases and tags are refused, so a small text cannot grow into a large document or make objects.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any, NoReturn

import yaml

from exekra.flow.errors import FlowError, Problem

DEEPEST = 60
"""How many lists and objects may stand inside one another."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # The C library may be missing on rare platforms.
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    spelling: value
    for value, word in ((True, "true"), (False, "false"))
    for spelling in (word, word.capitalize(), word.upper())
}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
_REAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:[eE][+-]?[0-9]{1,3})?|[eE][+-]?[0-9]{1,3})")
_LINES_TO_DEPTH = 4  # `nodes.read.with.path`: problems point no deeper.


def read_yaml(text: str) -> tuple[Any, dict[tuple[str, ...], int]]:
    """Read one YAML document: its data, and the line of each part by its path.

    Raises:
        FlowError: The text is not YAML, or uses what documents may not hold; names the line.
    """
    reader = _Reader()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        _refuse_syntax(error, text)
    except (yaml.YAMLError, UnicodeError, ValueError) as error:
        _refuse("yaml", f"The text cannot be read as YAML: {str(error).splitlines()[0]}.", None)
    return reader.value, reader.lines


def plain_scalar(text: str) -> Any:
    """What a word without quotes means: null, true, false, a number, or the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _REAL.fullmatch(text):
        number = float(text)
        return number if abs(number) != float("inf") else text
    return text


class _Reader:
    """Builds data out of YAML's events, with a stack of its own, so that no text can exhaust Python's."""

    def __init__(self) -> None:
        self.value: Any = None
        self.lines: dict[tuple[str, ...], int] = {}
        self._stack: list[dict[str, Any] | list[Any]] = []
        self._keys: list[str | None] = []
        self._path: list[str] = []
        self._documents = 0
        self._line = 1

    def take(self, event: Any) -> None:
        """One of yaml's events; they share no class that has their fields."""
        line = self._line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            name = getattr(event, "anchor", "")
            _refuse(
                "yaml-anchor", f"Anchors and aliases (`&{name}`, `*{name}`) are not allowed. Write it out again.", line
            )
        if getattr(event, "tag", None):
            _refuse("yaml-tag", f"The tag `{event.tag}` is not allowed. Remove it.", line)
        if isinstance(event, yaml.ScalarEvent):
            text = event.value
            if self._stack and isinstance(self._stack[-1], dict) and self._keys[-1] is None:
                self._key(text, line)
            else:
                self._put(plain_scalar(text) if event.style is None or event.style == "" else text)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            container: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
            if self._stack and isinstance(self._stack[-1], dict) and self._keys[-1] is None:
                _refuse("yaml-key", "A key must be a text, not a list or an object.", line)
            if len(self._stack) >= DEEPEST:
                _refuse("too-deep", f"More than {DEEPEST} nested lists and objects are not allowed.", line)
            self._begin(container)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._stack.pop()
            self._keys.pop()
            self._done()
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                _refuse("yaml-documents", "A file holds one workflow; a second document begins here.", line)

    def _key(self, key: str, line: int) -> None:
        mapping = self._stack[-1]
        if key in mapping:
            _refuse("duplicate-key", f"`{key}` appears twice. Remove or rename one of them.", line)
        self._keys[-1] = key
        self._path.append(key)
        if len(self._path) <= _LINES_TO_DEPTH:
            self.lines[tuple(self._path)] = line

    def _begin(self, container: dict[str, Any] | list[Any]) -> None:
        self._attach(container)
        self._stack.append(container)
        self._keys.append(None)

    def _put(self, value: Any) -> None:
        self._attach(value)
        self._done()

    def _attach(self, value: Any) -> None:
        if not self._stack:
            self.value = value
            return
        top = self._stack[-1]
        if isinstance(top, list):
            self._path.append(str(len(top)))
            if len(self._path) <= _LINES_TO_DEPTH:
                self.lines[tuple(self._path)] = self._line
            top.append(value)
        else:
            key = self._keys[-1]
            assert key is not None
            top[key] = value

    def _done(self) -> None:
        if self._stack:
            self._path.pop()
            self._keys[-1] = None


def _refuse(code: str, message: str, line: int | None) -> NoReturn:
    raise FlowError([Problem(code=code, message=message, line=line)]) from None


def _refuse_syntax(error: yaml.MarkedYAMLError, text: str) -> NoReturn:
    mark = error.problem_mark or error.context_mark
    problem = (error.problem or error.context or "it is not YAML").strip()
    line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
    where = f" at column {column}" if column else ""
    if mark and ((mark.index < len(text) and text[mark.index] == "\t") or "tab" in problem):
        _refuse("yaml-tab", f"There is a tab{where}. YAML is indented with spaces; replace the tab.", line)
    begun = ""
    if error.context and error.context_mark and error.context_mark.line + 1 != line:
        begun = f" ({error.context} in line {error.context_mark.line + 1})"
    _refuse("yaml", f"The text is not YAML{where}: {problem}{begun}.", line)


def write_yaml(value: dict[str, Any]) -> str:
    """Write plain data as YAML for people: short objects in one line, longer texts of several lines as `|`."""
    node = _block(value, depth=0)
    text: str = yaml.serialize(node, Dumper=_DUMPER, allow_unicode=True, width=110)
    if "\\U" in text:  # The C library knows no letters beyond the first 65,536, such as emoji.
        readable: str = yaml.serialize(node, Dumper=yaml.SafeDumper, allow_unicode=True, width=110)
        with suppress(FlowError):  # The other one may write rare kinds of space so that they are lost.
            if read_yaml(readable)[0] == value:
                return readable
    return text


_ONE_LINE = 88
_INLINE_FROM = 2  # `inputs.file` and `nodes.read.with` may stand in one line; the document and its sections may not.


def _block(value: Any, depth: int) -> yaml.Node:
    if isinstance(value, dict):
        short = bool(value) and depth >= _INLINE_FROM and "do" not in value and _fits(value)
        pairs = [(_scalar(key), _block(item, depth + 1)) for key, item in value.items()]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=short or not value)
    if isinstance(value, list):
        short = depth >= _INLINE_FROM and _fits(value)
        items = [_block(item, depth + 1) for item in value]
        return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=short or not value)
    return _scalar(value)


def _fits(value: Any) -> bool:
    """Whether a list or object is flat and short enough to be read in one line."""
    items = value.values() if isinstance(value, dict) else value
    if any(isinstance(item, dict | list) and item for item in items):
        return False
    if any(isinstance(item, str) and "\n" in item for item in items):
        return False
    return len(str(value)) <= _ONE_LINE


_BLOCK_TEXT = re.compile(
    r"[^\s\x00-\x1f\x7f-\x9f\ufeff\u2028\u2029\ud800-\udfff][^\x00-\x09\x0b-\x1f\x7f-\x9f\ufeff\u2028\u2029]*"
)


def _scalar(value: Any) -> yaml.ScalarNode:
    if value is None:
        return yaml.ScalarNode("tag:yaml.org,2002:null", "null")
    if isinstance(value, bool):
        return yaml.ScalarNode("tag:yaml.org,2002:bool", "true" if value else "false")
    if isinstance(value, int):
        return yaml.ScalarNode("tag:yaml.org,2002:int", str(value))
    if isinstance(value, float):
        text = repr(value)  # Other readers of YAML want a point before the exponent.
        return yaml.ScalarNode("tag:yaml.org,2002:float", text if "." in text else text.replace("e", ".0e"))
    style = None
    if not isinstance(plain_scalar(value), str):
        style = "'"
    elif "{" in value and "\n" not in value and "\\" not in value and '"' not in value:
        style = '"'
    elif "\n" in value.rstrip("\n") and _BLOCK_TEXT.fullmatch(value) and " \n" not in value and "\n\n\n" not in value:
        style = "|"
    return yaml.ScalarNode("tag:yaml.org,2002:str", value, style=style)

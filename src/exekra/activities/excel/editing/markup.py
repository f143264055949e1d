"""Edit XML as text, so that all that is not edited stays as its author wrote it.

Parts of a workbook are small but for the sheets' rows (`sheet` has its own way for those). Any prefix is understood:
`<x:row>` is as common as `<row>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')""")
_TAG = re.compile(
    r"""<(/?)((?:[\w.-]+:)?)([\w.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(/?)>""",
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_DECLARATION = re.compile(r"""^<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["'][^>]*\?>""")
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
_HOLDS_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Element:
    """Where an element stands in a text.

    Attributes:
        name: Its local name.
        prefix: Its prefix with the colon, or "".
        start: Where its opening tag begins.
        inner: Where its content begins; equal to `inner_end` where it is empty.
        inner_end: Where its content ends.
        end: Where the element ends.
    """

    name: str
    prefix: str
    start: int
    inner: int
    inner_end: int
    end: int


class MarkupError(ValueError):
    """The text is not the XML that it should be."""


def decoded(data: bytes) -> str:
    """The text of a part, without comments and CDATA sections; it is written as UTF-8 whatever it was read as.

    Raises:
        MarkupError: It declares types of its own (DOCTYPE), or is not in the encoding that it declares.
    """
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            text = data.decode("utf-16")
        else:
            declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
            text = data.decode(declared[1].decode() if declared else "utf-8").removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError) as error:
        raise MarkupError(f"its text cannot be decoded: {error}") from None
    if "<!" in text:
        if "<!DOCTYPE" in text:
            raise MarkupError("it has a DOCTYPE, which no workbook needs")
        text = _CDATA.sub(lambda match: escaped(match[1]), _COMMENT.sub("", text))
    declaration = _DECLARATION.match(text)
    if declaration and declaration[1].lower() != "utf-8":
        text = text[: declaration.start(1)] + "UTF-8" + text[declaration.end(1) :]
    return text


def root(xml: str) -> Element:
    """The outermost element.

    Raises:
        MarkupError: There is none, or it does not end.
    """
    return next(_elements(xml, 0))


def children(xml: str, parent: Element | None = None) -> list[Element]:
    """The elements directly in `parent`, by default in the root.

    Raises:
        MarkupError: An element does not end.
    """
    parent = parent or root(xml)
    return list(_elements(xml, parent.inner, parent.inner_end))


def child(xml: str, name: str, parent: Element | None = None) -> Element | None:
    """The first element of that local name directly in `parent`, by default in the root."""
    parent = parent or root(xml)
    return next((found for found in _elements(xml, parent.inner, parent.inner_end) if found.name == name), None)


def _elements(xml: str, start: int, end: int | None = None) -> Iterator[Element]:
    """The elements side by side from `start` on."""
    open_tags: list[re.Match[str]] = []
    found = False
    for tag in _TAG.finditer(xml, start, len(xml) if end is None else end):
        closes, prefix, name, _, empty = tag.groups()
        if not closes and not empty:
            open_tags.append(tag)
            continue
        if closes:
            if not open_tags:
                raise MarkupError(f"`</{prefix}{name}>` ends nothing")
            first = open_tags.pop()
            if (first[2], first[3]) != (prefix, name):
                raise MarkupError(f"`<{first[2]}{first[3]}>` is not closed")
        else:
            first = tag
        if not open_tags:
            found = True
            inner_end = tag.start() if closes else tag.end()
            yield Element(name, prefix, first.start(), first.end(), inner_end, tag.end())
    if open_tags or (end is None and not found):
        raise MarkupError("it ends too early")


def attributes(tag: str) -> dict[str, str]:
    """The attributes of an opening tag by local name."""
    return {
        name.rpartition(":")[2]: unescape(value[1:-1])
        for name, value in _ATTRIBUTE.findall(tag)
        if not name.startswith("xmlns")
    }


def number(values: Mapping[str, str], name: str, default: int = 0) -> int:
    """An attribute that is a whole number; `default` where it is missing or none."""
    text = values.get(name, "").strip()
    return int(text) if text.isdecimal() else default


def attributes_of(xml: str, element: Element) -> dict[str, str]:
    """The attributes of an element by local name."""
    return attributes(xml[element.start : element.inner])


def with_attributes(tag: str, values: Mapping[str, str | int | None]) -> str:
    """An opening tag with these attributes set; None removes one."""
    for name, value in values.items():
        present = re.search(rf"""\s+{re.escape(name)}\s*=\s*("[^"]*"|'[^']*')""", tag)
        new = "" if value is None else f' {name}="{escaped(str(value), quote=True)}"'
        if present:
            tag = tag[: present.start()] + new + tag[present.end() :]
        elif new:
            close = re.search(r"\s*/?>$", tag)
            if not close:
                raise MarkupError(f"`{tag[:40]}` is not a tag")
            tag = tag[: close.start()] + new + tag[close.start() :]
    return tag


def set_attributes(xml: str, element: Element, values: Mapping[str, str | int | None]) -> str:
    """The text with these attributes of an element set; None removes one."""
    tag = xml[element.start : element.inner]
    return xml[: element.start] + with_attributes(tag, values) + xml[element.inner :]


def append_to(xml: str, element: Element, content: str) -> str:
    """The text with `content` as the last in an element."""
    if element.inner_end < element.end:
        return xml[: element.inner_end] + content + xml[element.inner_end :]
    tag = re.sub(r"\s*/>$", ">", xml[element.start : element.end])
    name = f"{element.prefix}{element.name}"
    return f"{xml[: element.start]}{tag}{content}</{name}>{xml[element.end :]}"


def insert_in_order(xml: str, content: str, name: str, order: tuple[str, ...]) -> str:
    """The text with a new child of the root called `name`, where the schema's `order` of children wants it."""
    whole = root(xml)
    before = set(order[: order.index(name)])
    position = whole.inner
    for found in children(xml, whole):
        if found.name in before:
            position = found.end
    if whole.inner_end == whole.end:
        return append_to(xml, whole, content)
    return xml[:position] + content + xml[position:]


def without_empty(xml: str, name: str) -> str:
    """The text without a child of the root that has no content."""
    found = child(xml, name)
    empty = found is not None and not xml[found.inner : found.inner_end].strip()
    return xml[: found.start] + xml[found.end :] if found and empty else xml


def escaped(text: str, *, quote: bool = False) -> str:
    """The text as XML content, or as an attribute's value in double quotes."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;") if quote else text


def cell_text(text: str) -> str:
    """A cell's text as XML: characters that XML cannot hold are written as Excel does, `_x0001_`."""
    if not _SPECIAL.search(text):
        return text
    if "_x" in text:
        text = _HOLDS_ESCAPE.sub("_x005F_", text)
    if _NOT_XML.search(text):
        text = _NOT_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return escaped(text)


def plain_text(xml: str) -> str:
    """The opposite of `cell_text`."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), unescape(xml))

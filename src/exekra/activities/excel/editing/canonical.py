"""A sheet in the form that nearly every program writes it: for those that are legal XML but unusual."""

from __future__ import annotations

from xml.parsers import expat

from exekra.activities.excel.areas import column_letters, place_column
from exekra.activities.excel.editing import markup


def canonical(data: bytes) -> bytes:
    """The sheet's XML as UTF-8 with double quotes, without comments, and with a number on each row and cell.

    Raises:
        ValueError: It is not well-formed, or declares types of its own.
    """
    writer = _Writer()
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    parser.StartDoctypeDeclHandler = writer.doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from None
    return "".join(writer.parts).encode()


class _Writer:
    def __init__(self) -> None:
        self.parts = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n']
        self._row = 0
        self._column = -1
        self._open = False

    def start(self, name: str, given: list[str]) -> None:
        self._close()
        values = dict(zip(given[::2], given[1::2], strict=True))
        kind = name.rpartition(":")[2]
        if kind == "row":
            self._row = markup.number(values, "r", self._row + 1)
            self._column = -1
            values = values | {"r": str(self._row)}
        elif kind == "c":
            reference = values.pop("r", "")
            self._column = place_column(reference) if reference else self._column + 1
            values = {"r": f"{column_letters(self._column)}{self._row}", **values}
        written = "".join(f' {key}="{markup.escaped(value, quote=True)}"' for key, value in values.items())
        self.parts.append(f"<{name}{written}")
        self._open = True

    def end(self, name: str) -> None:
        if self._open:
            self.parts.append("/>")
            self._open = False
        else:
            self.parts.append(f"</{name}>")

    def text(self, text: str) -> None:
        self._close()
        self.parts.append(markup.escaped(text))

    def doctype(self, *_: object) -> None:
        raise ValueError("it has a DOCTYPE, which no workbook needs")

    def _close(self) -> None:
        if self._open:
            self.parts.append(">")
            self._open = False

"""Whole sheets of a workbook: added, renamed, copied, deleted, with all that mentions them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from itertools import count
from typing import IO

from exekra.activities.excel.areas import check_sheet_name
from exekra.activities.excel.editing import markup
from exekra.activities.excel.editing.book import Book, SheetEntry
from exekra.activities.excel.editing.every_formula import SheetFormulas, change_formulas, changed_formulas
from exekra.activities.excel.editing.formulas import with_sheets_mapped, with_words_mapped, words_of
from exekra.activities.excel.editing.other_parts import change_part
from exekra.activities.excel.editing.package import Package, relationships_name
from exekra.activities.excel.editing.sheet import SheetPart
from exekra.activities.excel.editing.tables import SheetTable, tables_of
from exekra.activities.excel.errors import CannotEditError, SheetExistsError, choose_sheet
from exekra.sdk.context import Context

_COPIED = frozenset(
    {"drawing", "vmlDrawing", "comments", "chart", "chartStyle", "chartColorStyle", "chartUserShapes"}
    | {"chartEx", "themeOverride", "table"}
)
"""Kinds of parts that a copy of a sheet gets for itself."""

_SHARED = frozenset({"image", "hyperlink"})
"""Kinds of parts that both sheets may refer to."""

_LEFT_OUT = frozenset({"printerSettings"})
"""Kinds of parts that a copy does without."""

_NOT_COPIED = {
    "pivotTable": "a pivot table",
    "slicer": "a slicer",
    "timeline": "a timeline",
    "threadedComment": "a conversation of comments",
    "ctrlProp": "a form control",
    "control": "a control",
    "oleObject": "an embedded object",
    "package": "an embedded file",
    "queryTable": "a query",
}
_FILTERED = frozenset({"slicer", "timeline", "pivotTable", "table"})
_SLICER_CACHE = re.compile(r"xl/(?:slicer|timeline)Caches/", re.IGNORECASE)
_MOST_NAMED = 5
_OF_ONE_SHEET = re.compile(r"""\s(?:tabSelected|codeName|xr:uid)\s*=\s*("[^"]*"|'[^']*')""")
_PRINTER = re.compile(r"""(<(?:\w+:)?pageSetup\s[^>]*?)\s[\w.-]+:id\s*=\s*(?:"[^"]*"|'[^']*')""")
_TEXT = re.compile(r'"(?:[^"]|"")*"')


class Sheets:
    """The sheets of a workbook that is being changed.

    Args:
        context: The step, which is told what is doubtful.
        package: The workbook's package.
        book: Its list of sheets.
    """

    def __init__(self, context: Context, package: Package, book: Book) -> None:
        self._context = context
        self._package = package
        self._book = book
        self._renamed: _Renaming | None = None
        if markup.child(package.text(book.part), "workbookProtection"):
            context.warn(
                f"The list of sheets of {package.path.name} is protected. Excel would refuse the change; it was made "
                "all the same."
            )

    def warn(self) -> None:
        """Say, once the workbook is saved, what could not follow."""
        if self._renamed and self._renamed.in_texts:
            places = ", ".join(list(self._renamed.in_texts)[:_MOST_NAMED])
            self._context.warn(
                f"`{self._renamed.old}` also stands in a text of {places}, as for INDIRECT, which was not changed."
            )

    def find(self, sheet: str | int) -> SheetEntry:
        """A sheet by its name in any case, or by its number counted from 1.

        Raises:
            SheetMissingError: There is none.
        """
        entries = {entry.name: entry for entry in self._book.sheets}
        return entries[choose_sheet(self._package.path, sheet, list(entries))]

    def add(self, name: str, position: int | None) -> SheetEntry:
        """Add an empty sheet at a position counted from 1, or behind the others.

        Raises:
            InputError: Excel does not allow the name.
            SheetExistsError: There is a sheet of that name.
        """
        self._check_new(name, None)
        return self._book.add_sheet(name, position)

    def rename(self, entry: SheetEntry, name: str) -> None:
        """Give a sheet another name; whatever mentions it follows.

        Raises:
            InputError: Excel does not allow the name.
            SheetExistsError: Another sheet has it.
        """
        self._check_new(name, entry)
        renaming = _Renaming(entry.name, name)
        change_formulas(self._package, self._book, renaming)
        self._book.rename_sheet(entry.name, name)
        self._renamed = renaming
        self._warn_of_macros(entry.name)

    def copy(self, entry: SheetEntry, name: str, position: int | None) -> SheetEntry:
        """Copy a sheet with its values, formats, rules, pictures and charts; what mentions the sheet itself follows.

        Raises:
            InputError: Excel does not allow the name.
            SheetExistsError: There is a sheet of that name.
            CannotEditError: It has something that only Excel can copy.
        """
        self._check_new(name, None)
        source = self._book.worksheet(entry.name).part
        renaming = _Renaming(entry.name, name, self._new_table_names(source))
        targets = self._copy_parts(entry, source, renaming)
        new = self._book.add_sheet(name, position)
        sheet = SheetPart(self._package, source)
        outline = sheet.outline
        change = SheetFormulas(name, outline.prefix, renaming)
        head = _OF_ONE_SHEET.sub("", outline.head)
        tail = _PRINTER.sub(r"\1", outline.tail)

        def written(out: IO[bytes]) -> None:
            out.write(head.encode())
            for rows in sheet.rows():
                self._context.raise_if_stopped()
                out.write(change.rows(rows))
            out.write(changed_formulas(tail, name, renaming).encode())

        self._package.rewrite(new.part, written)
        self._package.redirect(new.part, source, targets, without=_LEFT_OUT)
        self._follow_links(new.part, renaming)
        self._copy_names(entry, name, renaming)
        return new

    def delete(self, entry: SheetEntry) -> None:
        """Delete a sheet with all that belongs to it.

        Raises:
            CannotEditError: Something else mentions it, or it is the only one that people see.
        """
        if all(sheet.hidden or sheet.name == entry.name for sheet in self._book.sheets):
            raise CannotEditError(
                f"`{entry.name}` is the only sheet of {self._package.path} that is not hidden, and a workbook needs "
                "one."
            )
        kinds = {known.kind for known in self._package.relationships(entry.part)}
        if kinds & _FILTERED and any(map(_SLICER_CACHE.match, self._package.names())):
            raise CannotEditError(
                f"`{entry.name}` in {self._package.path} has a slicer, or what one may filter. Nothing was changed. "
                "Delete the slicer in Excel first."
            )
        tables = {table.name.casefold() for table in tables_of(self._package, entry.part)}
        belonging = self._reached(entry.part)
        self._book.remove_sheet(entry)
        for cache in belonging & self._targets(self._book.part):
            others = self._reached("") - {self._book.part}
            if not any(cache in self._targets(part) for part in others):
                self._book.forget_pivot_cache(cache)
        for part in belonging - self._reached(""):
            self._package.set_content_type(part, None)
            self._package.remove(part)
            if relations := self._package.name(relationships_name(part)):
                self._package.remove(relations)
        self._book.forget_calculation_chain()
        names = self._remove_names(entry)
        self._check_unmentioned(entry, tables | {name.casefold() for name in names})
        if names:
            self._context.warn(f"Names for cells of `{entry.name}` were removed with it: {', '.join(names)}.")
        self._warn_of_macros(entry.name)

    def _check_new(self, name: str, renamed: SheetEntry | None) -> None:
        check_sheet_name(name)
        for entry in self._book.sheets:
            if entry.name.casefold() == name.casefold() and (renamed is None or entry.name != renamed.name):
                raise SheetExistsError(
                    f"{self._package.path} already has a sheet `{entry.name}`. Choose another name, or delete it first."
                )

    def _copy_parts(self, entry: SheetEntry, part: str, renaming: _Renaming) -> dict[str, str]:
        """Copy what a part refers to; gives the names of the copies."""
        targets: dict[str, str] = {}
        for known in self._package.relationships(part):
            if known.kind in _COPIED and not known.external:
                further = self._copy_parts(entry, known.target, renaming)
                copied = self._package.copy(known.target)
                targets[known.target] = copied
                if not copied.lower().endswith(".bin"):
                    self._package.replace(copied, changed_formulas(self._package.text(copied), copied, renaming))
                if known.kind == "table":
                    self._name_table(copied, renaming)
                self._package.redirect(copied, known.target, further)
                self._follow_links(copied, renaming)
            elif known.kind not in _SHARED | _LEFT_OUT and not known.external:
                what = _NOT_COPIED.get(known.kind, f"a part of the kind {known.kind}")
                raise CannotEditError(
                    f"`{entry.name}` in {self._package.path} has {what} ({known.target}), which cannot be copied. "
                    "Nothing was changed. Copy the sheet in Excel, or copy its values by Read Excel and Write range."
                )
        return targets

    def _new_table_names(self, part: str) -> dict[str, str]:
        """The names for the tables of a copied sheet by those of its own, in small letters: each is there only once."""
        xml = self._package.text(self._book.part)
        listed = markup.child(xml, "definedNames")
        elements = markup.children(xml, listed) if listed else []
        taken = {markup.attributes_of(xml, element).get("name", "").casefold() for element in elements}
        taken |= {table.name.casefold() for table in self._tables()}
        names: dict[str, str] = {}
        for table in tables_of(self._package, part):
            stem = re.sub(r"_\d+$", "", table.name)
            new = next(name for number in count(2) if (name := f"{stem}_{number}").casefold() not in taken)
            taken.add(new.casefold())
            names[table.name.casefold()] = new
        return names

    def _tables(self) -> list[SheetTable]:
        return [table for entry in self._book.sheets for table in tables_of(self._package, entry.part)]

    def _name_table(self, part: str, renaming: _Renaming) -> None:
        """Give a copied table a name and a number of its own."""
        xml = self._package.text(part)
        names = [known for known in self._package.names() if re.match(r"xl/tables/", known, re.IGNORECASE)]
        ids = [
            markup.number(markup.attributes_of(text, markup.root(text)), "id")
            for text in map(self._package.text, names)
        ]
        name = renaming.tables[SheetTable(self._package, part).name.casefold()]
        xml = re.sub(r"""\sxr\d?:uid\s*=\s*("[^"]*"|'[^']*')""", "", xml)
        values: dict[str, str | int | None] = {"id": max(ids) + 1, "name": name, "displayName": name}
        self._package.replace(part, markup.set_attributes(xml, markup.root(xml), values))

    def _follow_links(self, part: str, renaming: _Renaming) -> None:
        """Let links from a copy into the sheet lead into the copy."""
        change_part(self._package, relationships_name(part), lambda xml: changed_formulas(xml, part, renaming))

    def _copy_names(self, entry: SheetEntry, name: str, renaming: _Renaming) -> None:
        """Give a copy the names that belong to the sheet, such as its print area, as Excel does."""
        xml = self._package.text(self._book.part)
        listed = markup.child(xml, "definedNames")
        if listed is None:
            return
        places = {sheet.name: place for place, sheet in enumerate(self._book.sheets)}
        copies = []
        for element in markup.children(xml, listed):
            values = markup.attributes_of(xml, element)
            text = xml[element.start : element.end]
            changed = changed_formulas(text, "", renaming)
            own = values.get("localSheetId")
            if own == str(places[entry.name]) or (own is None and changed != text):
                tag = markup.root(changed)
                copies.append(markup.set_attributes(changed, tag, {"localSheetId": places[name]}))
        self._package.replace(self._book.part, markup.append_to(xml, listed, "".join(copies)) if copies else xml)

    def _remove_names(self, entry: SheetEntry) -> list[str]:
        """Remove the defined names that mention a sheet, and give them."""
        xml = self._package.text(self._book.part)
        listed = markup.child(xml, "definedNames")
        removed = []
        for element in reversed(markup.children(xml, listed) if listed else []):
            if _mentions(unescape(xml[element.inner : element.inner_end]), entry.name):
                removed.append(markup.attributes_of(xml, element).get("name", ""))
                xml = xml[: element.start] + xml[element.end :]
        if removed:
            self._package.replace(self._book.part, markup.without_empty(xml, "definedNames"))
        return removed[::-1]

    def _check_unmentioned(self, entry: SheetEntry, names: set[str]) -> None:
        """Refuse to delete a sheet that is mentioned, or whose tables or defined names are."""
        found: dict[str, None] = {}

        def seen(formula: str, where: str) -> str:
            if _mentions(formula, entry.name) or (names and names & words_of(formula)):
                found[where] = None
            return formula

        change_formulas(self._package, self._book, seen)
        if found:
            named = ", ".join(list(found)[:_MOST_NAMED])
            more = f" and {len(found) - _MOST_NAMED:,} more" if len(found) > _MOST_NAMED else ""
            raise CannotEditError(
                f"`{entry.name}` in {self._package.path} cannot be deleted: it is mentioned by {named}{more}. "
                "Nothing was changed. Change those first."
            )

    def _targets(self, part: str) -> set[str]:
        return {known.target for known in self._package.relationships(part) if not known.external}

    def _reached(self, part: str) -> set[str]:
        """A part and all that it refers to, directly or not."""
        found: set[str] = set()
        waiting = [part]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self._targets(name)
        return found - {""}

    def _warn_of_macros(self, name: str) -> None:
        if any(part.lower().endswith("vbaproject.bin") for part in self._package.names()):
            self._context.warn(
                f"{self._package.path.name} has macros. Those that mention the sheet `{name}` were not changed."
            )


def _mentions(formula: str, sheet: str) -> bool:
    """Whether a formula names a sheet."""
    found: list[str] = []

    def seen(name: str) -> str:
        found.append(name.casefold())
        return name

    with_sheets_mapped(formula, seen)
    return sheet.casefold() in found


class _Renaming:
    """Lets formulas mention a sheet, and perhaps its tables, by another name.

    Attributes:
        old: The name of before.
        tables: The new names of tables by the old ones, in small letters.
        in_texts: Where a text in a formula names the sheet; it is kept.
    """

    def __init__(self, old: str, new: str, tables: Mapping[str, str] | None = None) -> None:
        self.old = old
        self.tables = tables or {}
        self.in_texts: dict[str, None] = {}
        self._folded = old.casefold()
        self._new = new

    def __call__(self, formula: str, where: str) -> str:
        texts = _TEXT.findall(formula.casefold()) if '"' in formula else []
        if any(f"{self._folded}{end}" in text for text in texts for end in ("!", "'!")):
            self.in_texts[where] = None
        formula = with_words_mapped(formula, self.tables) if self.tables else formula
        return with_sheets_mapped(formula, lambda name: self._new if name.casefold() == self._folded else name)

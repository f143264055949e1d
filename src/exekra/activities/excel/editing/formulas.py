"""Formulas as text: how a file stores them, and how their references follow when cells move."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from exekra.activities.excel.areas import LAST_COLUMN, LAST_ROW, column_letters, column_number

_BRACKETS = r"\[(?:'.|[^\[\]']|\[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\])*\]"
_CELL = r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}"
_TOKEN = re.compile(
    rf"""(?P<text>"(?:[^"]|"")*")
    |(?P<sheet>(?:{_BRACKETS})?(?:'(?:[^']|'')*'|[\w.\\]+(?::[\w.\\]+)?)!)
    |(?P<bracket>{_BRACKETS})
    |(?P<area>(?:{_CELL}:{_CELL}|\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}|\$?[0-9]{{1,7}}:\$?[0-9]{{1,7}}|{_CELL})(?![\w.(!\[]))
    |(?P<word>[\w.\\?]+\(?)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_CORNER = re.compile(r"(\$?)([A-Za-z]{0,3})(\$?)([0-9]{0,7})")
_PLAIN_SHEET = re.compile(r"[^\W\d]\w*")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}|[Rr][0-9]*(?:[Cc][0-9]*)?|[Cc][0-9]*|TRUE|FALSE", re.IGNORECASE)

_FUTURE_NAMES = """
    ACOT ACOTH AGGREGATE ARABIC ARRAYTOTEXT BASE BETA.DIST BETA.INV BINOM.DIST BINOM.DIST.RANGE BINOM.INV BITAND
    BITLSHIFT BITOR BITRSHIFT BITXOR BYCOL BYROW CEILING.MATH CEILING.PRECISE CHISQ.DIST CHISQ.DIST.RT CHISQ.INV
    CHISQ.INV.RT CHISQ.TEST CHOOSECOLS CHOOSEROWS COMBINA CONCAT CONFIDENCE.NORM CONFIDENCE.T COT COTH COVARIANCE.P
    COVARIANCE.S CSC CSCH DAYS DECIMAL DROP ERF.PRECISE ERFC.PRECISE EXPAND EXPON.DIST F.DIST F.DIST.RT F.INV F.INV.RT
    F.TEST FIELDVALUE FILTERXML FLOOR.MATH FLOOR.PRECISE FORECAST.ETS FORECAST.LINEAR FORMULATEXT GAMMA GAMMA.DIST
    GAMMA.INV GAMMALN.PRECISE GAUSS HSTACK HYPGEOM.DIST IFNA IFS IMAGE IMCOSH IMCOT IMCSC IMCSCH IMSEC IMSECH IMSINH
    IMTAN ISFORMULA ISOMITTED ISOWEEKNUM LAMBDA LET LOGNORM.DIST LOGNORM.INV MAKEARRAY MAP MAXIFS MINIFS MODE.MULT
    MODE.SNGL MUNIT NEGBINOM.DIST NORM.DIST NORM.INV NORM.S.DIST NORM.S.INV NUMBERVALUE PDURATION PERCENTILE.EXC
    PERCENTILE.INC PERCENTRANK.EXC PERCENTRANK.INC PERMUTATIONA PHI POISSON.DIST QUARTILE.EXC QUARTILE.INC RANDARRAY
    RANK.AVG RANK.EQ REDUCE RRI SCAN SEC SECH SEQUENCE SHEET SHEETS SKEW.P SORTBY STDEV.P STDEV.S SWITCH T.DIST
    T.DIST.2T T.DIST.RT T.INV T.INV.2T T.TEST TAKE TEXTAFTER TEXTBEFORE TEXTJOIN TEXTSPLIT TOCOL TOROW UNICHAR UNICODE
    UNIQUE VALUETOTEXT VAR.P VAR.S VSTACK WEBSERVICE WEIBULL.DIST WRAPCOLS WRAPROWS XLOOKUP XMATCH XOR Z.TEST
"""
_FUTURE = frozenset(_FUTURE_NAMES.split())
"""Functions that came after 2007: files name them with `_xlfn.` in front."""

_FUTURE_SHEET = frozenset({"FILTER", "SORT"})
"""Two that have `_xlws.` as well."""


def stored_formula(text: str) -> str:
    """A formula as a file stores it: without the `=`, newer functions with their marks."""

    def stored(token: re.Match[str]) -> str:
        word = token["word"]
        if not word or not word.endswith("("):
            return token[0]
        name = word[:-1].upper()
        if name in _FUTURE:
            return f"_xlfn.{name}("
        return f"_xlfn._xlws.{name}(" if name in _FUTURE_SHEET else word

    return _TOKEN.sub(stored, text.removeprefix("="))


def translated(formula: str, rows: int, columns: int) -> str:
    """A formula as if it were copied to a cell so many rows below and columns to the right."""

    def corner(part: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, digits = part.groups()
        if letters and not fixed_column:
            letters = column_letters((column_number(letters) + columns) % LAST_COLUMN)
        if digits and not fixed_row:
            digits = str((int(digits) - 1 + rows) % LAST_ROW + 1)
        # Whole rows have their `$` where a cell's column would be.
        return f"{fixed_column}{letters}{fixed_row}{digits}"

    return _with_areas(formula, lambda _, area: _corners(area, corner))


def with_columns_renamed(formula: str, table: str, names: Mapping[str, str], *, inside: bool = False) -> str:
    """The formula with other names for columns of a table, such as in `Orders[[#This Row],[amount]]`.

    Args:
        formula: The formula.
        table: The name of the table.
        names: The new names by the old ones.
        inside: Whether the formula stands in the table, where `[amount]` needs no name of a table.
    """
    new_names = {_escaped_column(old).casefold(): _escaped_column(new) for old, new in names.items()}
    known = "|".join(map(re.escape, sorted(new_names, key=len, reverse=True)))
    column = re.compile(
        rf"\[(?:{known})\]|(?<=\[@)(?:{known})(?=\])|(?<=\[#This Row\],)(?:{known})(?=\])", re.IGNORECASE
    )
    result = []
    of_table = inside
    for token in _TOKEN.finditer(formula):
        text = token[0]
        if token["bracket"] and of_table:
            text = column.sub(lambda match: f"[{new_names[match[0].strip('[]').casefold()]}]", text)
        named = bool(token["word"]) and not text.endswith("(")
        of_table = text.casefold() == table.casefold() if named else inside
        result.append(text)
    return "".join(result)


def _escaped_column(name: str) -> str:
    return re.sub(r"(['\[\]#])", r"'\1", name)


def with_areas_mapped(formula: str, own_sheet: bool, sheet: str, change: Callable[[str], str]) -> str:
    """The formula with `change` applied to each area that lies on a sheet.

    Args:
        formula: The formula.
        own_sheet: Whether the formula itself stands on that sheet.
        sheet: The sheet's name.
        change: Gives the new text of an area such as `$A$1:B5`, `A:B` or `C3`.
    """

    def mapped(named: str | None, area: str) -> str:
        concerned = own_sheet if named is None else named.casefold() == sheet.casefold()
        return change(area) if concerned else area

    return _with_areas(formula, mapped)


def with_sheets_mapped(formula: str, change: Callable[[str], str]) -> str:
    """The formula with `change` applied to the name of each sheet of this workbook that it mentions.

    Both ends of `First:Last!A1` are names of sheets; what stands in other workbooks is left out.
    """

    def mapped(token: re.Match[str]) -> str:
        text = token["sheet"]
        if not text or "[" in text:
            return token[0]
        old = _sheet_name(text).split(":")
        new = list(map(change, old))
        return token[0] if new == old else sheet_reference(":".join(new))

    return _TOKEN.sub(mapped, formula) if "!" in formula else formula


def sheet_reference(name: str) -> str:
    """The name of a sheet, or of the first and the last of several, as formulas write it: `Plan!`, `'My plan'!`."""
    plain = all(_PLAIN_SHEET.fullmatch(part) and not _LIKE_A_CELL.fullmatch(part) for part in name.split(":"))
    escaped = name.replace("'", "''")
    return f"{name}!" if plain else f"'{escaped}'!"


def with_words_mapped(formula: str, names: Mapping[str, str]) -> str:
    """The formula with other names for what it mentions by a name, such as a table.

    Args:
        formula: The formula.
        names: The new names by the old ones, which are in small letters.
    """
    return _TOKEN.sub(
        lambda token: names.get(token["word"].casefold(), token[0]) if token["word"] else token[0], formula
    )


def words_of(formula: str) -> set[str]:
    """The names that a formula mentions (of tables, or defined ones), without case."""
    return {
        token["word"].casefold()
        for token in _TOKEN.finditer(formula)
        if token["word"] and not token["word"].endswith("(")
    }


def _with_areas(formula: str, change: Callable[[str | None, str], str]) -> str:
    """The formula with its areas changed; `change` gets the name of the sheet, if one is given, and the area."""
    result = []
    sheet: str | None = None
    for token in _TOKEN.finditer(formula):
        if token["sheet"]:
            sheet = _sheet_name(token["sheet"])
            result.append(token[0])
            continue
        result.append(change(sheet, token["area"]) if token["area"] else token[0])
        sheet = None
    return "".join(result)


def _sheet_name(token: str) -> str:
    name = token[:-1]
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def _corners(area: str, change: Callable[[re.Match[str]], str]) -> str:
    return ":".join(_corner_changed(part, change) for part in area.split(":"))


def _corner_changed(part: str, change: Callable[[re.Match[str]], str]) -> str:
    match = _CORNER.fullmatch(part)
    if match and match[1] and not match[2] and match[4]:  # `$5` of whole rows: the `$` belongs to the row.
        match = re.fullmatch(r"()()(\$)([0-9]+)", part)
    return change(match) if match else part

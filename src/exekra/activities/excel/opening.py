"""Open workbooks to read them, by what is in the file and not by how it is called."""

from __future__ import annotations

import re
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from exekra.activities.disk import explained, require_file
from exekra.activities.excel.errors import NotAWorkbookError, not_a_workbook
from exekra.sdk.context import Context

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_USUAL_START = {".xlsx": _ZIP, ".xlsm": _ZIP, ".xlsb": _ZIP, ".ods": _ZIP, ".xls": _OLE}
_PACKAGES = {"word": "a Word document", "ppt": "a PowerPoint presentation"}
_COUNTS = re.compile(rb"""\b(?:count|uniqueCount)\s*=\s*["'](\d+)""")
_MOST_COMPRESSED = 1032
"""No part becomes more times as large when it is unpacked."""

_OTHERS = (
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<table", "a web page"),
    (b"<meta", "a web page"),
    (b"mso-application", "an XML spreadsheet of Excel 2003"),
    (b"urn:schemas-microsoft-com:office:spreadsheet", "an XML spreadsheet of Excel 2003"),
    (b"<?xml", "XML"),
    (b"%pdf", "a PDF"),
)


def open_workbook(file: Path, context: Context) -> CalamineWorkbook:
    """The workbook, whatever its name ends in.

    Raises:
        FileMissingError: There is no such file.
        FileAccessError: It cannot be opened.
        NotAWorkbookError: It is something else, is damaged, or is protected by a password.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    require_file(file, context)
    with explained(file), file.open("rb") as stream:  # The reader's own errors do not tell a missing permission apart.
        start = stream.read(2048)
    if start.startswith(_ZIP):
        _check_texts(file)
    try:
        if start.startswith((_ZIP, _OLE)) and not start.startswith(_USUAL_START.get(file.suffix.lower(), b"?")):
            with explained(file), file.open("rb") as stream:
                return CalamineWorkbook.from_filelike(stream)
        return CalamineWorkbook.from_path(file)
    except (CalamineError, OSError) as error:
        raise _explained(file, start, error) from None


def _kind_of_package(file: Path, start: bytes) -> str:
    """What a ZIP file is instead of a workbook; "" where that cannot be seen."""
    if start.startswith(_ZIP):
        with suppress(zipfile.BadZipFile, OSError), zipfile.ZipFile(file) as package:
            folders = {name.partition("/")[0].lower() for name in package.namelist()}
            if not folders & {"xl", "content.xml"}:
                return next((kind for folder, kind in _PACKAGES.items() if folder in folders), "a ZIP file")
    return ""


def _check_texts(file: Path) -> None:
    """Refuse a list of texts that claims more of them than it can hold: the reader would make room for all."""
    with suppress(zipfile.BadZipFile, OSError, RuntimeError, zlib.error), zipfile.ZipFile(file) as package:
        for entry in package.infolist():
            if not entry.filename.lower().endswith("sharedstrings.xml"):
                continue
            with package.open(entry) as part:
                claimed = max(map(int, _COUNTS.findall(part.read(4096))), default=0)
            if claimed > min(entry.file_size, entry.compress_size * _MOST_COMPRESSED + 1000):
                raise not_a_workbook(file, f"its list of texts claims to have {claimed:,} of them")


def _explained(file: Path, start: bytes, error: Exception) -> NotAWorkbookError:
    """The error that says what the file is instead, where that can be seen."""
    if not start:
        return not_a_workbook(file, "it is empty")
    if start.startswith(_OLE) and "assword" in str(error):
        return not_a_workbook(file, "it is protected by a password")
    lower = start.lower()
    if package := _kind_of_package(file, start):
        return NotAWorkbookError(f"{file} is {package} under the name of a workbook. Choose the workbook itself.")
    is_packed = start.startswith((_ZIP, _OLE))
    kind = None if is_packed else next((kind for mark, kind in _OTHERS if mark in lower), None)
    if kind:
        return NotAWorkbookError(
            f"{file} is {kind} under the name of a workbook, as some programs export it. Open it in Excel and save it "
            "as .xlsx, or ask for another format where it comes from."
        )
    if not is_packed and b"\0" not in start and (b"," in start or b";" in start or b"\t" in start):
        return NotAWorkbookError(f"{file} is text with separators under the name of a workbook. Use Read CSV for it.")
    return not_a_workbook(file, error)

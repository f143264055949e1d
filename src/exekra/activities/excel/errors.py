"""What can be wrong with a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from exekra.sdk.errors import BusinessError


class SheetMissingError(BusinessError):
    """The workbook has no such sheet."""


class SheetExistsError(BusinessError):
    """The workbook already has a sheet of that name."""


class NotAWorkbookError(BusinessError):
    """The file is not a workbook, is damaged, or is protected by a password."""


class CannotEditError(BusinessError):
    """The workbook cannot be changed in place without damage: the message says why, and nothing was changed."""


class CannotComputeError(BusinessError):
    """The formulas of the workbook cannot be computed here: the message says why, and nothing was changed."""


def sheet_missing(path: object, sheet: str | int, names: Sequence[str]) -> SheetMissingError:
    """The error for a sheet that is not there; it names those that are."""
    close = get_close_matches(str(sheet), names, n=1)
    suggestion = f"Did you mean `{close[0]}`? " if close else ""
    which = f"no sheet number {sheet}" if isinstance(sheet, int) else f"no sheet `{sheet}`"
    return SheetMissingError(f"{path} has {which}. {suggestion}Its sheets: {', '.join(names)}.")


def not_a_workbook(path: object, reason: object) -> NotAWorkbookError:
    """The error for a file that cannot be read as a workbook."""
    return NotAWorkbookError(
        f"{path} cannot be read as a workbook ({reason}). Open it in Excel and save it as .xlsx without a password; "
        "for text with separators use Read CSV."
    )


def choose_sheet(path: object, sheet: str | int, names: Sequence[str]) -> str:
    """The name of the sheet that `sheet` means: a name in any case, as in Excel, else a number counted from 1.

    Raises:
        SheetMissingError: There is none.
    """
    if isinstance(sheet, str):
        if sheet in names:
            return sheet
        for name in names:
            if name.casefold() == sheet.casefold():
                return name
    number = sheet if isinstance(sheet, int) else int(sheet) if sheet.isdecimal() else 0
    if 1 <= number <= len(names):
        return names[number - 1]
    raise sheet_missing(path, sheet, names)

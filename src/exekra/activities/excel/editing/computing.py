"""Compute the formulas of a workbook: only their results are written, into the parts of the sheets."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from exekra.activities.excel.errors import CannotComputeError
from exekra.sdk.context import Context

_MOST_NAMED = 5
_REASONS = (
    (re.compile("non-finite"), "the result of a formula is larger than any number can be, such as 1E400"),
    (
        re.compile(r"unknown table in structured reference in (\[[^\[\]]*\])"),
        r"`\1` outside of a table names a column of no table: write the table's name in front of it",
    ),
    (re.compile("#N/IMPL!"), "the result of a formula is of a kind that is not known here"),
)
"""What the library's sentences mean."""


def compute(context: Context, path: Path, draft: Path) -> None:
    """Put the results of all formulas into a workbook.

    Args:
        context: The step; it warns of results that are errors.
        path: The workbook as people know it.
        draft: The file whose content is computed.

    Raises:
        CannotComputeError: It has a formula or a feature that is not known here.
    """
    import formualizer

    computed = draft.with_name(f"{draft.name}.computed")
    try:
        try:
            done = formualizer.recalculate_xlsx_file(str(draft), str(computed))
        except (OSError, ValueError, RuntimeError) as error:
            message = str(error).removeprefix("recalculate XLSX failed: ")
            reason = next((found.expand(text) for known, text in _REASONS if (found := known.search(message))), message)
            raise CannotComputeError(
                f"The formulas of {path} cannot be computed here ({reason}). Nothing was written. Write without "
                "`recalculate`, and let Excel compute when it opens the file."
            ) from None
        unknown = [str(function["name"]) for function in done["summary"]["unknown_functions"]]
        if unknown:
            raise CannotComputeError(
                f"The formulas of {path} use {', '.join(unknown)}, which cannot be computed here. Nothing was written. "
                "Write without `recalculate`, and let Excel compute when it opens the file."
            )
        _warn_of_errors(context, path, done["summary"].get("error_summary", {}))
        os.replace(computed, draft)
    finally:
        computed.unlink(missing_ok=True)


def _warn_of_errors(context: Context, path: Path, found: Mapping[str, Any]) -> None:
    """Say which formulas gave an error: some are right in Excel, such as VALUE of a text with thousands separators."""
    for error, places in found.items():
        count, named = places["count"], places["locations"][:_MOST_NAMED]
        more = f" and {count - len(named):,} more" if count > len(named) else ""
        formulas = "1 formula" if count == 1 else f"{count:,} formulas"
        context.warn(f"{formulas} of {path.name} gave {error} when computed: {', '.join(named)}{more}.")

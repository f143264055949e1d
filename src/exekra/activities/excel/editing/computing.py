"""Compute the formulas of a workbook: only their results are written, into the parts of the sheets."""

from __future__ import annotations

import os
from pathlib import Path

from exekra.activities.excel.errors import CannotComputeError


def compute(path: Path, draft: Path) -> None:
    """Put the results of all formulas into a workbook.

    Args:
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
            reason = str(error).removeprefix("recalculate XLSX failed: ")
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
        os.replace(computed, draft)
    finally:
        computed.unlink(missing_ok=True)

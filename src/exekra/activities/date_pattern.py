"""The types of fields that say how dates are written."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from exekra.kit.dates.patterns import check_written
from exekra.sdk.types import Widget


def _empty_or_written(pattern: str) -> str:
    return pattern and check_written(pattern)


WrittenPattern = Annotated[str, AfterValidator(check_written), Widget("text")]
"""How a date is written, such as %d.%m.%Y."""

OptionalPattern = Annotated[str, AfterValidator(_empty_or_written), Widget("text")]
"""The same, or empty for the usual form."""

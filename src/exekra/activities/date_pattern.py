"""The types of fields that say how dates are written."""

from __future__ import annotations

from typing import Annotated

from annotated_types import MinLen
from pydantic import AfterValidator, Field

from exekra.kit.dates.patterns import check_written
from exekra.sdk.types import Widget


def _empty_or_written(pattern: str) -> str:
    return pattern and check_written(pattern)


_Pattern = Annotated[str, Field(json_schema_extra={"format": "date-pattern"}), Widget("text")]

WrittenPattern = Annotated[_Pattern, MinLen(1), AfterValidator(check_written)]
"""How a date is written, such as %d.%m.%Y."""

OptionalPattern = Annotated[_Pattern, AfterValidator(_empty_or_written)]
"""The same, or empty for the usual form."""

"""Values as texts: activities and templates write the same."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from exekra.activities.json_text import plain_text
from exekra.flow.expressions import compile_expression


@pytest.mark.parametrize(
    "value",
    [
        *("a", None, True, 2.0, 2.5, 1e-7, 1e300, Decimal("1.50"), Decimal("1E+5")),
        *(
            date(2026, 1, 31),
            datetime(2026, 1, 31, 9),
            time(9, 30),
            timedelta(hours=1, seconds=1.5),
            -timedelta(days=2),
        ),
        *([1, "a", None], {"a": [2.0, date(2026, 1, 31)]}),
    ],
    ids=repr,
)
def test_a_value_is_the_same_text_in_activities_and_in_templates(value):
    assert plain_text(value) == compile_expression("text(value)").evaluate({"value": value})

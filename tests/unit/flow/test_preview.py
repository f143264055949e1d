"""Values made small, and whether what is shown is the value itself."""

from __future__ import annotations

from typing import Any

import pytest

from exekra.flow.preview import is_whole, preview
from exekra.sdk.table import Table


@pytest.mark.parametrize(
    ("shown", "whole"),
    [
        (None, True),
        ({"a": [1, "x"]}, True),
        ([1, 2, "… 3 more"], False),
        ({"a": 1, "…": "2 more"}, False),
        ("cut off…", False),
        ("<list, 30 items>", False),
        ({"deep": [{"x": "<Decimal>"}]}, False),
        ("password: •••", False),
        ({"columns": ["a"], "rows": [[1]], "length": 1}, False),
    ],
)
def test_what_a_preview_leaves_out_is_noticed(shown: Any, whole: bool) -> None:
    assert is_whole(shown) is whole


@pytest.mark.parametrize(
    "value",
    [
        "x" * 5000,
        list(range(5000)),
        {f"key {number}": number for number in range(5000)},
        [[[[[[["deep"]]]]]]],
        object(),
        {"table": Table.from_rows(["a"], [[1]])},
        [["x" * 200] * 200] * 200,
    ],
    ids=["text", "list", "object", "deep", "foreign", "table", "large"],
)
def test_everything_that_was_shortened_is_noticed(value: Any) -> None:
    assert not is_whole(preview(value))

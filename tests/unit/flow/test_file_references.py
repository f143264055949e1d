"""What stands for files in values is found and replaced, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from exekra.flow.file_references import KEY, is_reference, reference, references_in, with_references

FILE = reference("1", "a.txt", 5)


@pytest.mark.parametrize(
    ("value", "replaced"),
    [
        (FILE, "path"),
        ({"a": FILE, "b": [FILE, {"c": FILE}], "d": 5}, {"a": "path", "b": ["path", {"c": "path"}], "d": 5}),
        ({KEY: 5}, {KEY: 5}),
        ({"$object": FILE}, {"$object": FILE}),
        ({"$object": {"$x": FILE}}, {"$object": {"$x": "path"}}),
        ({"$object": 5}, {"$object": 5}),
        ("text", "text"),
        (None, None),
    ],
)
def test_references_are_found_and_replaced(value: Any, replaced: Any) -> None:
    assert with_references(value, lambda _: "path") == replaced
    assert all(found == FILE for found in references_in(value))
    assert bool(list(references_in(value))) == ("path" in str(replaced))


@pytest.mark.parametrize("value", [None, "1", [FILE], {}, {KEY: None}, {"name": "a"}])
def test_other_values_are_no_references(value: Any) -> None:
    assert not is_reference(value)

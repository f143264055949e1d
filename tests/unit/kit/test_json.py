"""JSON is strict and bounded."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exekra.kit import json

text = st.text()
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(plain)
def test_what_is_written_is_read(value: Any) -> None:
    assert json.decode(json.encode(value)) == value


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_text_is_read_or_refused_in_one_way(text: bytes | str) -> None:
    with contextlib.suppress(ValueError):
        json.decode(text)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "{'a': 1}", "[1,]", "01", ""])
def test_what_only_resembles_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"JSON|invalid|truncated"):
        json.decode(text)


def test_depth_is_bounded() -> None:
    assert json.decode("[" * 64 + "]" * 64)
    for deep in ("[" * 65 + "]" * 65, '{"a":' * 65 + "1" + "}" * 65, "[" * 100_000, "[" * 100_000 + "]" * 100_000):
        with pytest.raises(ValueError, match=r"deeper than 64|truncated"):
            json.decode(deep)


def test_equal_data_has_one_canonical_text() -> None:
    assert json.canonical({"b": 1, "a": [2]}) == json.canonical({"a": [2], "b": 1}) == b'{"a":[2],"b":1}'

"""What a node calls, and the key that stands for a name and a version."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exekra.flow.calls import LARGEST_VERSION, Call, call_of, call_of_key
from exekra.flow.model import Node

NAMES = st.text(min_size=1) | st.text(alphabet="A@19\n", min_size=1)


@given(NAMES, st.none() | st.integers(1, LARGEST_VERSION))
def test_a_key_stands_for_one_name_and_one_version(name: str, version: int | None) -> None:
    assert call_of_key(Call(name, version).key) == Call(name, version)


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (Call("Rates"), "Rates"),
        (Call("Rates", 3), "Rates@3"),
        (Call("Rates@3"), "Rates@3@"),
        (Call("Rates@3", 2), "Rates@3@2"),
        (Call("Rates@"), "Rates@@"),
        (Call("ada@example.org"), "ada@example.org"),
    ],
)
def test_a_name_that_looks_like_a_pinned_version_has_a_key_of_its_own(call: Call, key: str) -> None:
    assert call.key == key


@pytest.mark.parametrize(
    ("inputs", "call"),
    [
        ({"workflow": "Rates"}, Call("Rates")),
        ({"workflow": "Rates", "version": None}, Call("Rates")),
        ({"workflow": "Rates", "version": 3}, Call("Rates", 3)),
        ({"workflow": "Rates", "version": 3.0}, Call("Rates", 3)),
        ({"workflow": "Rates", "version": 3.5}, None),
        ({"workflow": "Rates", "version": 0}, None),
        ({"workflow": "Rates", "version": LARGEST_VERSION + 1}, None),
        ({"workflow": "Rates", "version": float("inf")}, None),
        ({"workflow": "Rates", "version": float("nan")}, None),
        ({"workflow": "Rates", "version": True}, None),
        ({"workflow": "Rates", "version": "3"}, None),
        ({"workflow": ""}, None),
        ({"workflow": 7}, None),
        ({}, None),
    ],
)
def test_what_a_node_calls(inputs: dict[str, Any], call: Call | None) -> None:
    assert call_of(Node(do="call_workflow", inputs=inputs)) == call
    assert call_of(Node(do="general.log", inputs=inputs)) is None

"""Values at the borders: declared types, previews, plain outputs, and masking."""

from __future__ import annotations

import base64
import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote_plus

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exekra.engine.observe.masking import Masker
from exekra.flow.model import ValueType
from exekra.flow.preview import LARGEST_BYTES, MASK, preview
from exekra.flow.typed_values import arrive, check, plain
from exekra.sdk.errors import InputError
from exekra.sdk.table import Table

TABLE = Table.from_rows(["a", "b"], [[1, "x"], [2, None]])


@pytest.mark.parametrize(
    ("type", "value", "arrived"),
    [
        ("text", "x", "x"),
        ("number", 1, 1),
        ("number", 1.5, 1.5),
        ("boolean", True, True),
        ("date", "2026-01-31", date(2026, 1, 31)),
        ("date", "2026-01-31T10:30:00", datetime(2026, 1, 31, 10, 30)),
        ("time", "14:30", time(14, 30)),
        ("duration", "PT1H30M", timedelta(hours=1, minutes=30)),
        ("list", [1], [1]),
        ("object", {"a": 1}, {"a": 1}),
        ("table", [{"a": 1, "b": "x"}, {"a": 2}], TABLE),
        ("table", TABLE, TABLE),
        ("file", "orders.xlsx", "orders.xlsx"),
        ("credential", "Bank", "Bank"),
        ("any", {"a": [None]}, {"a": [None]}),
        ("number", None, None),
    ],
)
def test_a_value_from_outside_becomes_what_is_declared(type: ValueType, value: Any, arrived: Any) -> None:
    assert arrive(value, type, "It") == arrived


@pytest.mark.parametrize(
    ("type", "value"),
    [
        ("text", 1),
        ("number", "1"),
        ("number", True),
        ("boolean", 1),
        ("boolean", "true"),
        ("date", "31.01.2026"),
        ("date", 5),
        ("time", "25:00"),
        ("duration", "an hour"),
        ("list", "a"),
        ("list", {}),
        ("object", []),
        ("table", [1, 2]),
        ("table", "x"),
        ("file", 1),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_with_its_name(type: ValueType, value: Any) -> None:
    with pytest.raises(InputError, match=r"^The input `x` must be (an?|the) "):
        arrive(value, type, "The input `x`")


def test_within_a_flow_nothing_is_converted() -> None:
    with pytest.raises(InputError):
        check("2026-01-31", "date", "It")


def test_outputs_become_plain_data() -> None:
    value = {"d": date(2026, 1, 31), "t": TABLE, "n": Decimal("1.10"), "big": 2**60, "p": timedelta(minutes=5)}
    assert plain(value) == {
        "d": "2026-01-31",
        "t": [{"a": 1, "b": "x"}, {"a": 2, "b": None}],
        "n": "1.10",
        "big": str(2**60),
        "p": "PT5M",
    }


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (float("nan"), "nan"),
        ("x", "x"),
        ([1, [2]], [1, [2]]),
        (list(range(100)), [*range(10), "… 90 more"]),
        (TABLE, {"columns": ["a", "b"], "rows": [[1, "x"], [2, None]], "length": 2}),
        (object(), "<object>"),
        ({"a": date(2026, 1, 1)}, {"a": "2026-01-01"}),
    ],
)
def test_a_preview_shows_the_first_of_it(value: Any, shown: Any) -> None:
    assert preview(value) == shown


@pytest.mark.parametrize(
    "value",
    [
        "x" * 10_000_000,
        ["y" * 1_000] * 1_000,
        {f"key {n}" * 100: "z" * 1_000 for n in range(1_000)},
        [[[[[["deep" * 100] * 50] * 50] * 50] * 50]],
        [10**9_000],
        Table.from_rows([f"c{n}" for n in range(500)], [["wide" * 50] * 500] * 100),
        ['é\n"\\' * 500] * 20,
    ],
)
def test_a_preview_is_small_whatever_it_shows(value: Any) -> None:
    assert len(msgspec.json.encode(preview(value))) <= LARGEST_BYTES


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_like)
def test_any_json_like_value_has_a_small_preview(value: Any) -> None:
    assert len(msgspec.json.encode(preview(value))) <= LARGEST_BYTES


SECRET = 'pä$$ "w/1&'


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote_plus(SECRET),
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
        base64.b64encode(SECRET.encode()).decode(),
        base64.b64encode(f"user:{SECRET}".encode()).decode(),
        base64.b64encode(f"me:{SECRET}".encode()).decode(),
        base64.b64encode(f"me2:{SECRET}:more".encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
        SECRET.encode().hex(),
        SECRET.replace("&", "&amp;").replace('"', "&quot;"),
    ],
)
def test_a_secret_is_masked_in_the_forms_it_is_passed_on_in(form: str) -> None:
    masker = Masker()
    masker.add(SECRET)
    masked = masker.text(f"before {form} after")
    assert MASK in masked
    assert masked.startswith("before ")
    assert masked.endswith(" after")
    inner = base64.b64encode(SECRET.encode()).decode().strip("=")[4:-4]
    assert inner not in masked
    assert SECRET not in masked


def test_masking_goes_into_data_and_keys() -> None:
    masker = Masker()
    masker.add("hunter2")
    assert masker.data({"hunter2": ["x hunter2", 5]}) == {MASK: [f"x {MASK}", 5]}


def test_very_short_secrets_are_not_masked() -> None:
    masker = Masker()
    masker.add("a")
    masker.add("")
    assert masker.text("a banana") == "a banana"


def test_a_secret_across_the_cut_of_a_preview_is_masked() -> None:
    masker = Masker()
    masker.add("hunter2-and-more")
    shown = preview("x" * 295 + "hunter2-and-more" + "y" * 100, masker.text, masker.longest)
    assert "hunt" not in shown

"""Tables in memory: what a sequence promises, what is refused, and what stands in a form."""

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from exekra.sdk.errors import InputError
from exekra.sdk.table import CHUNK_ROWS, Table, TableWriter

PRICES = Table.from_rows(("sku", "price"), [("A", 1), ("B", 2.5), ("C", None)])


def test_a_table_is_a_sequence_of_records():
    assert len(PRICES) == 3
    assert PRICES[0] == {"sku": "A", "price": 1}
    assert PRICES[-1] == {"sku": "C", "price": None}
    assert list(PRICES) == [{"sku": "A", "price": 1}, {"sku": "B", "price": 2.5}, {"sku": "C", "price": None}]
    assert {"sku": "B", "price": 2.5} in PRICES
    with pytest.raises(IndexError, match="3 rows; there is no row 3"):
        PRICES[3]


@pytest.mark.parametrize(
    "part", [slice(0, 2), slice(1, None), slice(None, None, 2), slice(None, None, -1), slice(5, 9)]
)
def test_a_slice_is_a_table(part):
    sliced = PRICES[part]
    assert isinstance(sliced, Table)
    assert sliced.columns == PRICES.columns
    assert list(sliced) == list(PRICES)[part]


@pytest.mark.parametrize("part", [slice(4000, 9000), slice(CHUNK_ROWS, CHUNK_ROWS * 2), slice(10, 9990, 997)])
def test_slices_cross_chunks(part):
    rows = [(n, str(n)) for n in range(10_000)]
    table = Table.from_rows(("n", "text"), rows)
    assert list(table[part].rows()) == rows[part]
    assert table[4096] == {"n": 4096, "text": "4096"}
    assert list(table.rows(8191)) == rows[8191:]


def test_columns_by_name():
    assert PRICES.column("price") == [1, 2.5, None]
    with pytest.raises(InputError, match=r"no column `prize`\. Its columns: sku, price"):
        PRICES.column("prize")


def test_records_may_lack_keys():
    table = Table.from_records([{"a": 1}, {"b": 2, "a": 3}])
    assert table.columns == ("a", "b")
    assert list(table.rows()) == [(1, None), (3, 2)]


def test_a_row_of_the_wrong_length_is_refused_by_its_number():
    with pytest.raises(InputError, match=r"Row 2 has 3 values, but the table has 2 columns \(a, b\)"):
        Table.from_rows(("a", "b"), [(1, 2), (1, 2, 3)])


def test_two_columns_of_one_name_are_refused():
    with pytest.raises(InputError, match="named `a`"):
        TableWriter(("a", "b", "a"))


def test_an_empty_table_keeps_its_columns():
    table = Table.from_rows(("a", "b"), [])
    assert (len(table), list(table), table.column("a"), table.columns) == (0, [], [], ("a", "b"))
    assert not table
    assert list(table[:5]) == []


def test_a_writer_takes_rows_and_columns():
    writer = TableWriter(("a", "b"))
    writer.append((1, 2))
    writer.extend_columns(((3, 5), (4, 6)))
    writer.append((7, 8))
    assert list(writer.finish().rows()) == [(1, 2), (3, 4), (5, 6), (7, 8)]


def test_equality_is_by_content():
    assert Table.from_rows(("a",), [(1,)]) == Table.from_records([{"a": 1}])
    assert Table.from_rows(("a",), [(1,)]) != Table.from_rows(("b",), [(1,)])
    assert Table.from_rows(("a",), [(1,)]) != Table.from_rows(("a",), [(2,)])


def test_the_plain_form_is_bounded_and_accepted_again():
    plain = PRICES.to_plain(limit=2)
    assert plain == {"columns": ["sku", "price"], "rows": [["A", 1], ["B", 2.5]], "length": 3}
    assert TypeAdapter(Table).validate_python(PRICES.to_plain()) == PRICES
    assert TypeAdapter(Table).dump_python(PRICES) == PRICES.to_plain()


def test_a_form_accepts_tables_records_and_rows_under_a_header():
    adapter = TypeAdapter(Table)
    assert adapter.validate_python(PRICES) is PRICES
    assert adapter.validate_python([{"sku": "A"}]) == Table.from_rows(("sku",), [("A",)])
    assert adapter.validate_python([["sku"], ["A"]]) == Table.from_rows(("sku",), [("A",)])
    assert adapter.validate_python([]) == Table(())
    assert adapter.json_schema()["x-widget"] == "table"


@pytest.mark.parametrize("value", ["text", 5, None, [1, 2], {"a": 1}, [["a"], [1, 2]], [["a", "a"]]])
def test_a_form_refuses_the_rest(value):
    with pytest.raises(ValidationError):
        TypeAdapter(Table).validate_python(value)


def test_values_are_kept_as_they_are():
    table = Table.from_rows(("v",), [(date(2026, 1, 2),), ([1],), ({"a": 1},)])
    assert table.column("v") == [date(2026, 1, 2), [1], {"a": 1}]
    assert repr(table) == "<Table of 3 rows: v>"

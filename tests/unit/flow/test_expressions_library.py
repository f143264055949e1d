"""The functions of the expression language: every example in their documentation, and the edges of each family."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from exekra.flow.expressions import ExpressionError, FunctionEntry, compile_expression, function_entries
from exekra.flow.expressions.functions import Declaration, function, make_function
from exekra.sdk.errors import DefinitionError
from exekra.sdk.table import Table

TABLE = Table.from_rows(("sku", "price"), [("A", 2), ("B", None), ("A", 9)])


def evaluate(source: str, **scope: Any) -> Any:
    return compile_expression(source).evaluate(scope)


def examples(entry: FunctionEntry) -> list[str]:
    return [line.strip() for line in entry.documentation.partition("Examples:")[2].splitlines() if line.strip()]


@pytest.mark.parametrize("entry", function_entries(), ids=lambda entry: entry.name)
def test_every_function_is_documented_with_examples_that_are_true(entry: FunctionEntry) -> None:
    assert entry.summary.endswith((".", "?"))
    assert entry.signature.startswith(f"{entry.name}(")
    assert examples(entry)
    for example in examples(entry):
        assert f"{entry.name}(" in example or entry.name in example
        assert evaluate(example) is True


def test_entries_are_unique_and_name_what_is_not_deterministic() -> None:
    entries = function_entries()
    names = [name for entry in entries for name in (entry.name, *entry.aliases)]
    assert len(names) == len(set(names))
    assert {entry.name for entry in entries if not entry.deterministic} == {"now", "today", "uuid", "random"}
    signatures = {entry.name: entry.signature for entry in entries}
    assert signatures["pad_left"] == 'pad_left(text: text, width: whole number, fill: text = " ") -> text'
    assert signatures["sort"] == (
        "sort(items: list, by: text = null, descending: boolean = false, "
        'text_order: text = "code_point", language: text = "") -> list'
    )
    assert signatures["min"] == "min(*values: any) -> any"


def test_a_wrong_declaration_is_refused() -> None:
    def nameless(value: Any) -> Any:
        return value

    def odd(value: bytes) -> str:
        """Take something that the language does not have."""
        return str(value)

    def upper(text: str) -> str:
        """Be there already."""
        return text

    for python, words in ((nameless, "no docstring"), (odd, "not a type")):
        with pytest.raises(DefinitionError, match=words):
            make_function(Declaration(python=python, name="wrong", family="text"))
    with pytest.raises(DefinitionError, match="declared twice"):
        function("text")(upper)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("text(1.0)", "1"),
        ("text(0.1 + 0.2)", "0.30000000000000004"),
        ("text(1e300)", "1e+300"),
        ("text(1e15 + 0.0)", "1000000000000000"),
        ("text(1e21)", "1000000000000000000000"),
        ("text(1e-7)", "0.0000001"),
        ("text(null)", ""),
        ("text(true)", "true"),
        ("text({'a': [1.5, null, 'é']})", '{"a":[1.5,null,"é"]}'),
        ("text(duration(days=1, hours=2, minutes=3, seconds=4.5))", "P1DT2H3M4.5S"),
        ("text(duration(minutes=-5))", "-PT5M"),
        ("text(duration())", "PT0S"),
        ("text(datetime(2026, 3, 1, 4))", "2026-03-01T04:00:00"),
        ("text(time(4, 5))", "04:05:00"),
        ("title('')", ""),
        ("trim('xxaxx', 'x')", "a"),
        ("replace('aaa', 'aa', 'b')", "ba"),
        ("split('a, b')", ["a,", "b"]),
        ("lines('')", []),
        ("lines('a\\n')", ["a"]),
        ("lines('a\\rb')", ["a", "b"]),
        ("join([])", ""),
        ("join([1.0, null, date(2026, 1, 2)], '|')", "1||2026-01-02"),
        ("substring('abc', -10, 2)", "ab"),
        ("substring('abc', 9)", ""),
        ("substring('abc', 1, -1)", ""),
        ("between('a[b', '[', ']')", None),
        ("between('a]b', '', ']')", "a"),
        ("between('a[b', '[', '')", "b"),
        ("pad_left('abc', 2)", "abc"),
        ("pad_left('abc', -2)", "abc"),
        ("repeat('ab', -1)", ""),
        ("find_all('aé1é2', 'é\\d')", ["é1", "é2"]),
        ("find_all('abc', 'x*')", ["", "", "", ""]),
        ("find('ab', '(x)?b')", None),
        ("matches('', '')", True),
        ("matches('Müller', '\\\\w+')", True),
        ("find_all('Ötzi, öl', '\\\\b\\\\w')", ["Ö", "ö"]),
        ("replace_pattern('a1b2', '\\d', '\\\\')", "a\\b\\"),
        ("replace_pattern('abc', '', '-')", "-a-b-c-"),
        ("replace_pattern('abc', 'b', '\\x\\\\')", "a\\x\\c"),
        ("json([date(2026, 1, 2), time(3), duration(hours=1)])", '["2026-01-02","03:00:00","PT1H"]'),
        ("format_number(-1234.5, 1)", "-1,234.5"),
        ("format_number(0.005)", "0.01"),
        ("format_number(1e20, 0)", "100,000,000,000,000,000,000"),
        ("format_number(-0.001)", "0.00"),
    ],
)
def test_text(source: str, value: Any) -> None:
    assert evaluate(source) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("number('1e3')", 1000.0),
        ("number('+5')", 5),
        ("number(true)", 1),
        ("number(2.5)", 2.5),
        ("number('12 345,6', ',')", 12345.6),
        ('number("1\'000.5")', 1000.5),
        ("number('1.234', ',')", 1234),
        ("number('1.234')", 1.234),
        ("number('١')", None),
        ("number('1,23')", None),
        ("number('1_000')", None),
        ("number('nan')", None),
        ("number('')", None),
        ("number('0x10')", None),
        ("is_number('1,23')", False),
        ("is_number(true)", False),
        ("round(0.5)", 1),
        ("round(-0.5)", -1),
        ("round(1.005, 2)", 1.01),
        ("round(7, 3)", 7),
        ("round(15, -1)", 20),
        ("round(1e300, 2)", 1e300),
        ("floor(1e20)", 10**20),
        ("ceil(-0.5)", 0),
        ("abs(-2.5)", 2.5),
        ("min([])", None),
        ("min(5)", None),
        ("max('a', 'b')", "b"),
        ("sum([])", 0),
        ("sum([0.1] * 10)", 1.0),
        ("sum([duration(hours=1), duration(hours=2)])", timedelta(hours=3)),
        ("sum(['a'])", None),
        ("average([])", None),
        ("average([1, null, 2])", 1.5),
        ("average([0.1, 0.1, 0.1])", 0.1),
        ("average([0.1, 0.2, 0.3])", 0.2),
        ("average([1e308, 1e308])", 1e308),
        ("average([duration(hours=1), duration(hours=3)])", timedelta(hours=2)),
        ("sum([1e308, 1e308, -1e308])", 1e308),
        ("sum([1e308, 1e308])", None),
        ("1e308 + 1e308", None),
        ("1e308 * 10", None),
        ("-1e308 - 1e308", None),
        ("1e300 / 1e-300", None),
    ],
)
def test_number(source: str, value: Any) -> None:
    if value is None:
        with pytest.raises(ExpressionError):
            evaluate(source)
    else:
        assert evaluate(source) == value


def test_decimals_stay_exact() -> None:
    assert evaluate("sum([d, d])", d=Decimal("0.10")) == Decimal("0.20")
    assert evaluate("round(d, 1)", d=Decimal("0.15")) == Decimal("0.2")
    assert evaluate("text(d)", d=Decimal("1E+3")) == "1000"
    assert evaluate("json(d)", d=Decimal("1.5")) == "1.5"


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("first([])", None),
        ("sort([[2], [1]])", [[1], [2]]),
        ("chunk([1], 1.0)", [[1]]),
        ("boolean(2)", True),
        ("sort([repeat('b', 200), repeat('a', 200)])[0][0]", "a"),
        ("[1] == 'a' or ['a'] == ['a']", True),
        ("repeat('a', 2000) == 1", False),
        ("repeat('a', 2000) == repeat('a', 2000)", True),
        ("last([], 5)", 5),
        ("sort([3, null, 1], descending=true)", [3, 1, None]),
        ("sort([{'a': 2}, {}, {'a': 1}], 'a')", [{"a": 1}, {"a": 2}, {}]),
        ("unique([1, 1.0, 'a', [1], [1], {'a': [1]}, {'a': [1]}])", [1, "a", [1], {"a": [1]}]),
        ("unique([[1], {'list': 1}])", [[1], {"list": 1}]),
        ("flatten([])", []),
        ("range(5, 0, -2)", [5, 3, 1]),
        ("range(0)", []),
        ("chunk([], 2)", []),
        ("get([{'a': 1}], '0.a')", 1),
        ("get({'a.b': 1}, 'a.b')", 1),
        ("get({'a': null}, 'a.b', 5)", 5),
        ("get([1], 3, 'x')", "x"),
        ("get([1], 'a', 'x')", "x"),
        ("get({'a': 1}, 'b')", None),
        ("merge()", {}),
        ("length('é')", 1),
        ("columns([{'a': 1}, {'b': 2}])", ["a", "b"]),
        ("column([{'a': 1}, {'b': 2}], 'b')", [None, 2]),
        ("column([], 'b')", []),
        ("all([])", True),
        ("index_of('abc', 'z')", -1),
        ("count([1, 1.0, 2], 1)", 2),
    ],
)
def test_lists_and_objects(source: str, value: Any) -> None:
    assert evaluate(source) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("columns(t)", ["sku", "price"]),
        ("column(t, 'sku')", ["A", "B", "A"]),
        ("unique(column(t, 'sku'))", ["A", "B"]),
        ("sum(column(t, 'price'))", 11),
        ("len(where(t, 'sku', 'A'))", 2),
        ("[len(rows) for rows in values(group_by(t, 'sku'))]", [2, 1]),
        ("sort(t, 'price')[0].price", 2),
        ("last(t).price", 9),
        ("json(t[:1])", '[{"sku":"A","price":2}]'),
        ("text([t[:1]])", '[[{"sku":"A","price":2}]]'),
        ("flatten([t, [1]])[3]", 1),
        ("len(unique([t, t]))", 1),
        ("is_empty(t)", False),
        ("type_of(t)", "table"),
        ("reverse(t)[0].price", 9),
        ("get(t, '1.sku')", "B"),
        ("chunk(t, 2)[1][0].price", 9),
    ],
)
def test_tables(source: str, value: Any) -> None:
    assert evaluate(source, t=TABLE) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("date_add(date(2024, 2, 29), years=1)", date(2025, 2, 28)),
        ("date_add(date(2026, 1, 15), months=-13)", date(2024, 12, 15)),
        ("date_add(datetime(2026, 1, 1), minutes=90)", datetime(2026, 1, 1, 1, 30)),
        ("date_diff(date(2026, 3, 31), date(2026, 2, 28), 'months')", -1),
        ("date_diff(date(2026, 1, 31), date(2026, 2, 28), 'months')", 0),
        ("date_diff(date(2026, 3, 1), date(2026, 1, 15), 'months')", -1),
        ("date(datetime(2026, 3, 1, 5))", date(2026, 3, 1)),
        ("datetime(datetime(2026, 3, 1, 5))", datetime(2026, 3, 1, 5)),
        ("time(time(5))", time(5)),
        ("format_date(datetime(2026, 7, 1), '[%z]')", "[]"),
        ("date_diff(date(2026, 1, 15), date(2026, 1, 1), 'weeks')", -2),
        ("date_diff(datetime(2026, 1, 1, 10), datetime(2026, 1, 1, 9, 1), 'hours')", 0),
        ("date_diff(date(2026, 1, 1), datetime(2026, 1, 2, 6), 'hours')", 30),
        ("date_diff(date(2000, 2, 29), date(2026, 2, 28), 'years')", 25),
        ("date_diff(datetime(2026, 1, 1, 23), datetime(2026, 1, 2, 1))", 0),
        ("workday_add(date(2026, 11, 21), 5)", date(2026, 11, 27)),
        ("text(parse_date('Thu, 5 Mar 2026 10:00 +0100 (CET)'))", "2026-03-05T10:00:00+01:00"),
        ("date('2026-03-01T23:59:59')", date(2026, 3, 1)),
        ("datetime(date(2026, 3, 1))", datetime(2026, 3, 1)),
        ("text(datetime(2026, 7, 1, 12, zone='Europe/Berlin'))", "2026-07-01T12:00:00+02:00"),
        ("text(in_zone(datetime(2026, 7, 1, 12, zone='UTC'), 'Europe/Berlin'))", "2026-07-01T14:00:00+02:00"),
        ("time('14:30:15').second", 15),
        ("end_of(date(2026, 5, 20), 'week')", date(2026, 5, 24)),
        ("end_of(date(2026, 5, 20), 'quarter')", date(2026, 6, 30)),
        ("end_of(date(9999, 12, 5), 'year')", date(9999, 12, 31)),
        ("start_of(date(2026, 5, 20), 'quarter')", date(2026, 4, 1)),
        ("start_of(datetime(2026, 5, 20, 14, 30), 'hour')", datetime(2026, 5, 20, 14)),
        ("start_of(datetime(2026, 5, 20, 14, 30), 'year')", datetime(2026, 1, 1)),
        ("workday_add(date(2026, 3, 7), 0)", date(2026, 3, 7)),
        ("workday_add(date(2026, 3, 7), -5)", date(2026, 3, 2)),
        ("format_date(date(2026, 1, 2), '%j %V %G %u %y %b %a %%')", "002 01 2026 5 26 Jan Fri %"),
        ("format_date(time(0, 5, 6), '%I:%M:%S %p %f')", "12:05:06 AM 000000"),
        ("format_date(datetime(2026, 7, 1, 12, zone='Europe/Berlin'), '%H%z')", "12+02:00"),
        ("format_date(date(33, 1, 2), '%Y %H')", "0033 00"),
        ("parse_date('14:30', '%H:%M')", time(14, 30)),
        ("parse_date('1 March 26', '%d %B %y')", date(2026, 3, 1)),
        ("parse_date('mon, 1 mar 1999', '%a, %d %b %Y')", date(1999, 3, 1)),
        ("parse_date('12:05 am 1/1/70', '%I:%M %p %m/%d/%y')", datetime(1970, 1, 1, 0, 5)),
        ("text(parse_date('2026-03-01 14:00 -0530', '%Y-%m-%d %H:%M %z'))", "2026-03-01T14:00:00-05:30"),
        ("parse_date('2026-05', '%Y-%m')", date(2026, 5, 1)),
        ("parse_date('100% 2026', '100%% %Y')", date(2026, 1, 1)),
        ("duration_in(duration(days=1), 'minutes')", 1440),
    ],
)
def test_dates(source: str, value: Any) -> None:
    result = evaluate(source)
    assert result == value
    assert type(result) is type(value) or isinstance(value, int)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("format_date(date(2026, 1, 1), '%1000000000d')", "`%1` has no meaning"),
        ("format_date(date(2026, 1, 1), '%')", "`%` has no meaning"),
        ("format_date(time(1), '%Y')", "A time has no date"),
        ("format_date(date(2026, 1, 1), '%Y' * 200)", "at most 200 characters"),
        ("parse_date('x', '%Y')", "does not match the date pattern"),
        ("parse_date('31.02.2026', '%d.%m.%Y')", "not a date or time"),
        ("parse_date('25:00', '%H:%M')", "not a date or time"),
        ("parse_date('13 PM', '%I %p')", "not a date or time"),
        ("parse_date('01.02.', '%d.%m.')", "names no year"),
        ("parse_date('Mon', '%a')", "names neither"),
        ("parse_date('1 1', '%d %d')", "appears twice"),
        ("parse_date('1', '%q')", "has no meaning"),
        ("parse_date('١٢٣٤', '%Y')", "does not match the date pattern"),
        ("date_add(date(2026, 1, 1), years=9000)", "years 1 to 9999"),
        ("date_add(date(2026, 1, 1), 1e300)", "too long"),
        ("date(2026)", "needs year, month and day"),
        ("datetime(2026)", "needs year, month and day"),
        ("date_diff(now(), now('UTC'), 'hours')", "in_zone"),
        ("date_diff(today(), today(), 'dayz')", "did you mean 'days'?"),
        ("start_of(today(), 'decade')", "is not a unit"),
        ("end_of(today(), 'hour')", "is not a unit"),
        ("duration_in(duration(), 'years')", "is not a unit"),
        ("duration(days=1e300)", "too long"),
        ("workday_add(today(), 1000000)", "at most 100,000"),
        ("workday_add(today(), 1, [1])", "Holidays are dates"),
        ("in_zone(now(), '../../etc/passwd')", "There is no time zone"),
        ("time('25')", "not a time"),
        ("time(25)", "no such date or time"),
        ("replace('a', '', 'b')", "'old' is empty"),
        ("split('a', '')", "is empty"),
        ("pad_left('a', 5, 'ab')", "one character"),
        ("replace_pattern('a', 'a', '\\1')", "no \\1"),
        ("find('a', '(')", "is not a valid regular expression"),
        ("format_number(1, 40)", "0 to 30"),
        ("format_number(1, 2, 'toolong')", "short separators"),
        ("format_number(1e305)", "this size"),
        ("round(1, 400)", "-300 to 300"),
        ("number('1', ';')", "The decimal point"),
        ("number('9' * 3500)", "is not a number"),
        ("sort([1, 'a'])", "number and text mixed"),
        ("sort([1], 'a')", "must be objects"),
        ("chunk([1], 0)", "at least 1"),
        ("zip([1], [])", "one length"),
        ("range(1, 2, 0)", "must not be 0"),
        ("group_by([{'a': []}], 'a')", "not by a list"),
        ("index_of('a', 1)", "use text(...)"),
        ("count('a', 1)", "use text(...)"),
        ("count('a', '')", "is empty"),
        ("get(5, 'a')", "not into a number"),
        ("object([1])", "list of pairs"),
        ("column([{'price': 1}], 'prise')", "did you mean 'price'?"),
        ("column([1], 'a')", "must be objects"),
        ("columns([1])", "must be objects"),
        ("boolean('maybe')", "none of them"),
        ("hash('a', 'crc')", "sha256"),
        ("decode_base64('?')", "needs Base64"),
        ("decode_base64('//8=')", "needs Base64"),
        ("parse_json('NaN')", "not JSON"),
        ("hash('\\ud800')", "half a character"),
        ("random(1.5, 2)", "whole number"),
        ("random(2, 1)", "whole number"),
    ],
)
def test_a_function_says_what_it_needs(source: str, words: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(source)
    assert words in caught.value.message


def test_a_missing_column_of_a_table_is_an_error_of_the_expression() -> None:
    with pytest.raises(ExpressionError, match="no column 'prise'; did you mean 'price'"):
        evaluate("column(t, 'prise')", t=TABLE)


def test_values_of_no_plain_type_have_no_text_form() -> None:
    with pytest.raises(ExpressionError, match="has no text form"):
        evaluate("text(x)", x=object())


def test_rare_values_are_written_as_json_too() -> None:
    assert evaluate("json(x)", x={3}) == "[3]"
    with pytest.raises(ExpressionError, match="not finite"):
        evaluate("json(x)", x=Decimal("Infinity"))


def test_a_backslash_in_a_replacement_is_written_twice_or_before_no_digit() -> None:
    assert evaluate("replace_pattern('abc', 'b', new)", new="\\\\x\\y") == "a\\x\\yc"

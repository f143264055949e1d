"""Formulas whose references move: copied, shifted, renamed."""

import re
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from exekra.activities.excel.changing import write_cell
from exekra.activities.excel.editing.formulas import (
    stored_formula,
    translated,
    with_areas_mapped,
    with_columns_renamed,
)
from exekra.activities.excel.editing.moves import RowShift
from exekra.activities.excel.errors import CannotComputeError
from exekra.activities.excel.reading import read_cell
from exekra.sdk.errors import InputError


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("A1+$A$1+A$1+$A1", "B2+$A$1+B$1+$A2"),
        ("SUM(A1:$B$2,Sheet1!C3,'a b'!$D4)", "SUM(B2:$B$2,Sheet1!D4,'a b'!$D5)"),
        ('LOG10(A1)&"A1"&A1B2&Orders[[#This Row],[A1]]', 'LOG10(B2)&"A1"&A1B2&Orders[[#This Row],[A1]]'),
        ("SUM(3:3,$4:5,A:A,$B:C)", "SUM(4:4,$4:6,B:B,$B:D)"),
        ("1E5+TRUE+#REF!", "1E5+TRUE+#REF!"),
    ],
)
def test_a_copied_formula(formula, expected):
    assert translated(formula, 1, 1) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("SUM(A1:A5)+B2+B3", "SUM(A1:A7)+B2+B5"),
        ("SUM(A2:A2)", "SUM(A2:A4)"),
        ("'My Sheet'!A3+Other!B3+[1]Data!B3", "'My Sheet'!A3+Other!B3+[1]Data!B3"),
        ("Data!A3+'data'!$B$4:C5+A:A+3:4", "Data!A5+'data'!$B$6:C7+A:A+5:6"),
        ("A1048576", "A1048576"),
    ],
)
def test_rows_that_are_put_in(formula, expected):
    shift = RowShift(3, 2, grown=(2, 2))
    assert with_areas_mapped(formula, True, "Data", shift.area) == expected


def test_another_sheet_follows_only_where_it_names_the_sheet():
    shift = RowShift(3, 2)
    assert with_areas_mapped("A3+Data!A3+Other!A3", False, "Data", shift.area) == "A3+Data!A5+Other!A3"


def test_columns_of_a_table_get_other_names():
    formula = 'SUM(Orders[amount])+Orders[[#This Row],[amount]]*Other[amount]&"Orders[amount]"&Orders[[a]:[amount]]'
    expected = (
        "SUM(Orders[net '#1])+Orders[[#This Row],[net '#1]]*Other[amount]&\"Orders[amount]\"&Orders[[a]:[net '#1]]"
    )
    assert with_columns_renamed(formula, "orders", {"amount": "net #1"}) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("[[#This Row],amount]*2", "[[#This Row],[net '#1]]*2"),
        ("[@amount]+[@[amount]]+[amount]", "[@[net '#1]]+[@[net '#1]]+[net '#1]"),
        (
            "SUM([amount],Other[amount],[[#This Row],[a,amount]])",
            "SUM([net '#1],Other[amount],[[#This Row],[a,amount]])",
        ),
        ("Orders[amount]*[AMOUNT]", "Orders[net '#1]*[net '#1]"),
    ],
)
def test_columns_need_no_name_of_a_table_inside_of_it(formula, expected):
    assert with_columns_renamed(formula, "orders", {"amount": "net #1"}, inside=True) == expected


def test_columns_that_swap_their_names():
    assert with_columns_renamed("T[a]-T[b]", "T", {"a": "b", "b": "a"}) == "T[b]-T[a]"


def test_formulas_in_a_table_follow_a_new_name_of_a_column(context):
    book = xlsxwriter.Workbook(context.path("a.xlsx"))
    sheet = book.add_worksheet()
    columns = [{"header": "amt"}, {"header": "twice", "formula": "=[@amt]*2"}]
    sheet.add_table("A1:B3", {"name": "Tab", "columns": columns, "data": [[1], [2]]})
    sheet.write_formula("D2", "=SUM(Tab[amt])")
    book.close()
    write_cell(context, path="a.xlsx", cell="A1", value="Betrag")
    with zipfile.ZipFile(context.path("a.xlsx")) as package:
        content = b"".join(map(package.read, package.namelist())).decode(errors="replace")
    assert "amt]" not in content
    assert content.count("[[#This Row],[Betrag]]*2") == 3
    assert "SUM(Tab[Betrag])" in content


def test_newer_functions_have_their_mark():
    assert stored_formula('=IFS(A1,"IFS(")+SORT(A:A)+SUM(1)') == '_xlfn.IFS(A1,"IFS(")+_xlfn._xlws.SORT(A:A)+SUM(1)'


@given(st.text(alphabet="A1$:!'\"[](),+#B2 ", max_size=30))
def test_nothing_but_references_changes(text):
    assert translated(text, 0, 0).upper() == text.upper()
    assert with_areas_mapped(text, True, "Data", lambda area: area) == text


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("=SUM(B1;C1)", "commas, not by semicolons"),
        ("=SUM(B1", "is not closed"),
        ("=SUM(B1))", "that was not opened"),
        ("=1+", "missing at its end"),
        ('=IF(B1>0,"a","b"', "is not closed"),
        ('=IF(B1>0,"a,B2)', "quotation mark"),
        ("=== header ===", "`== header ===` cannot stand at character 2"),
        ("=1,5*B1", "decimals have a point"),
        ("=2 3", "`3` cannot stand at character 4"),
        ("=Tab[a,b]", "is not a formula"),
    ],
)
def test_what_is_not_a_formula_is_refused(context, formula, reason):
    with pytest.raises(InputError, match=re.escape(reason)):
        write_cell(context, path="a.xlsx", cell="A1", value=formula)
    assert not context.path("a.xlsx").exists()


@pytest.mark.parametrize(
    "formula",
    [
        "=north east sales",
        "=(A1:B2,C3)",
        "=TEXT(A1,\"0,00;-0,00\")&'a,b'!A1",
        "={1,2;3,4}",
        "=Orders[[#This Row],[a, b]]*2",
        "=A1#",
        "=LET(x,1,x)",
        "=SUM(Jan:Dec!A1)",
        "='[b.xlsx]S'!A1",
        "=SUM(A1,,2%)^-1",
        "=#N/A",
        "=Ümsatz<>@A1",
    ],
)
def test_odd_formulas_are_written(context, formula):
    write_cell(context, path="a.xlsx", cell="A1", value=formula)
    assert read_cell(context, path="a.xlsx", cell="A1").value is None


def test_formulas_whose_results_are_errors_are_told(context):
    write_cell(context, path="a.xlsx", cell="A1", value='=VALUE("1,234")')
    written = write_cell(context, path="a.xlsx", cell="A2", value="=1/0", recalculate=True)
    assert [note for note in written.notes if "when computed" in note] == [
        "1 formula of a.xlsx gave #DIV/0! when computed: Sheet1!A2.",
        "1 formula of a.xlsx gave #VALUE! when computed: Sheet1!A1.",
    ]


def test_a_result_that_no_number_can_be_is_told_in_words(context):
    with pytest.raises(CannotComputeError, match="larger than any number can be"):
        write_cell(context, path="a.xlsx", cell="A1", value="=1E400", recalculate=True)


def test_a_column_without_the_name_of_its_table_is_told_in_words(context):
    book = xlsxwriter.Workbook(context.work_folder / "book.xlsx")
    sheet = book.add_worksheet()
    sheet.add_table("A1:A2", {"name": "Orders", "columns": [{"header": "Betrag"}], "data": [[1]]})
    sheet.write_formula("C1", "=SUBTOTAL(109,[Betrag])", None, 6)
    book.close()
    with pytest.raises(CannotComputeError, match=r"`\[Betrag\]` outside of a table .* write the table's name in front"):
        write_cell(context, path="book.xlsx", cell="D1", value=1, recalculate=True)

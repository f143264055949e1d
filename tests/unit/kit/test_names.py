"""Names that a file may have on every system."""

from __future__ import annotations

import pytest

from exekra.kit.names import LONGEST_NAME, file_name_problem, portable_file_name, safe_file_name


@pytest.mark.parametrize(
    "name", ["report.pdf", "Bericht März.xlsx", "報告.csv", ".hidden", "a b", "con.txt", "x" * 255]
)
def test_a_usual_name_stays(name: str) -> None:
    assert file_name_problem(name) is None
    assert safe_file_name(name) == name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("", "file"),
        ("..", "file"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("C:\\temp\\a.txt", "C:_temp_a.txt"),
        ("a\0b\n.txt", "a_b_.txt"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),
        ("half \ud83d.txt", "half _.txt"),
        ("u\u0308ber", "über"),
        ("ä" * 200 + ".xlsx", "ä" * 125 + ".xlsx"),
    ],
)
def test_what_is_not_allowed_is_replaced(name: str, safe: str) -> None:
    assert safe_file_name(name) == safe
    assert file_name_problem(safe) is None
    assert len(safe.encode()) <= LONGEST_NAME


@pytest.mark.parametrize(
    ("name", "portable"),
    [
        ("Bericht März.xlsx", "Bericht März.xlsx"),
        ('a<b>c:d"e|f?g*h.txt', "a_b_c_d_e_f_g_h.txt"),
        ("dots and space. .", "dots and space"),
        ("...", "_"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("nul .tar.gz", "_nul .tar.gz"),
        ("COM1", "_COM1"),
        ("aux." + "x" * 251, "_aux." + "x" * 250),
        ("lpt³.log", "_lpt³.log"),
        ("console.txt", "console.txt"),
        ("COM10", "COM10"),
    ],
)
def test_what_windows_does_not_allow_is_replaced_everywhere(name: str, portable: str) -> None:
    assert portable_file_name(name) == portable
    assert file_name_problem(portable) is None

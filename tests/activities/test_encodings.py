"""Text of other programs: its encoding is found or stated, doubts are said, and what does not fit is one error."""

import pytest

from exekra.activities.encoding_names import codec_of, encoding_of_server, known_encoding
from exekra.activities.encodings import TextDamagedError, decode, detect, open_text

WESTERN = [
    "Müller;Köln\n",
    "Café",
    "Señor",
    "Ærø;Tårnby\n",
    "São Paulo;ação\n",
    "François;Noël\n",
    "“12 €” – 5 °C\n",
    "100 °C;5 µm",
]

FOREIGN = [
    ("cp1251", "id;город\n1;Москва\n"),
    ("koi8-r", "id;город\n1;Москва\n"),
    ("cp866", "id;город\n1;Москва\n"),
    ("cp1250", "name;město\nDvořák;Plzeň\n"),
    ("cp1250", "név;város\nKovács;Győr\nSzűcs;Pécs\n"),
    ("cp1253", "πόλη;τιμή\nΑθήνα;5\n"),
    ("cp1254", "isim;şehir\nIşık;İstanbul\n"),
    ("cp1255", "שם;עיר\nדוד;ירושלים\n"),
    ("cp1256", "الاسم;المدينة\nمحمد;القاهرة\n"),
    ("cp1257", "vārds;pilsēta\nJānis;Rīga\n"),
    ("gb18030", "姓名;城市\n张伟;北京\n"),
    ("big5", "姓名;城市\n陳;臺北\n"),
    ("shift_jis", "名前;市\n田中;東京\n"),
    ("euc-kr", "이름;도시\n김철수;서울\n"),
]


@pytest.mark.parametrize("text", WESTERN)
def test_western_text_of_windows_is_read_without_a_word(text):
    read = decode(text.encode("cp1252"))
    assert (read.text, read.encoding, read.notes) == (text, "cp1252", ())


@pytest.mark.parametrize(("encoding", "text"), FOREIGN)
def test_other_letters_are_guessed_and_the_guess_is_said(encoding, text):
    read = decode(text.encode(encoding), name="a.csv")
    assert (read.text, read.encoding) == (text, encoding)
    (note,) = read.notes
    assert note.startswith("a.csv does not name its encoding. It was read as " + encoding)
    assert "choose another `encoding`" in note


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("stated", ["auto", None])
def test_a_mark_is_never_a_part_of_the_text(encoding, stated):
    assert decode("ü,1\n".encode(encoding), stated or encoding).text == "ü,1\n"
    assert decode("ü,1\n".encode(encoding)).encoding == encoding


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", ["a,b\r\n1,ü\r\n", "名前,市\n田中,東京\n", "имя,город\n"])
def test_wide_letters_without_a_mark(encoding, text):
    raw = text.encode(encoding)
    assert decode(raw).text == text
    assert decode(raw, encoding[:6]).text == text
    assert decode(raw, encoding).text == text
    with pytest.raises(TextDamagedError, match=f"by its zero bytes it is {encoding}"):
        decode(raw, "cp1252")


def test_a_stray_zero_byte_makes_no_wide_letters():
    assert decode(b"a,b\n1,\0x\n2,yy\n").encoding == "utf-8"


@pytest.mark.parametrize(
    ("raw", "encoding", "sentence"),
    [
        (b"a\n\xe9\n", "utf-8", r"is not utf-8: its byte 2 means nothing there \(0xE9, line 2\)"),
        (
            "grö\nße".encode() + b"\n\xe9x\n",
            "auto",
            r"is damaged: it is UTF-8, but its byte \d+ \(0xE9, line 3\) is not",
        ),
        ("größe;ü".encode()[:-1], "auto", r"is cut: it is UTF-8 that ends inside of a letter \(line 1\)"),
        ("größe;ü".encode()[:-1], "utf-8", "its last letter .line 1. is incomplete"),
        (b"a,b\n", "utf-16", "its bytes are those of UTF-8"),
        ("a".encode("utf-16"), "cp1252", "begins with the byte order mark of UTF-16"),
        (b"\xef\xbb\xbfa", "latin-1", "begins with the byte order mark of UTF-8"),
        (b"PK\3\4....", "auto", "is not a text file, but a ZIP file or a workbook"),
        (b"\xd0\xcf\x11\xe0", "cp1252", "old Office"),
        (b"\x81", "cp1252", "its byte 0 means nothing"),
    ],
)
def test_what_does_not_fit_is_an_error_with_its_place(raw, encoding, sentence):
    with pytest.raises(TextDamagedError, match=sentence):
        decode(raw, encoding)


def test_the_place_is_right_in_a_long_file(tmp_path):
    file = tmp_path / "long.txt"
    file.write_bytes("ü\n".encode() * 1_000_000 + b"\xff\n")
    found = detect(file, "utf-8")
    with pytest.raises(TextDamagedError, match=r"byte 3000000 .*line 1000001"), open_text(file, found) as source:
        source.read()
    with pytest.raises(TextDamagedError, match=r"byte 3000000 .*line 1000001"):
        detect(file)


@pytest.mark.parametrize(
    ("raw", "encoding", "sentence"),
    [
        ("MÃ¼ller".encode(), "auto", "holds `MÃ¼ller`: an earlier program read it in the wrong encoding"),
        ("Müller".encode(), "cp1252", "looks like UTF-8, but is read as cp1252, where it holds `MÃ¼ller`"),
        (b"5 \x80", "latin-1", "Try cp1252"),
        ("M\N{REPLACEMENT CHARACTER}ller".encode(), "auto", "letters were lost before"),
        ("été à côté".encode("cp1252") + b"\x81", "auto", "mean nothing in cp1252, such as 0x81"),
    ],
)
def test_what_looks_odd_is_said(raw, encoding, sentence):
    assert any(sentence in note for note in decode(raw, encoding).notes)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("windows-1251", "cp1251"),
        ("CP1252", "cp1252"),
        ("ISO-8859-1", "latin-1"),
        ("utf8", "utf-8"),
        ("gbk", "gb18030"),
        ("Shift_JIS", "shift_jis"),
        ("ibm866", "cp866"),
        ("UTF-16LE", "utf-16-le"),
        ("cp775", "cp775"),
    ],
)
def test_an_encoding_has_many_names(name, known):
    assert known_encoding(name) == known


@pytest.mark.parametrize("name", ["klingon", "", "rot13", "base64", "zip", "a\0b", "undefined", "idna"])
def test_what_is_no_encoding(name):
    with pytest.raises(ValueError, match="is not an encoding"):
        known_encoding(name)


def test_a_text_that_is_cut_in_its_second_letter_of_utf_8_is_damaged():
    with pytest.raises(TextDamagedError, match="is cut"):
        decode("a,b\n1,äbcü".encode()[:-1])
    assert "may be cut" in decode("a,b\n1,ü".encode()[:-1]).notes[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_price_in_a_street_is_no_wrong_encoding(encoding):
    assert decode("Maß€ und Gefäß€".encode(encoding)).notes == ()


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        ("ISO-8859-1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("iso-8859-9", "cp1254"),
        ("tis-620", "cp874"),
        ("gb2312", "gb18030"),
        ("x-sjis", "shift_jis"),
        ("windows-1251", "cp1251"),
        ("utf8mb4", "utf-8"),
        ("utf-7", None),
        ("unicode_escape", None),
        ("hex", None),
        ("auto", None),
        ("klingon", None),
    ],
)
def test_encodings_that_servers_name(named, meant):
    assert encoding_of_server(named) == meant
    if meant:
        assert b"a".decode(codec_of(meant)) == "a"

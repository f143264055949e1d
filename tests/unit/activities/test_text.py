"""Text activities: pure functions, called as such."""

from datetime import date

import pytest

from exekra.activities import text as t
from exekra.sdk.errors import InputError
from exekra.testing.context import FakeContext


def find(**inputs):
    return t.find(FakeContext(), **inputs)


@pytest.mark.parametrize(
    ("inputs", "text", "count"),
    [
        ({"find": "a", "replace_with": "x"}, "xbxAB", 2),
        ({"find": "a", "replace_with": "x", "ignore_case": True}, "xbxxB", 3),
        ({"find": "a", "first_only": True}, "baAB", 1),
        ({"find": ".", "replace_with": "x"}, "abaAB", 0),
        ({"find": "(a)(b)", "replace_with": r"\2\1", "regular_expression": True}, "baaAB", 1),
        ({"find": "b", "replace_with": r"\1\g<x>"}, r"a\1\g<x>aAB", 1),
    ],
)
def test_replace(inputs, text, count):
    assert t.replace(FakeContext(), text="abaAB", **inputs) == t.Replaced(text, count)


def test_what_cannot_be_replaced():
    with pytest.raises(InputError, match=r"`\(` is not a valid regular expression"):
        t.replace(FakeContext(), text="a", find="(", regular_expression=True)
    with pytest.raises(InputError, match="look-behind and back-references are not possible"):
        t.replace(FakeContext(), text="a", find="(?=a)", regular_expression=True)
    with pytest.raises(InputError, match="Groups are written"):
        t.replace(FakeContext(), text="a", find="a", replace_with=r"\2", regular_expression=True)
    with pytest.raises(InputError, match="50,000,000 are allowed"):
        t.replace(FakeContext(), text="a" * 10_000, find="a", replace_with="b" * 10_000)


def test_patterns_know_the_letters_of_all_languages():
    assert t.extract(text="Kunde: Jürgen Groß", pattern=r"Kunde: (\w+)").text == "Jürgen"
    found = find(text="Müller, Ørsted", find=r"\b\w+", regular_expression=True)
    assert [match["text"] for match in found.matches] == ["Müller", "Ørsted"]
    assert t.split(text="a\u00a0b", separator=r"\s", regular_expression=True).parts == ["a", "b"]
    assert (
        t.replace(FakeContext(), text="Ötzi öl", find=r"\böl\b", replace_with="x", regular_expression=True).text
        == "Ötzi x"
    )


def test_no_pattern_can_hang():
    text = "a" * 50_000 + "b"  # takes ages where a pattern is tried by backtracking
    assert find(text=text, find="(a+)+$", regular_expression=True).count == 0


@pytest.mark.parametrize(
    ("text", "inputs", "parts"),
    [
        ("a, b,,c", {"separator": ","}, ["a", "b", "", "c"]),
        ("a, b,,c", {"separator": ",", "trim": False, "drop_empty": True}, ["a", " b", "c"]),
        ("a\nb\r\nc", {}, ["a", "b", "c"]),
        ("a1b22c", {"separator": r"(\d)+", "regular_expression": True}, ["a", "b", "c"]),
        ("", {"separator": ","}, [""]),
    ],
)
def test_split(text, inputs, parts):
    assert t.split(text=text, **inputs) == t.Parts(parts, len(parts))


def test_join():
    assert t.join(parts=["a", 1, None, True, date(2026, 1, 2), [1]]).text == "a, 1, , true, 2026-01-02, [1]"
    assert t.join(parts=["a", "", "b"], separator="", drop_empty=True).text == "ab"


def test_trim():
    assert t.trim(text=" a  b\n").text == "a  b"
    assert t.trim(text=" a  b\n", inner=True).text == "a b"
    assert t.trim(text=" a ", side="start").text == "a "
    assert t.trim(text="--a--", characters="-", side="end").text == "--a"


@pytest.mark.parametrize(
    ("to", "text"),
    [
        ("upper", "ÄRGER IT'S O'NEIL"),
        ("lower", "ärger it's o'neil"),
        ("title", "Ärger It's O'neil"),
        ("sentence", "Ärger it's o'neil"),
    ],
)
def test_change_case(to, text):
    assert t.change_case(text="äRGER it's O'Neil", to=to).text == text


def test_find():
    wanted = r"(?P<letter>[a-z])-(\d+)"
    found = find(text="A-1, b-22", find=wanted, regular_expression=True, ignore_case=True)
    assert found.matches == [
        {"text": "A-1", "start": 0, "groups": {"letter": "A", "2": "1"}},
        {"text": "b-22", "start": 5, "groups": {"letter": "b", "2": "22"}},
    ]
    assert (found.count, found.first) == (2, "A-1")
    assert find(text="a", find="x").first is None


def test_what_is_looked_for_is_plain_text_unless_a_regular_expression_is_asked_for():
    found = find(text="1.5 (net), 175 net", find="1.5 (net)")
    assert [match["start"] for match in found.matches] == [0]
    assert find(text="a.b", find=".").count == 1
    assert find(text="abc", find=".").notes == []


@pytest.mark.parametrize("wanted", [r"\d+", "a.*z", "[0-9]", "(?i)x"])
def test_a_regular_expression_that_is_taken_as_plain_text_is_a_warning(wanted):
    assert find(text="no. 12", find=wanted).notes == [
        f"`{wanted}` is not in the text. For a regular expression, choose `regular_expression`."
    ]
    assert find(text=wanted, find=wanted).notes == []


def test_extract():
    assert t.extract(text="Invoice no: 42; total", after="no: ", before=";").text == "42"
    assert t.extract(text="a=1", after="=").text == "1"
    assert t.extract(text="a=1", before="=").text == "a"
    assert t.extract(text="Invoice 42", pattern=r"Invoice (\d+)").text == "42"
    assert t.extract(text="Invoice 42", pattern=r"\d+").text == "42"
    assert t.extract(text="x", pattern=r"\d", must_be_found=False).text == ""
    with pytest.raises(t.TextMissingError, match=r"`no: \.\.\. ;` is not in the text, which begins `Invoice`"):
        t.extract(text="Invoice", after="no: ", before=";")


def test_substring_and_pad():
    assert t.substring(text="abcdef", start=2, length=2).text == "cd"
    assert t.substring(text="abc", start=1).text == "bc"
    assert t.pad(text="42", length=5, character="0").text == "00042"
    assert t.pad(text="42", length=4, side="end").text == "42  "
    with pytest.raises(InputError, match="one character"):
        t.pad(text="42", length=5, character="ab")


@pytest.mark.parametrize(
    ("encoding", "encoded"),
    [("base64", "w6QmIDw="), ("hex", "c3a426203c"), ("url", "%C3%A4%26%20%3C"), ("html", "ä&amp; &lt;")],
)
def test_encodings(encoding, encoded):
    assert t.encode(text="ä& <", encoding=encoding).text == encoded
    assert t.decode(text=encoded, encoding=encoding).text == "ä& <"


@pytest.mark.parametrize(("encoding", "text"), [("base64", "a"), ("base64", "/w=="), ("hex", "zz"), ("url", "%ff")])
def test_what_is_not_encoded(encoding, text):
    with pytest.raises(t.EncodingError, match=f"is not {encoding}"):
        t.decode(text=text, encoding=encoding)


def test_hash():
    assert t.hash(text="abc").hash == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    signed = t.hash(text="what do ya want for nothing?", key="Jefe").hash  # RFC 4231, test case 2
    assert signed == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


@pytest.mark.parametrize(
    ("text", "titled"),
    [
        ("o'neil l’été DON'T", "O'neil L’été Don't"),
        ("ju\u0308rgen", "Ju\u0308rgen"),
        ("3d model élan-vital", "3d Model Élan-Vital"),
    ],
)
def test_words_of_all_languages_begin_with_a_capital(text, titled):
    assert t.change_case(text=text, to="title").text == titled


@pytest.mark.parametrize(
    ("new", "notes"),
    [
        ("$2/$1", [r"`$2` was put in as it stands. For what a group found, write `\2`."]),
        ("${y}", [r"`${y}` was put in as it stands. For what a group found, write `\g<y>`."]),
        (r"\2/\1", []),
        ("$9", []),
        ("US$", []),
    ],
)
def test_groups_as_other_programs_write_them_are_noted(new, notes):
    context = FakeContext()
    got = t.replace(context, text="2026-01", find=r"(?P<y>\d+)-(\d+)", replace_with=new, regular_expression=True)
    assert got.notes == context.warnings == notes
    assert t.replace(FakeContext(), text="a(b)", find="(b)", replace_with=new).notes == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("  hello. World", "  hello. world"), ("«ÉTÉ»", "«Été»"), ("3 ITEMS", "3 items"), ("--", "--")],
)
def test_a_sentence_begins_with_a_capital_behind_what_is_no_letter(text, sentence):
    assert t.change_case(text=text, to="sentence").text == sentence.replace("hello", "Hello")


def test_blanks_without_width_are_trimmed():
    text = "\ufeff \u200ba\u200bb\u2060\n"
    assert t.trim(text=text).text == "a\u200bb"
    assert t.trim(text=text, side="start").text == "a\u200bb\u2060\n"
    assert t.trim(text=text, side="end").text == "\ufeff \u200ba\u200bb"


@pytest.mark.parametrize(
    ("text", "padded"), [("-5", "-005"), ("+1.5", "+1.5"), ("-1.5", "-1.5"), ("-a", "00-a"), ("5", "0005")]
)
def test_zeros_stand_behind_the_sign_of_a_number(text, padded):
    assert t.pad(text=text, length=4, character="0").text == padded


@pytest.mark.parametrize(("text", "decoded"), [("YQ", "a"), ("w7_Ct8O-", "ÿ·þ"), ("YW\nI=", "ab")])
def test_base64_of_tokens_has_no_padding_and_other_letters(text, decoded):
    assert t.decode(text=text, encoding="base64").text == decoded


@pytest.mark.parametrize(
    ("text", "wanted"), [("Straße", "strasse"), ("STRASSE", "straße"), ("Oﬃce", "office"), ("a.b", "A.B")]
)
def test_case_is_ignored_by_one_rule(text, wanted):
    found = find(text=f"x {text} y", find=wanted, ignore_case=True)
    assert found.first == text
    assert t.replace(FakeContext(), text=text, find=wanted, replace_with="z", ignore_case=True).text == "z"

"""Names and places of files as they really are: any case, any bytes, links in circles, pipes, times of no calendar."""

import os
import sys

import pytest

from exekra.activities.disk import FileAccessError, FileMissingError
from exekra.activities.file.archives import zip
from exekra.activities.file.arrival import wait_for
from exekra.activities.file.content import read_text, write_text
from exekra.activities.file.listing import exists, info, list_files
from exekra.activities.file.patterns import matches
from exekra.activities.file.places import copy, delete, move
from exekra.sdk.errors import InputError

only_linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such files")


@pytest.fixture
def work(context):
    return context.work_folder


def names(listed):
    return listed.files.column("name")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.pdf", ["SCAN.PDF", "letter.pdf"]),
        ("*.PDF", ["SCAN.PDF", "letter.pdf"]),
        ("scan.*", ["SCAN.PDF"]),
        ("[S]can.pdf", ["SCAN.PDF"]),
        ("*.pdf; *.TXT", ["SCAN.PDF", "letter.pdf", "note.txt"]),
        ("über*", ["ÜBER.csv"]),
        ("report[1].csv", ["report[1].csv"]),
    ],
)
def test_patterns_do_not_look_at_case(context, work, pattern, found):
    for name in ("SCAN.PDF", "letter.pdf", "note.txt", "ÜBER.csv", "report[1].csv"):
        (work / name).touch()
    assert names(list_files(context, pattern=pattern)) == found


@pytest.mark.parametrize(
    ("pattern", "name"), [("**/*.txt", "*.txt"), ("sub/*.txt", "*.txt"), ("sub\\a.*", "a.*"), ("*.pdf; out/", "*")]
)
def test_a_pattern_with_a_folder_is_refused(context, pattern, name):
    with pytest.raises(InputError) as caught:
        list_files(context, pattern=pattern)
    assert f"Write {name}, and switch `recursive` on" in caught.value.message


@pytest.mark.parametrize(
    ("name", "pattern", "expected"),
    [
        ("e\u0301t\u00e9.txt", "\u00e9te\u0301.*", True),  # As macOS stores it, and as it is typed.
        ("STRASSE", "straße", True),
        ("a.txt", "?.txt", True),
        ("ab.txt", "?.txt", False),
        ("a\nb.txt", "*.txt", True),
        ("[", "[", True),
        ("b", "[!a]", True),
        ("a" * 200 + "!", "*a" * 50 + "b", False),
    ],
)
def test_what_a_pattern_matches(name, pattern, expected):
    assert matches(name, pattern) is expected


@pytest.mark.parametrize("wanted", ["REPORT-*.xlsx", "report-?.XLSX", "r**.xlsx", "report-1.xlsx"])
async def test_waiting_by_a_pattern(context, work, wanted):
    (work / "report-1.xlsx").touch()
    assert (await wait_for(context, path=wanted, stable_for=0)).path == str(work / "report-1.xlsx")


async def test_waiting_for_a_name_with_brackets(context, work):
    (work / "report[1].xlsx").touch()
    assert (await wait_for(context, path="report[1].xlsx", stable_for=0)).path == str(work / "report[1].xlsx")


@only_linux
def test_a_name_that_is_not_utf_8_leads_to_its_file(context, work):
    with open(os.fsencode(work) + b"/M\xfcller.txt", "w") as file:
        file.write("x")
    (row,) = list_files(context).files
    assert row["name"] == "M\udcfcller.txt"
    assert read_text(context, path=row["path"]).text == "x"
    copy(context, path=row["path"], to="Müller.txt")
    assert delete(context, path=row["name"]).deleted
    assert names(list_files(context)) == ["Müller.txt"]


@only_linux
def test_links_that_lead_nowhere_or_in_a_circle(context, work):
    (work / "circle").symlink_to("circle")
    (work / "nowhere").symlink_to("missing")
    (work / "up").symlink_to(work)
    (work / "a.txt").touch()
    assert names(list_files(context, recursive=True)) == ["a.txt", "circle", "nowhere"]
    assert names(list_files(context, recursive=True, kind="folders")) == ["up"]
    with pytest.raises(InputError, match="`circle` leads in a circle"):
        read_text(context, path="circle")


@only_linux
def test_what_is_not_a_plain_file_is_never_waited_for(context, work):
    os.mkfifo(work / "pipe")
    for act in (
        lambda: read_text(context, path="pipe"),
        lambda: copy(context, path="pipe", to="b"),
        lambda: zip(context, paths=("pipe",), to="a.zip"),
    ):
        with pytest.raises(FileAccessError, match="is not a plain file, but a pipe") as caught:
            act()
        assert not caught.value.retryable


@pytest.mark.parametrize("seconds", [-1e11, -2e9, 0, 1e11, 1e18])
def test_times_of_every_calendar(context, work, seconds):
    file = work / "a.txt"
    file.touch()
    try:
        os.utime(file, (seconds, seconds))
    except OverflowError:
        pytest.skip(f"os.utime cannot set a time of {seconds:g} s here, so no file can have it")
    seen = info(context, path="a.txt").modified
    assert list_files(context).files.column("modified") == [seen]
    assert seen.tzinfo is not None


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("a\0b.txt", "it has a NUL in it"),
        ("a\ud800b.txt", "it has half of a surrogate pair in it"),
        (f"sub/{'x' * 300}.txt", "file name too long"),
        ("x/" * 3000, "file name too long"),
    ],
    ids=range(4),
)
def test_what_no_file_can_be_called(context, work, path, sentence):
    (work / "sub").mkdir()
    (work / "a.txt").touch()
    for act in (
        lambda: read_text(context, path=path),
        lambda: exists(context, path=path),
        lambda: copy(context, path="a.txt", to=path),
        lambda: move(context, path=path, to="b"),
        lambda: delete(context, path=path, must_exist=False),
        lambda: list_files(context, folder=path),
    ):
        with pytest.raises(InputError, match=f"cannot be the path of a file: {sentence}"):
            act()


@pytest.mark.parametrize("name", ["~$report.xlsx", "~nobody-of-that-name", "~"])
def test_a_tilde_at_the_beginning_of_a_name(context, work, name):
    if name == "~":
        assert exists(context, path=name).path == os.path.realpath(os.path.expanduser("~"))
        return
    (work / name).write_text("x")
    assert read_text(context, path=name).text == "x"
    delete(context, path=name)
    with pytest.raises(FileMissingError):
        read_text(context, path=name)


def test_a_file_copied_and_moved_onto_itself(context, work):
    (work / "a.txt").write_text("x")
    (work / "sub").mkdir()
    assert copy(context, path="a.txt", to="a.txt").path == str(work / "a.txt")
    assert move(context, path="a.txt", to="./sub/../a.txt").path == str(work / "a.txt")
    assert (work / "a.txt").read_text() == "x"
    for act in (copy, move):
        with pytest.raises(InputError, match="cannot be put into itself"):
            act(context, path="sub", to="sub/deep")
    assert sorted(os.listdir(work)) == ["a.txt", "sub"]


@only_linux
def test_a_letter_of_two_characters_is_the_same_as_of_one(context, work):
    mac, others = "Rechnung-Mu\N{COMBINING DIAERESIS}ller.txt", "Rechnung-Müller.txt"
    (work / mac).write_text("x")
    assert read_text(context, path=others).text == "x"
    write_text(context, path=others, text="y")
    assert os.listdir(work) == [mac]
    assert names(list_files(context, pattern="*müller*")) == [mac]
    (work / others).write_text("z")
    assert read_text(context, path=others).text == "z"
    assert read_text(context, path=mac).text == "y"


def test_the_root_of_the_disk_is_not_a_file(context):
    with pytest.raises(FileAccessError, match="is a folder; a file is needed"):
        write_text(context, path="/", text="x")

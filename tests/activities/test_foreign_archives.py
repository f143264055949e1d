"""ZIP archives as other programs and other times make them."""

import io
import os
import struct
import zipfile
import zlib
from contextlib import suppress
from pathlib import PurePosixPath

import pytest

from exekra.activities.disk import FileExistsAlreadyError
from exekra.activities.file.archive_names import ArchiveError, clashes, inner_path
from exekra.activities.file.archives import unzip
from exekra.activities.file.archives import zip as zip_files
from exekra.sdk.errors import InputError
from exekra.testing.context import FakeContext


@pytest.fixture
def work(context):
    return context.work_folder


@pytest.fixture
def unpack(context, work):
    """Unpack an archive of these bytes; gives the result, and the names of what is in the folder then."""

    def unpack(raw, **inputs):
        (work / "a.zip").write_bytes(raw)
        result = unzip(context, path="a.zip", to="out", **inputs)
        found = sorted(file.relative_to(work / "out").as_posix() for file in (work / "out").rglob("*"))
        assert os.listdir(context.temporary_folder) == []
        return result, found

    return unpack


def archive_of(*names, content=b"x"):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), b"" if name.endswith("/") else content)
    return raw.getvalue()


def archive_with(name: bytes, extra: bytes = b""):
    """An archive whose one file has these bytes as its name, and no flag that says how they are meant."""
    stand_in = "N" * len(name)
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        entry = zipfile.ZipInfo(stand_in)
        entry.extra = extra
        archive.writestr(entry, "x")
    return raw.getvalue().replace(stand_in.encode(), name)


@pytest.mark.parametrize("root", ["./", ".", ".\\", "././"])
def test_an_entry_for_the_folder_itself(unpack, root):
    _, found = unpack(archive_of(root, "./a.txt", "./sub/b.txt", "sub/./c.txt"))
    assert found == ["a.txt", "sub", "sub/b.txt", "sub/c.txt"]


def test_empty_folders_come_and_go(context, work, unpack):
    result, found = unpack(archive_of("empty/", "empty/deep/", "sub/", "sub/a.txt"))
    assert found == ["empty", "empty/deep", "sub", "sub/a.txt"]
    assert result.count == 1
    made = zip_files(context, paths=("out",), to="b.zip")
    assert made.count == 1
    assert zipfile.ZipFile(work / "b.zip").namelist() == ["out/empty/deep/", "out/sub/a.txt"]


NAME = "Müller_Rechnung.txt"


@pytest.mark.parametrize(
    ("name", "stored", "encoding"),
    [
        (NAME, "utf-8", "auto"),
        (NAME, "utf-8", "utf-8"),
        (NAME, "cp437", "auto"),
        (NAME, "cp850", "cp850"),
        (NAME, "cp1252", "cp1252"),
        ("Счёт.txt", "cp866", "cp866"),
        ("Счёт.txt", "cp1251", "cp1251"),
        ("Счёт.txt", "utf-8", "auto"),
        ("请求书.txt", "gb18030", "gb18030"),
        ("請求書.txt", "cp932", "cp932"),
        ("청구서.txt", "cp949", "cp949"),
        ("發票.txt", "big5", "big5"),
        ("请求书.txt", "gbk", "gbk"),
        ("請求書.txt", "shift_jis", "Shift_JIS"),
        ("Müller.txt", "iso-8859-15", "iso-8859-15"),
        ("Śćieżka/Żółw.txt", "cp852", "cp852"),
    ],
)
def test_names_in_every_encoding(unpack, name, stored, encoding):
    result, _ = unpack(archive_with(name.encode(stored)), name_encoding=encoding)
    assert [PurePosixPath(file).name for file in result.files] == [PurePosixPath(name).name]


def test_a_guessed_encoding_of_names_is_noted(context, unpack):
    result, _ = unpack(archive_with(NAME.encode("cp1252")))
    assert "They were read as cp437 (DOS)" in result.notes[0]
    assert [level for level, _ in context.lines] == ["warning"]


def test_names_that_are_certain_bring_no_note(unpack):
    result, _ = unpack(archive_of(NAME, "請求書.txt", "plain.txt"))
    assert result.notes == []
    assert len(result.files) == 3


def test_a_wrong_choice_of_encoding(unpack):
    with pytest.raises(ArchiveError, match=r"is not utf-8\. Choose another `name_encoding`"):
        unpack(archive_with(NAME.encode("cp1252")), name_encoding="utf-8")


@pytest.mark.parametrize(("checksum", "found"), [(0, "Mⁿller.txt"), (None, "Müller.txt")])
def test_a_second_name_in_utf_8_counts_if_it_belongs_to_the_first(unpack, checksum, found):
    first = "Müller.txt".encode("cp1252")
    if checksum is None:
        checksum = zlib.crc32(first)
    second = "Müller.txt".encode()
    extra = struct.pack("<HHBI", 0x7075, 5 + len(second), 1, checksum) + second
    result, _ = unpack(archive_with(first, extra))
    assert PurePosixPath(result.files[0]).name == found


def test_a_second_name_counts_beside_one_of_plain_letters(unpack):
    second = "broschüre.pdf".encode()
    extra = struct.pack("<HHBI", 0x7075, 5 + len(second), 1, zlib.crc32(b"broschu_re.pdf")) + second
    result, _ = unpack(archive_with(b"broschu_re.pdf", extra))
    assert PurePosixPath(result.files[0]).name == "broschüre.pdf"


@pytest.mark.parametrize("seconds", [-1e9, 0, 315_532_799, 4_354_819_200, 1e11])
def test_times_that_the_format_cannot_hold(context, work, unpack, seconds):
    (work / "old.txt").write_text("x")
    os.utime(work / "old.txt", (seconds, seconds))
    assert zip_files(context, paths=("old.txt",), to="b.zip").count == 1
    assert zipfile.ZipFile(work / "b.zip").infolist()[0].date_time[0] in (1980, 2107)
    assert unzip(context, path="b.zip", to="out").count == 1


def test_a_time_of_zeros(unpack):
    raw = archive_of("a.txt")
    stamp = struct.pack("<HH", 0, 1 << 5 | 1)  # The first of January 1980, as archives have it in two places.
    assert raw.count(stamp) == 2
    assert unpack(raw.replace(stamp, bytes(4)))[1] == ["a.txt"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_comes_twice(unpack, work):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("a.txt", "first")
        archive.writestr("a.txt", "second")
    result, _ = unpack(raw.getvalue())
    assert (work / "out" / "a.txt").read_text() == "second"
    assert "`a.txt` several times" in result.notes[0]


@pytest.mark.parametrize("names", [("a", "a/b"), ("a/b", "a"), ("a", "a/"), ("a/b/c", "a/b")])
def test_a_file_that_is_a_folder_too(unpack, work, names):
    with pytest.raises(ArchiveError, match="twice, and this disk cannot hold both"):
        unpack(archive_of(*names))
    assert os.listdir(work) == ["a.zip"]


def test_names_on_systems_without_case():
    names = [PurePosixPath("A.txt"), PurePosixPath("sub/a.txt"), PurePosixPath("a.TXT")]
    assert clashes(names, without_case=True) == [PurePosixPath("a.TXT")]
    assert clashes(names, without_case=False) == []


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("ab: c?.txt", "ab_ c_.txt"),
        ("aux.txt", "_aux.txt"),
        ("sub. /a", "sub/a"),
        ("sub\\b*.txt", "sub/b_.txt"),
        ("plain/ä.txt", "plain/ä.txt"),
    ],
)
def test_names_that_windows_cannot_hold(name, place):
    assert str(inner_path("a.zip", name, for_windows=True)) == place
    assert str(inner_path("a.zip", name, for_windows=False)) == name.replace("\\", "/")


def test_a_folder_in_the_way(unpack, work):
    (work / "out" / "a.txt").mkdir(parents=True)
    for replace in (False, True):
        with pytest.raises(FileExistsAlreadyError, match="is a folder already"):
            unpack(archive_of("a.txt"), replace=replace)
    assert os.listdir(work / "out" / "a.txt") == []


def test_other_ways_to_pack(unpack):
    raw = bytearray(archive_of("a.txt"))
    central = raw.index(b"PK\1\2")
    for method, sentence in ((9, "compressed with Deflate64"), (93, "with Zstandard"), (99, "encrypted with AES")):
        raw[8:10] = raw[central + 10 : central + 12] = struct.pack("<H", method)
        with pytest.raises(ArchiveError, match=sentence):
            unpack(bytes(raw))


@pytest.mark.parametrize("position", range(0, 130, 3))
def test_damage_anywhere_is_an_error_of_the_archive(unpack, position):
    raw = bytearray(archive_of("a.txt", "sub/b.txt"))
    raw[position % len(raw)] ^= 0xFF
    raw[-position % len(raw)] ^= 0x40
    with suppress(ArchiveError, InputError):
        unpack(bytes(raw))


@pytest.mark.parametrize(
    "raw", [b"", b"Rar!\x1a\x07\x01\x00", b"PK\5\6" + b"\xff" * 18, b"PK\3\4", b"<html>not found</html>", b"\0" * 100]
)
def test_what_is_no_archive(unpack, raw):
    with pytest.raises(ArchiveError, match="is not a ZIP archive, or it is damaged"):
        unpack(raw)


def test_large_archives_and_what_stands_before_them(context, work, unpack):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive, archive.open("a.txt", "w", force_zip64=True) as file:
        file.write(b"x")
    _, found = unpack(b"#!/bin/sh\nexit\n" + raw.getvalue() + b"")
    assert found == ["a.txt"]


@pytest.mark.skipif(
    os.name == "nt" or os.uname().sysname == "Darwin",
    reason="Windows and macOS refuse file names that are not valid Unicode",
)
def test_a_name_that_is_not_utf_8_is_packed(context, work):
    (work / "in").mkdir()
    with open(os.fsencode(work / "in") + b"/M\xfcller.txt", "w") as file:
        file.write("x")
    assert zip_files(context, paths=("in",), to="b.zip").count == 1
    assert zipfile.ZipFile(work / "b.zip").namelist() == ["in/M\ufffdller.txt"]
    assert "not UTF-8" in context.warnings[0]


def test_archives_are_unpacked_at_the_same_time(context, work):
    for name in ("a", "b"):
        (work / f"{name}.zip").write_bytes(archive_of(f"{name}.txt"))

    class Interrupted(FakeContext):
        def raise_if_stopped(self):
            unzip(context, path="b.zip", to="b", replace=True)

    unzip(Interrupted(work, temporary_folder=context.temporary_folder), path="a.zip", to="a")
    assert os.listdir(work / "a") == ["a.txt"]
    assert os.listdir(work / "b") == ["b.txt"]
    assert os.listdir(context.temporary_folder) == []


def test_a_name_with_a_zero_byte_is_refused(context):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a_b.txt", "x")
    (context.work_folder / "a.zip").write_bytes(packed.getvalue().replace(b"a_b.txt", b"a\0b.txt"))
    with pytest.raises(ArchiveError, match="a zero byte cannot be in a name"):
        unzip(context, path="a.zip", to="out")

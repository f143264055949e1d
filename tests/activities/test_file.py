"""Files and folders on a real disk."""

import errno
import io
import os
import stat
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from exekra.activities.disk import (
    DiskFullError,
    FileAccessError,
    FileExistsAlreadyError,
    FileMissingError,
    explain,
    replacing,
)
from exekra.activities.file import content as content_module
from exekra.activities.file.archive_names import ArchiveError
from exekra.activities.file.archives import unzip
from exekra.activities.file.archives import zip as zip_files
from exekra.activities.file.arrival import FileWaitError, wait_for
from exekra.activities.file.content import TextFileError, append_text, read_text, write_text
from exekra.activities.file.listing import exists, info, list_files
from exekra.activities.file.places import copy, create_folder, delete, delete_folder, move
from exekra.sdk.errors import InputError, StoppedError


@pytest.fixture
def work(context):
    return context.work_folder


@pytest.fixture
def tree(work):
    for name in ("a.txt", "b.PDF", ".hidden", "sub/c.txt", "sub/deep/d.csv"):
        file = work / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return work


def test_text_is_written_and_read(context, work):
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        write_text(context, path="out/a.txt", text="é\nb", encoding=encoding)
        got = read_text(context, path="out/a.txt")
        assert (got.text, got.lines, got.encoding) == ("é\nb", 2, encoding)
    with pytest.raises(TextFileError, match="is not utf-8"):
        read_text(context, path="out/a.txt", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written in cp1252"):
        write_text(context, path="out/a.txt", text="☃", encoding="cp1252")
    assert os.listdir(work / "out") == ["a.txt"]


def test_text_is_appended(context, work):
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        (work / "log.txt").unlink(missing_ok=True)
        append_text(context, path="log.txt", text="é", encoding=encoding)
        append_text(context, path="log.txt", text="b", new_line=False, encoding=encoding)
        assert read_text(context, path="log.txt").text == "é\nb"


def test_what_cannot_be_appended_leaves_no_file(context, work):
    with pytest.raises(InputError, match="cannot be written in cp1252"):
        append_text(context, path="log.txt", text="☃", encoding="cp1252")
    assert not (work / "log.txt").exists()


def test_a_text_too_large_to_hold(context, work, monkeypatch):
    monkeypatch.setattr(content_module, "LARGEST_TEXT", 10)
    write_text(context, path="a.txt", text="x" * 11)
    with pytest.raises(TextFileError, match="has 11 bytes; 10 can be read"):
        read_text(context, path="a.txt")


def test_copy(context, tree):
    assert copy(context, path="a.txt", to="x/y.txt").path == str(tree / "x" / "y.txt")
    assert copy(context, path="a.txt", to="sub").path == str(tree / "sub" / "a.txt")
    assert copy(context, path="a.txt", to="new/").path == str(tree / "new" / "a.txt")
    with pytest.raises(FileExistsAlreadyError, match="switch `replace` on"):
        copy(context, path="b.PDF", to="x/y.txt")
    copy(context, path="b.PDF", to="x/y.txt", replace=True)
    assert (tree / "x" / "y.txt").read_text() == "b.PDF"
    copy(context, path="sub", to="again")
    assert (tree / "again" / "deep" / "d.csv").read_text() == "sub/deep/d.csv"
    with pytest.raises(FileExistsAlreadyError):
        copy(context, path="sub", to="again/sub/../../x/y.txt")
    with pytest.raises(InputError, match="cannot be put into itself"):
        copy(context, path="sub", to="sub/inner")
    with pytest.raises(FileMissingError, match=r"Did you mean `a\.txt`"):
        copy(context, path="aa.txt", to="x")


def test_move(context, tree):
    move(context, path="a.txt", to="new/name.txt")
    assert not (tree / "a.txt").exists()
    assert (tree / "new" / "name.txt").read_text() == "a.txt"
    move(context, path="sub", to="new")
    assert (tree / "new" / "sub" / "c.txt").exists()
    assert move(context, path="b.PDF", to="b.PDF").path == str(tree / "b.PDF")
    with pytest.raises(FileExistsAlreadyError):
        move(context, path="b.PDF", to="new/name.txt")
    with pytest.raises(InputError, match="into itself"):
        move(context, path="new", to="new/sub/x")


def test_move_to_another_disk(context, tree, monkeypatch):
    def refuse(self, target):
        if ".part" in self.name:
            return os.rename(self, target)
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr("pathlib.Path.replace", refuse)
    move(context, path="a.txt", to="x.txt")
    move(context, path="sub", to="y")
    assert (tree / "x.txt").read_text() == "a.txt"
    assert (tree / "y" / "deep" / "d.csv").exists()
    assert sorted(os.listdir(tree)) == [".hidden", "b.PDF", "x.txt", "y"]


def test_delete(context, tree):
    (tree / "link").symlink_to(tree / "a.txt")
    assert delete(context, path="link").deleted
    assert (tree / "a.txt").exists()
    assert delete(context, path="a.txt").deleted
    assert not delete(context, path="a.txt", must_exist=False).deleted
    with pytest.raises(FileMissingError):
        delete(context, path="a.txt")
    with pytest.raises(InputError, match="Use Delete Folder"):
        delete(context, path="sub")


def test_folders(context, tree):
    assert create_folder(context, path="p/q").path == str(tree / "p" / "q")
    create_folder(context, path="p/q")
    with pytest.raises(FileAccessError, match="a part of the path is a file"):
        create_folder(context, path="a.txt")
    with pytest.raises(FileAccessError, match=r"a\.txt cannot be reached"):
        write_text(context, path="a.txt/b.txt", text="x")
    assert delete_folder(context, path="p/q").deleted
    with pytest.raises(FileExistsAlreadyError, match="is not empty"):
        delete_folder(context, path="sub")
    assert delete_folder(context, path="sub", with_content=True).deleted
    assert not delete_folder(context, path="sub", must_exist=False).deleted
    with pytest.raises(FileMissingError):
        delete_folder(context, path="sub")


@pytest.mark.parametrize("path", ["/", "~", ".", "..", "../.."])
def test_folders_that_are_never_deleted(context, tree, path):
    with pytest.raises(InputError, match="never deleted"):
        delete_folder(context, path=path, with_content=True)
    assert (tree / "a.txt").exists()


def test_list(context, tree):
    def names(**inputs):
        return list_files(context, **inputs).files.column("name")

    assert names() == ["a.txt", "b.PDF"]
    assert names(hidden=True) == [".hidden", "a.txt", "b.PDF"]
    assert names(recursive=True, pattern="*.txt; *.csv") == ["a.txt", "c.txt", "d.csv"]
    assert names(kind="folders", recursive=True) == ["sub", "deep"]
    assert names(folder="sub", kind="all", order_by="name", descending=True) == ["deep", "c.txt"]
    row = list_files(context, folder="sub").files[0]
    assert (row["path"], row["extension"], row["size"], row["kind"]) == (str(tree / "sub" / "c.txt"), ".txt", 9, "file")
    assert isinstance(row["modified"], datetime)
    assert row["modified"].tzinfo is not None
    with pytest.raises(InputError, match="more than 1 of these"):
        names(limit=1)
    with pytest.raises(FileMissingError, match="Did you mean `sub`"):
        names(folder="sup")


def test_list_survives_links_to_nothing(context, tree):
    (tree / "dangling").symlink_to(tree / "nothing")
    (tree / "sub" / "loop").symlink_to(tree)
    assert "dangling" in list_files(context, recursive=True).files.column("name")


def test_exists_and_info(context, tree):
    assert exists(context, path="a.txt").kind == "file"
    assert exists(context, path="sub").kind == "folder"
    assert not exists(context, path="nothing").exists
    known = info(context, path="sub/c.txt")
    assert (known.name, known.stem, known.extension, known.folder) == ("c.txt", "c", ".txt", str(tree / "sub"))
    assert (known.kind, known.size) == ("file", 9)
    with pytest.raises(FileMissingError):
        info(context, path="nothing")


async def test_wait_for_a_file(context, tree):
    assert (await wait_for(context, path="*.txt", stable_for=0)).path == str(tree / "a.txt")
    assert (await wait_for(context, path="a.txt", stable_for=0.01)).path == str(tree / "a.txt")
    assert (await wait_for(context, path="nothing", gone=True)).path == ""
    with pytest.raises(FileWaitError, match=r"nothing did not come within 0\.01 s"):
        await wait_for(context, path="nothing", timeout=0.01)
    with pytest.raises(FileWaitError, match=r"The folder .* does not exist"):
        await wait_for(context, path="no/where", timeout=0)
    with pytest.raises(FileWaitError, match="was still there"):
        await wait_for(context, path="a.txt", gone=True, timeout=0)
    with pytest.raises(FileWaitError, match="still changing"):
        await wait_for(context, path="a.txt", stable_for=10, timeout=0)


def test_zip_and_unzip(context, tree):
    made = zip_files(context, paths=("a.txt", "sub"), to="out/all.zip")
    assert (made.count, made.size) == (3, (tree / "out" / "all.zip").stat().st_size)
    got = unzip(context, path="out/all.zip", to="back")
    assert got.files == [str(tree / "back" / name) for name in ("a.txt", "sub/c.txt", "sub/deep/d.csv")]
    assert (tree / "back" / "sub" / "deep" / "d.csv").read_text() == "sub/deep/d.csv"
    with pytest.raises(FileExistsAlreadyError, match="Switch `replace` on"):
        unzip(context, path="out/all.zip", to="back")
    assert unzip(context, path="out/all.zip", to="back", replace=True).count == 3
    with pytest.raises(FileExistsAlreadyError):
        zip_files(context, paths=("a.txt",), to="out/all.zip", replace=False)
    with pytest.raises(InputError, match="same name in the archive"):
        zip_files(context, paths=("a.txt", "back/a.txt"), to="x.zip")
    zip_files(context, paths=("out",), to="out/all.zip")
    assert zip_files(context, paths=("out",), to="out/all.zip").count == 0
    assert os.listdir(context.temporary_folder) == []


def archive_of(*entries, mode=0, method=zipfile.ZIP_DEFLATED):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            entry.compress_type = method
            archive.writestr(entry, data)
    return raw.getvalue()


def test_folders_that_are_named_as_windows_does(context, work):
    (work / "a.zip").write_bytes(archive_of(("sub\\", b""), ("sub\\a.txt", "x")))
    assert unzip(context, path="a.zip", to="out").files == [str(work / "out" / "sub" / "a.txt")]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (archive_of(("ok", "1"), ("../evil", "2")), "leads out of the folder"),
        (archive_of(("/etc/evil", "2")), "leads out of the folder"),
        (archive_of(("C:\\evil", "2")), "leads out of the folder"),
        (archive_of(("a/..\\../evil", "2")), "leads out of the folder"),
        (archive_of(("link", "/etc/passwd"), mode=stat.S_IFLNK | 0o777), "holds the link"),
        (archive_of(("bomb", b"0" * 3_000_000)), "More than 1 MB would come out"),
        (archive_of(("bomb", b"0"), method=zipfile.ZIP_BZIP2), "which could fill the memory"),
        (archive_of(("bomb", b"0"), method=zipfile.ZIP_LZMA), "which could fill the memory"),
        (b"no archive", "not a ZIP archive"),
        (archive_of(("a", "x" * 100))[:-40], "not a ZIP archive"),
    ],
)
def test_dangerous_archives(context, work, raw, sentence):
    (work / "a.zip").write_bytes(raw)
    with pytest.raises(ArchiveError, match=sentence):
        unzip(context, path="a.zip", to="out", largest_mb=1)
    assert os.listdir(work) == ["a.zip"]
    assert os.listdir(context.temporary_folder) == []


def test_an_archive_that_lies_about_its_size(context, work):
    raw = bytearray(archive_of(("bomb", b"0" * 5_000_000)))
    true_size = (5_000_000).to_bytes(4, "little")
    (work / "a.zip").write_bytes(bytes(raw).replace(true_size, (10).to_bytes(4, "little")))
    with pytest.raises(ArchiveError):
        unzip(context, path="a.zip", to="out", largest_mb=1)
    assert os.listdir(work) == ["a.zip"]


def test_a_damaged_and_a_locked_archive(context, work):
    raw = bytearray(archive_of(("a", bytes(range(256)) * 100)))
    raw[60] ^= 0xFF
    (work / "a.zip").write_bytes(raw)
    with pytest.raises(ArchiveError):
        unzip(context, path="a.zip", to="out")
    locked = bytearray(archive_of(("a", "x")))
    locked[6] |= 1
    central = locked.index(b"PK\x01\x02")
    locked[central + 8] |= 1
    (work / "a.zip").write_bytes(locked)
    for password in (None, "wrong"):
        with pytest.raises(ArchiveError, match="has a password") as caught:
            unzip(context, path="a.zip", to="out", password=password)
        assert "wrong" not in caught.value.message


def test_a_stop_while_unzipping_leaves_nothing(context, tree):
    zip_files(context, paths=("sub",), to="a.zip")
    context.stop()
    with pytest.raises(StoppedError):
        unzip(context, path="a.zip", to="out")
    assert not (tree / "out").exists()


@pytest.mark.parametrize(
    ("number", "kind", "sentence"),
    [
        (errno.ENOSPC, DiskFullError, "disk is full"),
        (errno.EACCES, FileAccessError, "cannot be opened"),
        (errno.EROFS, FileAccessError, "cannot be opened"),
        (errno.ENOTDIR, FileAccessError, "a part of the path is a file"),
        (errno.ENAMETOOLONG, FileAccessError, "too long"),
        (errno.EIO, FileAccessError, "could not be used"),
    ],
)
def test_what_the_system_refuses_is_explained(number, kind, sentence):
    error = explain(OSError(number, os.strerror(number)), Path("/a.txt"))
    assert type(error) is kind
    assert sentence in error.message
    assert "a.txt" in error.message


def test_a_draft_that_fails_leaves_the_old_file(work):
    (work / "a.txt").write_text("old")

    def fill_the_disk():
        with replacing(work / "a.txt") as draft:
            draft.write_text("half")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DiskFullError):
        fill_the_disk()
    assert (work / "a.txt").read_text() == "old"
    assert os.listdir(work) == ["a.txt"]


def test_a_replaced_file_keeps_its_permissions(work):
    (work / "a.txt").write_text("old")
    (work / "a.txt").chmod(0o640)
    with replacing(work / "a.txt") as draft:
        draft.write_text("new")
    assert stat.S_IMODE((work / "a.txt").stat().st_mode) == 0o640


def test_a_zero_byte_is_no_text(context):
    (context.work_folder / "a.txt").write_bytes(b"first\na\0b")
    with pytest.raises(TextFileError, match="zero byte in line 2"):
        read_text(context, path="a.txt")

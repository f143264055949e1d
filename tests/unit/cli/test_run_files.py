"""`exekra run` and files: those given as inputs, and what is not a workflow file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from exekra.cli.main import main

FLOW = """
format: exekra.flow/1
name: Read
inputs:
  orders: {type: file}
  other: {type: file, default: there.txt}
outputs: {orders: {type: text, value: "{read.text}"}, other: {value: "{other}"}}
nodes:
  read: {do: file.read_text, with: {path: "{orders}"}}
edges: [start -> read]
"""


@pytest.fixture
def flow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The workflow in one folder, where the person is in another that has `here.txt`."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "read.flow.yaml").write_text(FLOW)
    (tmp_path / "person").mkdir()
    (tmp_path / "person" / "here.txt").write_text("of the person")
    monkeypatch.chdir(tmp_path / "person")
    return "../flows/read.flow.yaml"


def test_a_file_is_relative_to_the_folder_of_the_person(flow: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", flow, "--input", "orders=here.txt"]) == 0
    said = capsys.readouterr()
    assert said.out == "orders: of the person\nother: there.txt\n", "a default is the workflow's own"
    assert said.err.endswith("1 node ran.\n")


def test_an_empty_name_of_a_file_is_refused(flow: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", flow, "--input", "orders="]) == 2
    assert capsys.readouterr().err == "error: --input orders: name a file, such as orders=orders.xlsx.\n"


def test_a_zip_file_is_called_one(flow: str, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile("exported.zip", "w") as archive:
        archive.writestr("read.flow.yaml", FLOW + "# é" * 1000)
        archive.writestr("data", bytes(range(256)))
    assert main(["run", "exported.zip"]) == 2
    assert "exported.zip is a ZIP file. Unpack it with" in capsys.readouterr().err

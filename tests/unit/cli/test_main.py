"""The command line's own promises: statuses, one sentence for each error, no traceback unless asked for."""

from __future__ import annotations

import argparse
import errno
import sys
from types import ModuleType
from typing import Any

import pytest

from exekra.cli import main as command_line
from exekra.sdk.errors import DocumentError, ExekraError, SettingsError


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """A command `fails` that raises what the test puts here."""
    errors: list[BaseException] = []

    def run(arguments: argparse.Namespace) -> int:
        if errors:
            raise errors[0]
        return 0

    module: Any = ModuleType("failing_command")
    module.SUMMARY = "Fail."
    module.add_arguments = lambda parser: None
    module.run = run
    monkeypatch.setitem(sys.modules, "failing_command", module)
    monkeypatch.setitem(command_line.COMMANDS, "fails", "failing_command")
    monkeypatch.delenv("EXEKRA_DEBUG", raising=False)
    return errors


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (ExekraError("It broke."), 1, "error: It broke."),
        (DocumentError("Line 3 is wrong."), 2, "error: Line 3 is wrong."),
        (SettingsError("The port is wrong."), 2, "error: The port is wrong."),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "error: The disk is full. Free some space."),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "a"), 1, "error: No such file or directory: a."),
        (ValueError("odd"), 1, "error: Unexpected ValueError: odd. `exekra --debug ...` shows where."),
    ],
)
def test_an_error_is_a_sentence_and_a_status(
    fails: list[BaseException], capsys: pytest.CaptureFixture[str], error: Exception, status: int, said: str
) -> None:
    fails.append(error)
    assert command_line.main(["fails"]) == status
    assert capsys.readouterr().err == said + "\n"


def test_a_traceback_is_for_those_who_ask(fails: list[BaseException], capsys: pytest.CaptureFixture[str]) -> None:
    fails.append(ExekraError("It broke."))
    assert command_line.main(["--debug", "fails"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_ctrl_c_is_no_error(fails: list[BaseException], capsys: pytest.CaptureFixture[str]) -> None:
    fails.append(KeyboardInterrupt())
    assert command_line.main(["fails"]) == 130
    assert capsys.readouterr().err == ""


def test_a_misspelt_command_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["versoin"]) == 2
    assert capsys.readouterr().err == "error: There is no command named 'versoin'. Did you mean version?\n"


def test_a_missing_package_is_named(
    fails: list[BaseException], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(command_line.COMMANDS, "hub", "a_package_that_is_not_there")
    assert command_line.main(["hub"]) == 2
    assert capsys.readouterr().err == (
        "error: `exekra hub` needs the package a_package_that_is_not_there, which is not installed: "
        "pip install 'exekra[hub]'.\n"
    )


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("exekra 0.")

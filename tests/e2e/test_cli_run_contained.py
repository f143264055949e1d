"""`exekra run` leaves no process behind, however it ends, and never loses its outcome because it cannot be printed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

COMMAND = [sys.executable, "-m", "exekra.cli.main", "run"]

HELPER = """
format: exekra.flow/1
name: Helper that stays
inputs:
  hold: {type: boolean, default: false}
nodes:
  p:
    do: python.run
    with:
      inputs: {hold: "{hold}"}
      code: |
        import os, subprocess, sys, time
        code = "import os, signal, time; os.setsid(); signal.signal(signal.SIGTERM, signal.SIG_IGN); " \\
               "open('helper.part', 'w').write(str(os.getpid())); os.rename('helper.part', 'helper'); time.sleep(600)"
        subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL)
        while not os.path.exists("helper"):
            time.sleep(0.01)
        time.sleep(600 if hold else 0)
edges:
- start -> p
"""

GREET = """
format: exekra.flow/1
name: Greet all
outputs:
  greeting: {type: text, value: "漢字 🎉 ü"}
nodes:
  effect: {do: file.append_text, with: {path: effect.txt, text: "done"}}
edges:
- start -> effect
"""


@pytest.fixture
def helper_flow(tmp_path: Path) -> Path:
    file = tmp_path / "helper.flow.yaml"
    file.write_text(HELPER)
    return file


@pytest.fixture
def running(helper_flow: Path) -> Iterator[tuple[subprocess.Popen[bytes], psutil.Process]]:
    """A run that holds, and the helper that left its session."""
    run = subprocess.Popen([*COMMAND, helper_flow, "--input", "hold=true"], stderr=subprocess.DEVNULL)
    file = helper_flow.parent / "helper"
    until(file.exists)
    helper = psutil.Process(int(file.read_text()))
    yield run, helper
    run.kill()
    run.wait()


def until(condition: object) -> None:
    """Wait until it holds; whoever would wait for ever is ended by the test's own limit."""
    give_up = time.monotonic() + 120
    while not condition():  # type: ignore[operator]  # a function
        assert time.monotonic() < give_up
        time.sleep(0.01)


def gone(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_what_left_its_session_ends_with_the_run(helper_flow: Path) -> None:
    done = subprocess.run([*COMMAND, helper_flow], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    pid = int((helper_flow.parent / "helper").read_text())
    assert not psutil.pid_exists(pid) or gone(psutil.Process(pid))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_stopped_ends_what_it_started(
    running: tuple[subprocess.Popen[bytes], psutil.Process], number: int
) -> None:
    run, helper = running
    run.send_signal(number)
    assert run.wait() == 130
    assert gone(helper)


@pytest.mark.skipif(os.name != "posix", reason="the watching process uses POSIX sessions, which Windows lacks")
def test_a_run_that_is_killed_ends_what_it_started(
    running: tuple[subprocess.Popen[bytes], psutil.Process],
) -> None:
    run, helper = running
    run.kill()
    run.wait()
    until(lambda: gone(helper))


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "ascii", "utf-8"])
def test_outputs_are_printed_whatever_the_stream_can_hold(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "greet.flow.yaml"
    file.write_text(GREET, encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    plain = subprocess.run([*COMMAND, file], env=environment, capture_output=True, check=False)
    assert plain.returncode == 0, plain.stderr
    expected = "greeting: 漢字 🎉 ü\n".encode(encoding, "backslashreplace")
    assert plain.stdout == expected
    as_json = subprocess.run([*COMMAND, file, "--json"], env=environment, capture_output=True, check=False)
    assert as_json.returncode == 0, as_json.stderr
    assert json.loads(as_json.stdout)["outputs"] == {"greeting": "漢字 🎉 ü"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full, which refuses every byte")
def test_outputs_that_cannot_be_written_have_a_status_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "greet.flow.yaml"
    file.write_text(GREET, encoding="utf-8")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, file], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3
    assert "error: The outputs could not be written: No space left on device." in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "effect.txt").read_text().rstrip() == "done"

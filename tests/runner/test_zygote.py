"""The zygote: it ends in silence when the Runner is gone, and has nothing in it that a fork would break."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from exekra.runner.children.channel import Kind, read_frame
from exekra.testing.patience import PATIENCE_SECONDS


@pytest.mark.skipif(sys.platform != "linux", reason="there is no zygote elsewhere")
def test_a_runner_that_is_gone_before_it_is_ready():
    ours, theirs = socket.socketpair()
    ours.close()
    command = [sys.executable, "-m", "exekra.runner.children.zygote", str(theirs.fileno())]
    ended = subprocess.run(
        command, pass_fds=[theirs.fileno()], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    theirs.close()
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.skipif(sys.platform != "linux", reason="there is no zygote elsewhere")
def test_one_thread_and_no_engine_of_tables_when_it_forks():
    """The engine starts threads when it is imported, and a fork of a process that used it hangs."""
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-m", "exekra.runner.children.zygote", str(theirs.fileno())]
    zygote = subprocess.Popen(command, pass_fds=[theirs.fileno()])
    channel, childs_end = socket.socketpair()
    with ours, theirs, channel, childs_end, Path(os.devnull).open("w") as output:
        socket.send_fds(ours, [b"x"], [childs_end.fileno(), output.fileno()])
        frames = [read_frame(ours.fileno()), read_frame(ours.fileno())]
        threads = os.listdir(f"/proc/{zygote.pid}/task")
        libraries = Path(f"/proc/{zygote.pid}/maps").read_text()
    assert zygote.wait(PATIENCE_SECONDS) == 0
    assert [frame and frame[0] for frame in frames] == [Kind.READY, Kind.FORKED]
    assert len(threads) == 1
    assert "polars" not in libraries

"""The zygote ends in silence when the Runner is gone, at whatever moment that is."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

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

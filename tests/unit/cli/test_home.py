"""One Exekra at a time uses a data folder, and a second one is told who does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from exekra.cli.home import HomeInUseError, exclusive

HOLD = """
import sys
from pathlib import Path
from exekra.cli.home import exclusive
with exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_second_is_told_which_process_holds_the_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(HomeInUseError, match=rf"process {holder.pid}\b"), exclusive(tmp_path):
            pass
        holder.kill()
    with exclusive(tmp_path):  # However the holder ended.
        pass
    with exclusive(tmp_path):
        pass

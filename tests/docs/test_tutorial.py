"""The tutorial is carried out word by word: its files are saved, its commands are typed, their outputs are compared."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from .conftest import Platform
from .pages import DOCS, blocks
from .transcript import Shell, carry_out

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the page's commands are those of a POSIX shell")

PRELUDE = """
make() {
    case "$1" in
        setup) echo "Ready: .venv/bin/exekra" ;;
        run) cat ~/said-when-ready.txt ;;
    esac
}
"""
"""The environment is there, and the platform runs already; what it said is what `make run` says."""


def test_the_tutorial(platform: Platform, new_shell: Callable[..., Shell]) -> None:
    (platform.person / "said-when-ready.txt").write_text(platform.said)
    shell = new_shell(platform, PRELUDE)
    differences = carry_out(blocks(DOCS / "tutorial" / "first-workflow.md"), shell, platform.words())
    assert not differences, "\n".join(differences)

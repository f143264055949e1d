"""The how-to pages are carried out: what they show is what a real platform says."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from .conftest import Platform
from .pages import DOCS, blocks
from .transcript import Shell, carry_out

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the pages' commands are those of a POSIX shell")

HOWTO = DOCS / "howto"
SIGNED_IN = """
mkdir -p ~/stop && cd ~/stop
hub=http://127.0.0.1:{port}/api
curl -s -c cookies.txt $hub/session -H 'Content-Type: application/json' \
    -d '{{"email": "admin@localhost", "password": "{password}"}}'
"""
RUNNER_IS_THERE = """
until curl -s -b cookies.txt $hub/runners | grep -q '"state":"ONLINE"'; do sleep 0.1; done
"""
"""An interactive run does not wait; the Runner of a platform that has just been started may be on its way."""
PACKAGE = """
export PYTHONPATH="$HOME/acme:$HOME/packages" PYTEST_DISABLE_PLUGIN_AUTOLOAD=1
uv() {
    python -m hatchling build -t wheel -d ~/wheels > /dev/null &&
    command uv pip install --offline --no-deps --target ~/packages ~/wheels/*.whl
}
"""
"""Packages that are only tried out go beside the environment, not into it; and nothing is asked of the network. The
module is found where it is edited, as `--editable` promises.
"""

NewShell = Callable[..., Shell]


def agree(page: str, shell: Shell, words: dict[str, str]) -> None:
    differences = carry_out(blocks(HOWTO / page), shell, words)
    assert not differences, "\n".join(differences)


def test_use_the_api(platform: Platform, new_shell: NewShell) -> None:
    agree("use-the-api.md", new_shell(platform, folder=platform.person), platform.words())


def test_stop_and_find_out_why(platform: Platform, new_shell: NewShell) -> None:
    prelude = SIGNED_IN.format(port=platform.port, password=platform.password)
    agree("stop-and-find-out-why.md", new_shell(platform, prelude), platform.words())


def test_files(platform: Platform, new_shell: NewShell) -> None:
    prelude = SIGNED_IN.format(port=platform.port, password=platform.password).replace("~/stop", "~/files")
    agree("files.md", new_shell(platform, prelude + RUNNER_IS_THERE), platform.words())


def test_debug_a_workflow(platform: Platform, new_shell: NewShell) -> None:
    prelude = SIGNED_IN.format(port=platform.port, password=platform.password).replace("~/stop", "~/debug")
    agree("debug-a-workflow.md", new_shell(platform, prelude + RUNNER_IS_THERE), platform.words())


def test_move_a_workflow_to_another_hub(
    platform: Platform, start_platform: Callable[..., Platform], new_shell: NewShell
) -> None:
    other = start_platform("--no-runner")
    words = {"4646": str(other.port), "THE-OTHER-PASSWORD": other.password}
    agree("move-a-workflow-to-another-hub.md", new_shell(platform, folder=platform.person), words | platform.words())


def test_keep_the_files_of_a_workflow_with_it(platform: Platform, new_shell: NewShell) -> None:
    prelude = SIGNED_IN.format(port=platform.port, password=platform.password).replace("~/stop", "~/letter")
    agree("workflow-files.md", new_shell(platform, prelude), platform.words())


def test_write_an_activity(platform: Platform, new_shell: NewShell) -> None:
    agree("write-an-activity.md", new_shell(platform, PACKAGE, folder=platform.person), {})

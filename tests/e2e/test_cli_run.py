"""`exekra run`, `check` and `activities` as a person starts them, on real files.

Most tests call the command within their own process, which is quicker; a few start a whole one.
"""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from exekra.cli.main import main
from exekra.flow.control import CONTROL
from exekra.flow.document import load_flow
from exekra.testing.patience import PATIENCE_SECONDS

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples" / "control").glob("*.flow.yaml"))

GREET = """
format: exekra.flow/1
name: Greet
inputs:
  who: {type: text}
  times: {type: number, default: 1}
  list: {type: list, default: []}
  loud: {type: boolean, default: false}
outputs: {said: {}, list: {}, loud: {}, times: {}}
variables: {said: {type: text}}
nodes:
  greet: {do: set_variable, with: {variable: said, value: "Hello {who}"}}
  tell: {do: general.log, with: {message: "{said}"}}
edges: [start -> greet -> tell]
"""


COMMAND = [sys.executable, "-m", "exekra.cli.main"]


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


def exekra(*words: object) -> Done:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            status = main([str(word) for word in words])
        except SystemExit as end:  # How argparse ends.
            status = int(end.code or 0)
    return Done(status, out.getvalue(), err.getvalue())


@pytest.fixture(autouse=True)
def keep_signals() -> Iterator[None]:
    """The command takes Ctrl-C over; afterwards it is the tests' again."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def greet(tmp_path: Path) -> Path:
    path = tmp_path / "greet.flow.yaml"
    path.write_text(GREET)
    return path


def test_a_flow_runs_and_its_outcome_is_one_json_object(greet: Path) -> None:
    words = ["run", str(greet), "--input", "who=Ada", "--input", "times=2.5", "--input", "list=[1]", "--json"]
    done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["state"] == "COMPLETED"
    assert told["outputs"] == {"said": "Hello Ada", "list": [1], "loud": False, "times": 2.5}
    assert told["nodes"] == 2
    assert told["failure"] is None
    assert "tell: Hello Ada" in done.stderr
    assert "Completed in" in done.stderr


def test_without_json_the_outputs_are_lines(greet: Path) -> None:
    done = exekra("run", greet, "--input", "who=Ada", "--input", "loud=true")
    assert done.stdout.splitlines() == ["said: Hello Ada", "list: []", "loud: true", "times: 1"]


def test_inputs_come_from_a_file_too(greet: Path, tmp_path: Path) -> None:
    given = tmp_path / "inputs.json"
    given.write_text('{"who": "Ada", "times": 3}')
    done = exekra("run", greet, "--inputs-file", given, "--input", "times=4", "--json")
    assert json.loads(done.stdout)["outputs"]["times"] == 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "needs the input `who`"),
        (["--input", "who=x", "--input", "tmes=1"], "Did you mean times?"),
        (["--input", "who"], "write it as NAME=VALUE"),
        (["--input", "who=x", "--input", "times=many"], "'many' is not a valid number. Write for example times=12.5"),
        (["--input", "who=x", "--input", "times=NaN"], "is not a valid number"),
        (["--input", "who=x", "--input", "times=true"], "The input `times` must be a number"),
        (["--input", "who=x", "--input", "list={}"], "The input `list` must be a list"),
        (["--input", "who=x", "--inputs-file", "nowhere.json"], "--inputs-file nowhere.json cannot be read"),
        (["--input", "who=x", "--work-folder", "/nowhere"], "There is no folder /nowhere"),
        (["--unknown"], "unrecognized arguments"),
    ],
)
def test_wrong_arguments_are_told_in_a_sentence(greet: Path, words: list[str], said: str) -> None:
    done = exekra("run", greet, *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


BAD = GREET.replace("{who}", "{whom}").replace("general.log", "general.lgo")


def test_a_wrong_flow_is_told_with_node_field_and_line_and_not_run(tmp_path: Path) -> None:
    path = tmp_path / "bad.flow.yaml"
    path.write_text(BAD)
    done = exekra("run", path, "--input", "who=Ada")
    assert done.returncode == 2
    assert f"error: {path}: Line 12, node `greet`, field `value`" in done.stderr
    assert "general.log" in done.stderr
    assert "Traceback" not in done.stderr
    checked = exekra("check", path, "--json")
    assert checked.returncode == 2
    found = json.loads(checked.stdout)
    assert found["errors"] == 2
    assert {problem["node"] for problem in found["files"][0]["problems"]} == {"greet", "tell"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "Did you mean"),
        (b"\xff\xfe", "not UTF-8 text"),
        (b"", "The document is empty"),
        (b"format: exekra.flow/1\nname: [", "not YAML"),
        (b"format: exekra.flow/9\nname: x\n", "newer"),
    ],
)
def test_a_file_that_is_no_flow_is_refused(tmp_path: Path, greet: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "greeet.flow.yaml"
    if content is not None:
        path.write_bytes(content)
    done = exekra("run", path)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") <= 3


def test_a_failure_names_the_node(tmp_path: Path) -> None:
    path = tmp_path / "fails.flow.yaml"
    path.write_text(
        "format: exekra.flow/1\nname: F\nnodes: {bad: {do: fail, with: {message: it is Sunday, type: Closed}}}\n"
        "edges: [start -> bad]\n"
    )
    done = exekra("run", path, "--json")
    assert done.returncode == 1
    assert "error: node `bad` failed (Closed): it is Sunday" in done.stderr
    assert json.loads(done.stdout)["failure"] == {
        "type": "Closed",
        "message": "it is Sunday",
        "kind": "business",
        "node": "bad",
    }


def test_only_what_the_flow_needs_is_imported(greet: Path) -> None:
    code = f"""
import json, sys
from exekra.cli.main import main
assert main(["run", {str(greet)!r}, "--input", "who=Ada"]) == 0
print(json.dumps(sorted(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True
    )
    imported = set(json.loads(done.stdout.splitlines()[-1]))
    heavy = {"exekra.hub", "exekra.runner", "exekra.protocol", "sqlalchemy", "fastapi", "asyncpg", "httpx", "openpyxl"}
    assert heavy & imported == set()
    assert "exekra.activities.excel" not in imported


def test_called_workflows_are_found_beside_the_file_by_name(tmp_path: Path) -> None:
    (tmp_path / "any-name.flow.yaml").write_text(GREET)
    (tmp_path / "broken.flow.yaml").write_text("nothing: [")
    caller = tmp_path / "caller.flow.yaml"
    caller.write_text(
        """
format: exekra.flow/1
name: Caller
outputs: {said: {value: "{call.said}"}}
nodes: {call: {do: call_workflow, with: {workflow: Greet, inputs: {who: Bob}}}}
edges: [start -> call]
"""
    )
    done = exekra("run", caller, "--json")
    assert json.loads(done.stdout)["outputs"] == {"said": "Hello Bob"}, done.stderr
    caller.write_text(caller.read_text().replace("Greet", "Great"))
    done = exekra("run", caller)
    assert done.returncode == 2
    assert "`Great`" in done.stderr


def test_a_file_stands_for_each_version_that_is_pinned_and_it_is_said(tmp_path: Path) -> None:
    called = tmp_path / "greet.flow.yaml"
    called.write_text(GREET)
    caller = tmp_path / "caller.flow.yaml"
    caller.write_text(
        """
format: exekra.flow/1
name: Caller
outputs: {said: {value: "{call.said}"}}
nodes: {call: {do: call_workflow, with: {workflow: Greet, version: 3, inputs: {who: Bob}}}}
edges: [start -> call]
"""
    )
    done = exekra("run", caller, "--json")
    assert json.loads(done.stdout)["outputs"] == {"said": "Hello Bob"}, done.stderr
    assert f"{called}: used for version 3 of Greet, because files have no versions." in done.stderr


SECRET = """
format: exekra.flow/1
name: Secret
nodes:
  call:
    do: http.request
    with: {url: "http://127.0.0.1:9/", authentication: bearer, credential: "{{credential:My shop}}"}
edges: [start -> call]
"""


def test_credentials_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.flow.yaml"
    path.write_text(SECRET)
    done = exekra("run", path)
    assert done.returncode == 1
    assert "EXEKRA_CREDENTIAL_MY_SHOP" in done.stderr
    monkeypatch.setenv("EXEKRA_CREDENTIAL_MY_SHOP", "hunter2hunter2")
    done = exekra("run", path)
    assert done.returncode == 1
    assert "EXEKRA_CREDENTIAL" not in done.stderr
    assert "hunter2" not in done.stderr + done.stdout


ENDLESS = """
format: exekra.flow/1
name: Endless
variables: {i: {type: number, default: 0}}
nodes:
  tell: {do: general.log, with: {message: it runs}}
  attempt: {do: try}
  loop: {do: while, with: {condition: true}}
  up: {do: set_variable, with: {variable: i, value: "{i + 1}"}}
  tidy: {do: general.log, with: {message: tidied up}}
edges: [start -> tell -> attempt, attempt.try -> loop, loop.body -> up, attempt.finally -> tidy]
"""


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    path = tmp_path / "endless.flow.yaml"
    path.write_text(ENDLESS)
    process = subprocess.Popen(
        [*COMMAND, "run", path, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    while "it runs" not in process.stderr.readline():
        assert process.poll() is None
    yield process
    process.kill()
    process.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process.")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_cleanly(endless: subprocess.Popen[str], number: int) -> None:
    endless.send_signal(number)
    out, err = endless.communicate(timeout=PATIENCE_SECONDS)
    assert endless.returncode == 130
    told: dict[str, Any] = json.loads(out)
    assert told["state"] == "STOPPED"
    assert "tidied up" in err
    assert "Stopped in" in err
    assert "failed" not in err


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_of_control_nodes_run(path: Path) -> None:
    assert exekra("check", path).returncode == 0
    done = exekra("run", path, "--json")
    assert done.returncode == 0, done.stderr


def test_the_examples_show_every_control_node() -> None:
    shown = {node.do for path in EXAMPLES for node in load_flow(path.read_text()).nodes.values()}
    assert set(CONTROL.entries) <= shown


def test_activities_are_listed_and_told() -> None:
    listed = exekra("activities", "--json")
    entries = {entry["id"]: entry for entry in json.loads(listed.stdout)}
    assert {"for_each", "general.log", "excel.read_range"} <= entries.keys()
    assert "general.log" in exekra("activities").stdout
    one = exekra("activities", "general.log")
    assert "message: " in one.stdout
    assert json.loads(exekra("activities", "general.log", "--json").stdout) == entries["general.log"]
    wrong = exekra("activities", "general.lgo")
    assert wrong.returncode == 2
    assert "Did you mean general.log?" in wrong.stderr

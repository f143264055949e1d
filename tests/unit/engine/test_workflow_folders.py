"""Files that belong to a workflow: found by relative paths, each workflow's beside itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from exekra.testing.flows import run_flow_text


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "rates.txt").write_text("of the machine")
    (folder / "only.txt").write_text("of the machine")
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    (folder / "lib").mkdir(parents=True)
    (folder / "rates.txt").write_text("of the workflow")
    (folder / "lib" / "prices.py").write_text("from pathlib import Path\nVAT = 19\nHERE = Path(__file__).parent.name\n")
    return folder


READ = """\
format: exekra.flow/1
name: Read
inputs: {{path: {{type: text, default: rates.txt}}}}
outputs: {{text: {{type: text, value: "{{read.text}}"}}}}
nodes:
  read: {{do: {activity}, with: {{path: "{{path}}"}}}}
edges: [start -> read]
""".format(activity="file.read_text")


@pytest.mark.parametrize(
    ("path", "text"),
    [("rates.txt", "of the workflow"), ("only.txt", "of the machine"), ("./lib/../rates.txt", "of the workflow")],
)
async def test_the_files_of_a_workflow_go_before_those_of_the_machine(
    work: Path, own: Path, path: str, text: str
) -> None:
    run = await run_flow_text(READ, inputs={"path": path}, work_folder=work, workflow_folders={"": own})
    assert run.outcome.outputs == {"text": text}, run.outcome.failure


@pytest.mark.parametrize("activity", ["file.read_text", "csv.read", "json.read_file", "excel.list_sheets"])
@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("prices.py", "Did you mean the workflow's file `lib/prices.py`?"),
        ("x", "has the files lib/prices.py, rates.txt."),
    ],
)
async def test_a_missing_file_is_looked_for_among_those_of_the_workflow(
    work: Path, own: Path, activity: str, path: str, says: str
) -> None:
    text = READ.replace("file.read_text", activity).replace('outputs: {text: {type: text, value: "{read.text}"}}\n', "")
    run = await run_flow_text(text, inputs={"path": path}, work_folder=work, workflow_folders={"": own})
    assert run.outcome.failure is not None
    assert run.outcome.failure.type == "FileMissingError"
    assert run.outcome.failure.message.startswith(f"{path} is neither a file of the workflow nor in the work folder ")
    assert run.outcome.failure.message.endswith(says)
    assert "only.txt" not in run.outcome.failure.message


async def test_no_path_leads_out_of_the_folder_of_a_workflow(work: Path, own: Path) -> None:
    (own.parent / "outside.txt").write_text("nobody's")
    (work / "sub").mkdir()
    run = await run_flow_text(
        READ, inputs={"path": "../outside.txt"}, work_folder=work / "sub", workflow_folders={"": own}
    )
    assert run.outcome.state == "FAILED", "it starts at the work folder, where there is none"


async def test_what_is_new_is_written_into_the_work_folder(work: Path, own: Path) -> None:
    text = READ.replace("file.read_text", "file.write_text").replace('"{path}"}', '"{path}", text: new}')
    text = text.replace('outputs: {text: {type: text, value: "{read.text}"}}\n', "")
    for path in ("report.txt", "lib/report.txt"):
        run = await run_flow_text(text, inputs={"path": path}, work_folder=work, workflow_folders={"": own})
        assert run.outcome.state == "COMPLETED", run.outcome.failure
        assert (work / path).read_text() == "new"


async def test_each_workflow_has_its_own_files(work: Path, own: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "rates.txt").write_text("of the called one")
    caller = """\
format: exekra.flow/1
name: Caller
outputs:
  called: {type: text, value: "{call.text}"}
  own: {type: text, value: "{read.text}"}
nodes:
  call: {do: call_workflow, with: {workflow: Read}}
  read: {do: file.read_text, with: {path: rates.txt}}
edges: [start -> call -> read]
"""
    run = await run_flow_text(
        caller, workflows={"Read": READ}, work_folder=work, workflow_folders={"": own, "Read": other}
    )
    assert run.outcome.outputs == {"called": "of the called one", "own": "of the workflow"}, run.outcome.failure


async def test_python_imports_the_modules_of_the_workflow(work: Path, own: Path) -> None:
    code = """\
format: exekra.flow/1
name: Python
outputs: {found: {type: list, value: "{run.result}"}}
nodes:
  run:
    do: python.run
    with:
      code: |
        from pathlib import Path
        from lib.prices import VAT, HERE
        result = [VAT, HERE, Path(workflow_folder, "rates.txt").read_text(), Path("only.txt").read_text()]
edges: [start -> run]
"""
    run = await run_flow_text(code, work_folder=work, workflow_folders={"": own})
    assert run.outcome.outputs == {"found": [19, "lib", "of the workflow", "of the machine"]}, run.outcome.failure


async def test_a_file_of_the_workflow_is_removed_where_it_is(work: Path, own: Path) -> None:
    text = READ.replace("file.read_text", "file.delete").replace('"{read.text}"', "x")
    run = await run_flow_text(text, work_folder=work, workflow_folders={"": own})
    assert run.outcome.state == "COMPLETED", run.outcome.failure
    assert (work / "rates.txt").exists()
    assert not (own / "rates.txt").exists()

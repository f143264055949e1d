"""`exekra run`: run a workflow file on this machine, without a Hub."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec

from exekra.cli.containment import Containment
from exekra.cli.flow_files import FlowFile, read_file
from exekra.cli.kept_files import FOLDER, FolderFileKeeper
from exekra.cli.progress import Progress
from exekra.engine.run import Outcome, RunControl, run_flow
from exekra.engine.scope.inputs import take_inputs
from exekra.flow.calls import call_of_key
from exekra.flow.errors import FlowError, nearest_name
from exekra.flow.model import Flow
from exekra.flow.typed_values import plain
from exekra.sdk.errors import ApplicationError, DocumentError, InputError, SettingsError

SUMMARY = "Run a workflow file on this machine, without a Hub."

COMPLETED, FAILED, UNWRITTEN, INTERRUPTED = 0, 1, 3, 130
"""Exit statuses: it completed; it failed; it completed but its outputs could not be written; it was stopped."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, its inputs, and the output format."""
    parser.epilog = "The workflow sees all of your environment variables. On a Runner, it only sees those on a list."
    parser.add_argument("file", type=Path, metavar="FILE", help="a workflow file (YAML or JSON)")
    parser.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an input, read as its declared type: 12, true, text, the path of a file, or JSON for lists, objects and "
        "tables",
    )
    parser.add_argument("--inputs-file", type=Path, metavar="FILE", help="a JSON object with inputs")
    parser.add_argument(
        "--work-folder", type=Path, metavar="FOLDER", help="the folder for relative paths (default: FILE's folder)"
    )
    parser.add_argument("--json", action="store_true", help="print the outcome as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Run the file: 0 completed, 1 failed, 2 invalid file or argument, 3 completed but not written, 130 stopped."""
    try:
        file = read_file(arguments.file)
    except FlowError as error:
        raise DocumentError(f"{arguments.file}: {error.message}") from None
    called = file.called()
    for each in {file.path: file, **{other.path: other for other in called.values()}}.values():
        _check(each)
    for key, other in called.items():
        call = call_of_key(key)
        if call.version is not None:
            print(
                f"{other.path}: used for version {call.version} of {call.name}, because files have no versions.",
                file=sys.stderr,
            )
    inputs = _inputs(file.flow, arguments)
    work_folder = (arguments.work_folder or arguments.file.parent).resolve()
    if not work_folder.is_dir():
        raise SettingsError(f"There is no folder {work_folder}. Choose another one with --work-folder.")
    progress = Progress(sys.stderr, live=sys.stderr.isatty())
    outcome = _run(file, progress, {key: other.flow for key, other in called.items()}, inputs, work_folder)
    status = {"COMPLETED": COMPLETED, "FAILED": FAILED, "STOPPED": INTERRUPTED}[outcome.state]
    try:
        _print_outcome(outcome, progress.warnings, as_json=arguments.json)
        sys.stdout.flush()
    except OSError as error:
        print(f"error: The outputs could not be written: {error.strerror}.", file=sys.stderr)
        _give_up_output()
        return UNWRITTEN if outcome.state == "COMPLETED" else status
    return status


def _check(file: FlowFile) -> None:
    """Print warnings and all errors.

    Raises:
        DocumentError: There are errors.
    """
    problems = file.problems()
    errors = [problem for problem in problems if problem.severity == "error"]
    for problem in problems if len(errors) != 1 else ():
        print(f"{file.path}: {problem.severity}: {problem.text}", file=sys.stderr)
    if errors:
        raise DocumentError(f"{file.path}: {FlowError(errors).message}")


def _run(
    file: FlowFile, progress: Progress, workflows: Mapping[str, Flow], inputs: Mapping[str, Any], work_folder: Path
) -> Outcome:
    control, containment = RunControl(), Containment()

    def stop(number: int, frame: FrameType | None) -> None:
        if control.stopped:
            containment.end()
            os._exit(128 + number)  # The second request: whatever is still running must not keep the process alive.
        print("\nStopping. Press Ctrl-C again to end immediately.", file=sys.stderr)
        control.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with containment:
        return asyncio.run(
            run_flow(
                file.flow,
                inputs=inputs,
                workflows=workflows,
                emit=progress,
                control=control,
                work_folder=work_folder,
                secrets=EnvironmentSecrets(os.environ),
                files=FolderFileKeeper(work_folder / FOLDER),
            )
        )


def _give_up_output() -> None:
    """Keep the interpreter from failing at exit on output that cannot be written."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_outcome(outcome: Outcome, warnings: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    outputs = plain(outcome.outputs)
    if as_json:
        printed = {
            "state": outcome.state,
            "outputs": outputs,
            "failure": msgspec.to_builtins(outcome.failure) if outcome.failure is not None else None,
            "seconds": round(outcome.seconds, 6),
            "nodes": outcome.nodes,
            "warnings": list(warnings),
        }
        print(json.dumps(printed))
    else:
        for name, value in outputs.items():
            print(f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")
    failure = outcome.failure
    if failure is not None and outcome.state == "FAILED":
        node = f"node `{failure.node}`" if failure.node is not None else "the workflow"
        within = f" of the workflow {failure.workflow}" if failure.workflow is not None else ""
        print(f"error: {node}{within} failed ({failure.type}): {failure.message}", file=sys.stderr)


def _inputs(flow: Flow, arguments: argparse.Namespace) -> dict[str, Any]:
    """The inputs in JSON form; those of `--input` take precedence over those of the file.

    Raises:
        SettingsError: One is missing, unknown or of the wrong type.
    """
    given = {**_from_file(arguments.inputs_file), **dict(_from_word(flow, word) for word in arguments.input)}
    try:
        take_inputs(flow, given)
    except InputError as error:
        known = ", ".join(flow.inputs) or "none"
        raise SettingsError(f"{error.message} (Inputs of {flow.name}: {known}.)") from None
    return given


def _from_file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        read = json.loads(path.read_bytes())
    except OSError as error:
        raise SettingsError(f"--inputs-file {path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"--inputs-file {path} is not valid JSON: {error}.") from None
    if not isinstance(read, dict):
        raise SettingsError(f"--inputs-file {path} must contain a JSON object with a value for each input.")
    return read


def _from_word(flow: Flow, word: str) -> tuple[str, Any]:
    name, equals, text = word.partition("=")
    if not equals:
        raise SettingsError(f"--input {word}: write it as NAME=VALUE.")
    parameter = flow.inputs.get(name)
    if parameter is None:
        nearest = nearest_name(name, flow.inputs)
        hint = f"Did you mean {nearest}?" if nearest else f"Its inputs: {', '.join(flow.inputs) or 'none'}."
        raise SettingsError(f"--input {name}: the workflow {flow.name} has no such input. {hint}")
    if parameter.type == "file":
        if not text:
            raise SettingsError(f"--input {name}: name a file, such as {name}=orders.xlsx.")
        return name, os.path.abspath(os.path.expanduser(text))
    if parameter.type not in {"number", "boolean", "list", "object", "table"}:
        return name, text
    try:
        return name, json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        example = {"number": "12.5", "boolean": "true", "object": "'{\"a\": 1}'"}.get(parameter.type, "'[1, 2]'")
        raise SettingsError(
            f"--input {name}: {text!r} is not a valid {parameter.type}. Write for example {name}={example}."
        ) from None


def _no_number(word: str) -> None:
    raise ValueError(word)


class EnvironmentSecrets:
    """Credentials from environment variables: `Shop login` is EXEKRA_CREDENTIAL_SHOP_LOGIN."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    async def get(self, name: str) -> str:
        """The value of the variable for that credential."""
        variable = f"EXEKRA_CREDENTIAL_{re.sub('[^A-Za-z0-9]', '_', name).upper()}".rstrip("_")
        value = self._environment.get(variable)
        if not value:
            called = f"the credential {name}" if name else "the credential"
            raise ApplicationError(
                f"Without a Hub, {called} comes from the environment variable {variable}, which is not set.",
                retryable=False,
            )
        return value

"""Workflow files on the command line: read one, find those that it calls in the same folder, and check them all.

A called workflow is a file in the same folder, found by its `name`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from exekra.flow.calls import call_of_key, calls_of
from exekra.flow.check import check_flow
from exekra.flow.document import FlowText, read_flow
from exekra.flow.errors import FlowError, Problem, nearest_name
from exekra.flow.model import Flow
from exekra.sdk.activity import activity_catalogue, find_activity
from exekra.sdk.catalogue import Catalogue
from exekra.sdk.errors import DocumentError

_ENDINGS = (".flow.yaml", ".flow.yml", ".flow.json")


@dataclass(frozen=True)
class FlowFile:
    """A workflow file that was read."""

    path: Path
    text: FlowText

    @property
    def flow(self) -> Flow:
        """The workflow in the file."""
        return self.text.flow

    @cached_property
    def neighbours(self) -> Mapping[str, FlowFile]:
        """The workflows in the same folder by name, including this one; files that cannot be read are left out."""
        found = {}
        for path in sorted(self.path.parent.iterdir()):
            if path.name.endswith(_ENDINGS) and path != self.path:
                try:
                    file = read_file(path)
                except DocumentError:
                    continue  # It is reported when that file itself is checked or run.
                found[file.flow.name] = file
        return {**found, self.flow.name: self}

    def called(self) -> Mapping[str, FlowFile]:
        """The workflows that this one calls, at any depth, by the key of the call; missing ones are left out.

        A file has no version, so it is used for each pinned version.
        """
        called: dict[str, FlowFile] = {}
        waiting = [self]
        while waiting:
            for call in calls_of(waiting.pop().flow):
                file = self.neighbours.get(call.name) if call.key not in called else None
                if file is not None:
                    called[call.key] = file
                    waiting.append(file)
        return called

    def problems(self) -> tuple[Problem, ...]:
        """Its problems, errors first."""
        return check_flow(self.flow, _catalogue(self.flow), workflows=self._find, lines=self.text.lines)

    def _find(self, key: str) -> Flow | None:
        file = self.neighbours.get(call_of_key(key).name)
        return file.flow if file is not None else None


def read_file(path: Path) -> FlowFile:
    """Read a workflow file.

    Raises:
        FlowError: It is not a workflow document.
        DocumentError: There is no such file, or it is not text.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DocumentError(f"There is no file {path}.{_similar(path)}") from None
    except IsADirectoryError:
        raise DocumentError(f"{path} is a folder. Name a workflow file, such as {path / 'orders.flow.yaml'}.") from None
    except UnicodeDecodeError:
        if zipfile.is_zipfile(path):
            raise DocumentError(
                f"{path} is a ZIP file. Unpack it with `python -m zipfile -e {path} FOLDER`, then name the workflow "
                "file in that folder."
            ) from None
        raise DocumentError(f"{path} is not UTF-8 text, so it is not a workflow file.") from None
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror}.") from None
    return FlowFile(path, read_flow(text))


def problems_of(path: Path) -> tuple[Problem, ...]:
    """All problems of a file: those of its text, or otherwise of its workflow.

    Raises:
        DocumentError: There is no such file, or it is not text.
    """
    try:
        return read_file(path).problems()
    except FlowError as error:
        return error.problems


def _catalogue(flow: Flow) -> Catalogue:
    """The entries that the flow uses. All are loaded only if one is missing, to suggest the nearest."""
    definitions = [find_activity(node.do) for node in flow.nodes.values() if "." in node.do]
    found = [definition.entry for definition in definitions if definition is not None]
    return Catalogue(found) if len(found) == len(definitions) else activity_catalogue()


def _similar(path: Path) -> str:
    try:
        names = [found.name for found in path.parent.iterdir() if found.name.endswith(_ENDINGS)]
    except OSError:
        return f" There is no folder {path.parent} either."
    nearest = nearest_name(path.name, names)
    if nearest is not None:
        return f" Did you mean {path.parent / nearest}?"
    return f" Workflow files there: {', '.join(sorted(names)[:10])}." if names else ""

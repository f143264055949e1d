"""The paths of files that an execution was given become what stood for them in its inputs."""

from __future__ import annotations

from typing import Any

import pytest

from exekra.flow.file_references import reference
from exekra.hub.work.restarts.values import Rebuilt, restore_given_files, with_given_files

A, B = reference("1", "a.txt", 5), reference("2", "b.txt", 5)


@pytest.mark.parametrize(
    ("inputs", "scope", "found"),
    [
        ({"file": A}, {"file": "/laid/a", "copy": "/laid/a"}, {"file": A, "copy": A}),
        ({"file": A}, {"file": "/laid/a", "all": [{"x": "/laid/a"}, 5]}, {"file": A, "all": [{"x": A}, 5]}),
        ({"files": [A, B]}, {"files": ["/laid/a", "/laid/b"], "last": "/laid/b"}, {"files": [A, B], "last": B}),
        ({"in": {"one": A}}, {"in": {"one": "/laid/a", "two": 2}}, {"in": {"one": A, "two": 2}}),
        ({"file": "/other/a"}, {"file": "/other/a"}, {"file": "/other/a"}),
        ({}, {"other": "/laid/a"}, {"other": "/laid/a"}),
        ({"file": A}, {"file": "/laid/a", "beside": "/laid/a.bak"}, {"file": A, "beside": "/laid/a.bak"}),
    ],
)
def test_paths_become_references(inputs: dict[str, Any], scope: dict[str, Any], found: dict[str, Any]) -> None:
    assert with_given_files(scope, inputs) == found


ID = "01936b1e-0000-7000-8000-000000000000"
HOME = f"/srv/runner/temporary/{ID}.2"
WINDOWS = rf"C:\runner\temporary\{ID}.2"


@pytest.mark.parametrize(
    ("begun_with", "value", "found"),
    [
        ({"file": A}, f"{HOME}/inputs/1/a.txt", A),
        ({"file": A}, rf"{WINDOWS}\inputs\1\a.txt", A),
        ({"files": [A, B]}, {"rows": [f"{HOME}/inputs/2/b.txt", 5]}, {"rows": [B, 5]}),
        ({"file": reference("1", "a:b.txt", 5)}, f"{HOME}/inputs/1/a_b.txt", reference("1", "a:b.txt", 5)),
        ({"file": A, "same": A}, f"{HOME}/inputs/1/a.txt", A),
        ({"file": A}, f"/srv/other/{ID}/inputs/1/a.txt", f"/srv/other/{ID}/inputs/1/a.txt"),
        ({"file": A}, "a.txt", "a.txt"),
        ({"file": A, "twin": reference("3", "a.txt", 5)}, f"{HOME}/inputs/1/a.txt", None),
        ({"file": A}, f"{HOME}/made.txt", None),
        ({"file": A}, ["fine", f"Wrote {HOME}/inputs/1/a.txt.bak."], None),
    ],
)
def test_reported_paths_of_given_files_become_references(begun_with: dict[str, Any], value: Any, found: Any) -> None:
    rebuilt = Rebuilt({"file": A, "result": value})
    restore_given_files(rebuilt, ID, begun_with)
    assert rebuilt.scope == {"file": A} | ({} if found is None else {"result": found})
    assert rebuilt.missing == ([] if found is not None else ["result"])

"""The paths of files that an execution was given become what stood for them in its inputs."""

from __future__ import annotations

from typing import Any

import pytest

from exekra.flow.file_references import reference
from exekra.hub.work.restarts.values import with_given_files

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

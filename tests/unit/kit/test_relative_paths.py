"""Paths that every system can have, and those that only some can."""

from __future__ import annotations

import pytest

from exekra.kit.relative_paths import clash, normalised, relative_path_problem


@pytest.mark.parametrize("path", ["a", "a/b/c.txt", "Übersicht März.xlsx", ".env", "console.txt", "a b", "x" * 200])
def test_a_path_that_every_system_can_have(path: str) -> None:
    assert relative_path_problem(path) is None


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "must not be empty"),
        ("/a", "relative"),
        ("a//b", "must not contain //"),
        ("a/", "not end with /"),
        ("./a", "the name of a folder"),
        ("a/../../b", "lead out"),
        ("C:/a", "Windows allows"),
        ("a\\b", "contain /"),
        ("con", "reserves the name con"),
        ("lib/LPT1.txt", "reserves the name LPT1"),
        ("nul .txt", "reserves"),
        ("a.", "end with"),
        ("a /b", "end with"),
        ("half\ud83d", "control characters"),
        ("x" * 201, "200 characters"),
        ("ä" * 130, "255 bytes"),
    ],
)
def test_a_path_that_some_system_cannot_have(path: str, reason: str) -> None:
    assert reason in (relative_path_problem(path) or "")


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (["a", "b", "c/a"], None),
        (["A", "a"], ("A", "a")),
        (["lib", "lib/a"], ("lib", "lib/a")),
        (["lib/a", "LIB"], ("lib/a", "LIB")),
        (["Größe", "Gro\u0308ße"], ("Größe", "Gro\u0308ße")),
        (["Straße", "STRASSE"], ("Straße", "STRASSE")),
    ],
)
def test_two_paths_that_are_one_somewhere(paths: list[str], found: tuple[str, str] | None) -> None:
    assert clash(paths) == found


def test_a_decomposed_name_is_composed() -> None:
    assert normalised("Gro\u0308ße") == "Größe"

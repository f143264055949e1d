"""What the context does by itself, whoever lends it."""

from __future__ import annotations

from exekra.testing.context import FakeContext


def test_a_warning_is_logged_and_remembered_once() -> None:
    context = FakeContext()
    context.warn("amount: 20 of 20 values look like numbers with a decimal comma")
    context.warn("amount: 20 of 20 values look like numbers with a decimal comma")
    context.warn("The separator `;` is a guess")
    assert context.warnings == [
        "amount: 20 of 20 values look like numbers with a decimal comma",
        "The separator `;` is a guess",
    ]
    assert context.lines == [("warning", text) for text in context.warnings]


def test_each_context_has_warnings_of_its_own() -> None:
    first, second = FakeContext(), FakeContext()
    first.warn("odd")
    assert (first.warnings, second.warnings) == (["odd"], [])


def test_a_note_is_no_warning() -> None:
    context = FakeContext()
    context.note("The separator is `;`")
    context.warn("Several columns have the name `a`")
    context.note("The separator is `;`")
    assert context.notes == ["The separator is `;`", "Several columns have the name `a`"]
    assert context.warnings == ["Several columns have the name `a`"]
    assert [level for level, _ in context.lines] == ["info", "warning"]

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

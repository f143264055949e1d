"""The table of rules: every warning that the check can give, with the reason why it is worth one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of warning.

    Attributes:
        code: The word that names it in a problem, and silences it.
        title: What it finds.
        why: Why that is doubtful.
    """

    code: str
    title: str
    why: str


_RULES = (
    Rule(
        "constant-condition",
        "A condition that is always true, or always false",
        "One of the two branches never runs, so either the condition or the nodes on that branch are a mistake.",
    ),
    Rule(
        "continue-on-error",
        "`continue_on_error` together with an edge from the `error` port",
        "The edge takes precedence, so the setting has no effect.",
    ),
    Rule(
        "deep-nesting",
        "More than five nested bodies",
        "That many levels are hard to follow. A called workflow can be read and tested on its own.",
    ),
    Rule(
        "empty-body",
        "A loop, a Try or a Parallel with nothing to run",
        "The node does nothing: an edge was forgotten, or the node is left over.",
    ),
    Rule(
        "empty-catch",
        "A Try that hides errors, or has no effect",
        "An error that nobody handles and nobody sees is found weeks later, by its consequences.",
    ),
    Rule(
        "endless-loop",
        "A loop that cannot end",
        "It occupies a Runner until somebody stops it.",
    ),
    Rule(
        "escaped",
        "A backslash that makes an expression plain text",
        r"`C:\out\{name}` was probably meant as a path with a name in it: `C:\out\\{name}`.",
    ),
    Rule(
        "hard-coded-secret",
        "A password, a token or a key that is written in the workflow",
        "Anyone who can read the workflow or its export can see it, and it cannot be changed in one place.",
    ),
    Rule(
        "large-workflow",
        "More than 300 nodes",
        "Parts of it could be workflows of their own, which can be tested alone, reused and read on one screen.",
    ),
    Rule(
        "maybe-unset",
        "A result that may be missing when it is read",
        "On some paths the node has not run, and reading its result then fails.",
    ),
    Rule(
        "never-set",
        "A variable that is read and never set",
        "It has no default and nothing sets it, so it is null wherever it is read.",
    ),
    Rule(
        "no-timeout",
        "A step over the network that may wait for ever",
        "A server that accepts a connection and never answers occupies the Runner until somebody stops the execution.",
    ),
    Rule(
        "not-enabled",
        "A result of a node that is not enabled",
        "It is null.",
    ),
    Rule(
        "plain-braces",
        "An expression that is plain text, because it does not begin with a letter",
        "`{-total}` and `{ total }` stay as they are, as pasted JSON does. Write `{number(-total)}` and `{total}`.",
    ),
    Rule(
        "recursion",
        "A workflow that calls itself",
        "It fails when the calls are 50 deep, unless something ends them first.",
    ),
    Rule(
        "repeated-case",
        "Two cases of a Switch with the same value",
        "The first one is always taken, and the second never.",
    ),
    Rule(
        "secret",
        "A text in a field for a credential",
        "A secret belongs in the vault, where it is encrypted and can be changed in one place.",
    ),
    Rule(
        "unused-element",
        "An element that no node uses",
        "It is left over from a recording, or it was forgotten where it is needed.",
    ),
    Rule(
        "unused-input",
        "An input that nothing reads",
        "Users fill it in for nothing, or it is missing where it is needed.",
    ),
    Rule(
        "unused-variable",
        "A variable that nothing reads",
        "It is left over, or it was forgotten where it is needed.",
    ),
    Rule(
        "without-effect",
        "A field that has no effect because of another one",
        "For example a credential without authentication: it looks as if it were used.",
    ),
)

RULES: Mapping[str, Rule] = {rule.code: rule for rule in _RULES}
"""All rules by their code."""

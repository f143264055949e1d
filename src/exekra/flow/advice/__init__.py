"""Advice: what is not wrong with a flow, and doubtful all the same. Each rule stands in the table of `rules`.

The document's `layout.analyser` silences rules: `ignore` is a list of codes for the whole flow, and `nodes` has for a
node's id the list of codes for that node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from exekra.flow.advice.fields import fields_without_effect, missing_timeouts
from exekra.flow.advice.loops import constant_conditions, endless_loops
from exekra.flow.advice.names import unused_elements, unused_names
from exekra.flow.advice.secrets import hard_coded_secrets
from exekra.flow.advice.shape import deep_nesting, empty_catches, large_workflow, repeated_cases
from exekra.flow.advice.subject import Finding, RuleCheck, Subject

_CHECKS: tuple[RuleCheck, ...] = (
    hard_coded_secrets,
    endless_loops,
    constant_conditions,
    empty_catches,
    missing_timeouts,
    repeated_cases,
    fields_without_effect,
    unused_names,
    unused_elements,
    deep_nesting,
    large_workflow,
)


def advise(subject: Subject) -> Iterator[Finding]:
    """Everything that the rules find, the gravest first."""
    for check in _CHECKS:
        yield from check(subject)


def silenced_by(layout: Mapping[str, Any]) -> Callable[[str, str | None], bool]:
    """Whether a warning of a code at a node (None: the flow) is silenced; what is misspelt there silences nothing."""
    settings = layout.get("analyser")
    if not isinstance(settings, Mapping):
        return lambda code, node: False
    everywhere = _codes(settings.get("ignore"))
    nodes = settings.get("nodes")
    by_node = {id: _codes(codes) for id, codes in nodes.items()} if isinstance(nodes, Mapping) else {}
    return lambda code, node: code in everywhere or code in by_node.get(node or "", ())


def _codes(value: Any) -> frozenset[str]:
    return frozenset(code for code in value if isinstance(code, str)) if isinstance(value, list) else frozenset()

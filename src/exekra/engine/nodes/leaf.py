"""How the kinds of nodes that never wait are built: each from one function that makes its act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exekra.engine.nodes.context import Builder, NodeContext
from exekra.engine.steps import Act, Evaluate
from exekra.flow.expressions.values import describe
from exekra.sdk.errors import InputError

Field = Callable[..., Evaluate]
"""From the name of a field, and what it is where the node has none, to the function that gives its value."""


def leaf(make: Callable[[NodeContext, Field], Act]) -> Builder:
    """The builder of a node that never waits; `make` is called once for plain visits, once for reported ones."""
    return lambda context: context.runner.instant(make(context, context.field), make(context, context.noted))


def not_a_condition(value: Any) -> InputError:
    """The error for a condition that is neither true nor false."""
    return InputError(f"`condition` must be true or false, but is {describe(value)}. Compare it with something.")

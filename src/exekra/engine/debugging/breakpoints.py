"""The breakpoints of a debugged execution: their nodes found in the flows, their conditions compiled once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from exekra.flow.calls import call_of
from exekra.flow.debugging import LONGEST_CONDITION, MOST_BREAKPOINTS, Breakpoint
from exekra.flow.errors import nearest_name
from exekra.flow.expressions import Expression, compile_expression
from exekra.flow.expressions.values import describe
from exekra.flow.model import Flow
from exekra.sdk.errors import ExekraError, InputError, RefusedError

MOST_REFUSALS = 20
"""The most refused breakpoints that are reported one by one."""

_LONGEST_NAME = 200


class Breakpoints:
    """All breakpoints, by the node's name in events."""

    def __init__(self, flow: Flow, workflows: Mapping[str, Flow]) -> None:
        self._flow = flow
        self._workflows = workflows
        self.conditions: dict[str, Expression | None] = {}

    def set(self, breakpoints: Iterable[Breakpoint]) -> list[str]:
        """Take these instead of all earlier ones; gives what is wrong with those that cannot be taken."""
        wanted = tuple(breakpoints)
        refusals = []
        self.conditions.clear()
        for wish in wanted[:MOST_BREAKPOINTS]:
            try:
                self.conditions[self._find(wish.node)] = _compiled(wish)
            except ExekraError as error:
                refusals.append(error.message)
        if len(wanted) > MOST_BREAKPOINTS:
            refusals.insert(0, f"There are {len(wanted):,} breakpoints; the first {MOST_BREAKPOINTS:,} were taken.")
        if len(refusals) > MOST_REFUSALS:
            more = len(refusals) - MOST_REFUSALS
            refusals[MOST_REFUSALS:] = [f"{more:,} more breakpoints were refused."]
        return refusals

    def hit(self, node: str, scope: Mapping[str, Any]) -> bool:
        """Whether to pause before the node.

        Raises:
            ExekraError: The condition cannot be evaluated, or is neither true nor false.
        """
        if node not in self.conditions:
            return False
        condition = self.conditions[node]
        if condition is None:
            return True
        value = condition.evaluate(scope)
        if isinstance(value, bool):
            return value
        raise InputError(f"It must be true or false, but is {describe(value)}.")

    def _find(self, node: str) -> str:
        """The name that the node has in events: a flow that calls itself is there only once."""
        flow, prefix = self._flow, ""
        prefixes = {id(flow): prefix}
        *callers, last = node.split("/")
        for caller in callers:
            called = self._called(flow, caller)
            if called is None:
                raise RefusedError(
                    f"`{_cut(node)}` is not a node: `{_cut(caller)}` does not call a workflow that is here."
                )
            flow = called
            prefix = prefixes.setdefault(id(flow), f"{prefix}{caller}/")
        if last not in flow.nodes:
            nearest = nearest_name(_cut(last), flow.nodes)
            hint = f" Did you mean `{prefix}{nearest}`?" if nearest else " Set the breakpoint at a node that exists."
            raise RefusedError(f"There is no node `{_cut(node)}` to pause at.{hint}")
        return prefix + last

    def _called(self, flow: Flow, caller: str) -> Flow | None:
        node = flow.nodes.get(caller)
        call = call_of(node) if node is not None else None
        return self._workflows.get(call.key) if call is not None else None


def _compiled(wish: Breakpoint) -> Expression | None:
    if wish.condition is None:
        return None
    if len(wish.condition) > LONGEST_CONDITION:
        raise RefusedError(
            f"The condition of the breakpoint at `{wish.node}` has {len(wish.condition):,} characters; "
            f"the limit is {LONGEST_CONDITION:,}."
        )
    try:
        return compile_expression(wish.condition)
    except ExekraError as error:
        raise RefusedError(f"The condition of the breakpoint at `{wish.node}` is wrong: {error.message}") from None


def _cut(name: str) -> str:
    return name[:_LONGEST_NAME]

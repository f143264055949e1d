"""Checks what only control nodes and a node's own settings can have wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exekra.flow.control import LOOPS, SETTERS
from exekra.flow.document_reader import name_problem
from exekra.flow.errors import Problems, quoted
from exekra.flow.graph import Body, Graph
from exekra.flow.model import ERROR, NEXT, Flow, Node
from exekra.sdk.catalogue import CatalogueEntry

LONGEST_TIMEOUT = 31_536_000.0
"""Seconds: a year."""

_RETRY_RANGES: Mapping[str, tuple[float, float]] = {
    "times": (1, 100),
    "delay": (0, 86_400),
    "backoff": (1, 100),
    "longest": (0, 86_400),
    "jitter": (0, 1),
}


def check_settings(id: str, node: Node, entry: CatalogueEntry, graph: Graph, problems: Problems) -> None:
    """Check retry, timeout and continue_on_error."""
    if node.timeout is not None and not 0 < node.timeout <= LONGEST_TIMEOUT:
        message = f"The timeout must be more than 0 and at most {LONGEST_TIMEOUT:,.0f} seconds, not {node.timeout:g}."
        problems.error("timeout-range", message, node=id, field="timeout", path=("nodes", id, "timeout"))
    if node.retry is not None:
        for name, (low, high) in _RETRY_RANGES.items():
            value = getattr(node.retry, name)
            if not low <= value <= high:
                message = f"It must be between {low:g} and {high:g}, not {value:g}."
                place = ("nodes", id, "retry", name)
                problems.error("retry-range", message, node=id, field=f"retry.{name}", path=place)
    if node.continue_on_error:
        path = ("nodes", id, "continue_on_error")
        if not entry.ports or entry.ports[-1] not in (NEXT, "done"):
            message = f"`{node.do}` cannot continue after an error. Use Try, or its `error` port."
            problems.error("continue-on-error", message, node=id, field="continue_on_error", path=path)
        elif (id, ERROR) in graph.next:
            message = "The node leaves by its `error` port when it fails, so this has no effect. Remove one of them."
            problems.warning("continue-on-error", message, node=id, field="continue_on_error", path=path)


def check_control(id: str, node: Node, graph: Graph, problems: Problems) -> None:
    """Check what is special about a control node's place and its bodies."""
    if node.do in ("break", "continue", "return"):
        _check_jump(id, node, graph, problems)
    elif node.do == "switch":
        _check_cases(id, node, problems)
    elif node.do in LOOPS and (id, "body") not in graph.bodies:
        problems.warning("empty-body", "The loop is empty: add a step inside it.", node=id)
    elif node.do == "try" and (id, "try") not in graph.bodies:
        problems.warning("empty-body", "The Try is empty: add a step inside it.", node=id)
    elif node.do == "parallel" and len(graph.bodies.get((id, "branch"), ())) < 2:
        problems.warning("empty-body", "Parallel needs at least two branches: add a step to another one.", node=id)


def _check_jump(id: str, node: Node, graph: Graph, problems: Problems) -> None:
    """Break and Continue need a loop around them. None jumps out of Finally: it would make an error vanish."""
    path = ("nodes", id)
    body = graph.body_of.get(id)
    while body is not None and body.owner is not None:
        if body.port == "body" and node.do != "return":
            return
        if body.port == "finally":
            message = f"`{node.do}` cannot leave `{body.owner}.finally`, which always runs to its end."
            problems.error("jump", message, node=id, path=path)
            return
        body = graph.body_of.get(body.owner)
    if body is not None and node.do != "return":
        message = f"`{node.do}` acts on the nearest loop, but it is not inside one."
        problems.error("jump", message, node=id, path=path)


def _check_cases(id: str, node: Node, problems: Problems) -> None:
    cases = node.inputs.get("cases")
    path = ("nodes", id, "with", "cases")
    if cases is None:
        return  # Told as a missing input.
    if not isinstance(cases, Mapping) or not cases:
        message = "The cases must be written out, with a value for each port, such as `{paid: P, open: O}`."
        problems.error("cases", message, node=id, field="cases", path=path)
        return
    for port in cases:
        reason = name_problem(port)
        if reason is None and port in (NEXT, "default"):
            reason = "is already a port"
        if reason:
            message = f"The case `{port[:80]}` names a port, but it {reason}. Choose another name."
            problems.error("cases", message, node=id, field=f"cases.{port[:80]}", path=path)


def check_branches(flow: Flow, graph: Graph, problems: Problems) -> None:
    """Two branches of one Parallel may not set the same variable: which one wins would be chance."""
    for (owner, _), bodies in graph.bodies.items():
        if flow.nodes[owner].do != "parallel":
            continue
        setters: dict[str, tuple[int, str]] = {}
        for body in bodies:
            for id in _nodes_within(body, graph):
                node = flow.nodes[id]
                variable = node.inputs.get("variable")
                if node.do not in SETTERS or not isinstance(variable, str) or not node.enabled:
                    continue
                branch, other = setters.setdefault(variable, (body.branch, id))
                if branch != body.branch:
                    message = (
                        f"`{id}` and `{other}` set the variable `{variable}` in two branches of `{owner}`. "
                        "Give each branch a variable of its own."
                    )
                    path = ("nodes", id, "with", "variable")
                    problems.error("parallel-variable", message, node=id, field="variable", path=path)


def _nodes_within(body: Body, graph: Graph) -> Iterator[str]:
    """The nodes of a body and of all bodies inside it."""
    inner: dict[str, list[Body]] = {}
    for (owner, _), bodies in graph.bodies.items():
        inner.setdefault(owner, []).extend(bodies)
    waiting = [body]
    while waiting:
        for id in waiting.pop().nodes:
            yield id
            waiting.extend(inner.get(id, ()))


def check_return(id: str, node: Node, flow: Flow, problems: Problems) -> None:
    """A Return may only set outputs that the flow has."""
    values = node.inputs.get("values")
    if not isinstance(values, Mapping):
        return
    for name in values:
        if name not in flow.outputs:
            has = f"It has {quoted(flow.outputs)}." if flow.outputs else "It has none."
            unknown = problems.unknown(name, flow.outputs)
            message = f"The workflow has no output `{name}`.{unknown.hint or f' {has}'}"
            path, field = ("nodes", id, "with", "values"), f"values.{name}"
            problems.error("unknown-output", message, node=id, field=field, path=path, arguments=unknown.arguments)

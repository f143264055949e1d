"""Small workflows that the stories need."""

from __future__ import annotations

from typing import Any

ODD_NAME = 'Zoë\'s "Ünïcode" <script>alert(1)</script> & {x} \u202bשלום עולם\u202c 🧾 ' + "very long " * 14
ODD_NAME = ODD_NAME[:200].strip()
"""What somebody may call a workflow: quotes, markup, another direction, pictures, and two hundred characters of it."""


def flow(name: str, nodes: dict[str, Any], edges: list[str], **more: Any) -> dict[str, Any]:
    """A document."""
    return {"format": "exekra.flow/1", "name": name, **more, "nodes": nodes, "edges": edges}


def hello(name: str = "Hello") -> dict[str, Any]:
    """One line of log, and it is done."""
    return flow(name, {"tell": {"do": "general.log", "with": {"message": "hello from the story"}}}, ["start -> tell"])


def failing(name: str = "Failing") -> dict[str, Any]:
    """Fails in its second node."""
    nodes = {
        "tell": {"do": "general.log", "with": {"message": "before it fails"}},
        "break_it": {"do": "fail", "with": {"message": "The invoice has no number.", "type": "NoNumber"}},
    }
    return flow(name, nodes, ["start -> tell -> break_it"])


def waiting(name: str = "Waiting", seconds: float = 60) -> dict[str, Any]:
    """Waits until it is stopped."""
    return flow(name, {"wait": {"do": "general.wait", "with": {"duration": seconds}}}, ["start -> wait"])


def summing(name: str = "Sum") -> dict[str, Any]:
    """Adds up the numbers of its input in a loop."""
    nodes = {
        "each": {"do": "for_each", "with": {"items": "{numbers}", "item": "number"}},
        "add": {"do": "set_variable", "with": {"variable": "total", "value": "{total + number}"}},
        "tell": {"do": "general.log", "with": {"message": "the total is {total}"}},
    }
    return flow(
        name,
        nodes,
        ["start -> each", "each.body -> add", "each.done -> tell"],
        inputs={"numbers": {"type": "list", "default": list(range(1, 11))}},
        variables={"total": {"type": "number", "default": 0}},
        outputs={"total": {"type": "number"}},
    )


def converting(name: str, rate: float = 1.5) -> dict[str, Any]:
    """Multiplies an amount and rounds what comes out."""
    nodes = {
        "multiply": {"do": "set_variable", "with": {"variable": "result", "value": "{amount * rate}"}},
        "round_it": {"do": "set_variable", "with": {"variable": "result", "value": "{round(result)}"}},
    }
    return flow(
        name,
        nodes,
        ["start -> multiply -> round_it"],
        inputs={
            "amount": {"type": "number", "description": "In dollars."},
            "rate": {"type": "number", "default": rate},
        },
        variables={"result": {"type": "number", "default": 0}},
        outputs={"result": {"type": "number"}},
    )

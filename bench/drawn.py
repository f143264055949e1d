"""Workflows of any size as somebody would have drawn them: every step has its place, and loops stand in loops."""

from __future__ import annotations

from typing import Any

CARD_WIDTH, CARD_HEIGHT, GAP, SIDE, BOTTOM = 248, 58, 54, 24, 30
BRANCH = 150
NESTED = 3


def drawn_document(name: str, steps: int) -> dict[str, Any]:
    """A workflow of at least so many steps, a few more: chains, loops in loops, and branches that meet again."""
    drawing = Drawing()
    way, y = "start", 0
    while len(drawing.nodes) < steps:
        way, y = drawing.step(way, 0, y, "set_variable", variable="total", value="{total + 1}")
        way, y = drawing.choice(way, 0, y)
        way, y = drawing.loop(way, 0, y, NESTED)
        way, y = drawing.step(way, 0, y, "general.log", message="{total} rows are in order")
    return {
        "format": "exekra.flow/1",
        "name": name,
        "inputs": {"rows": {"type": "list", "default": [1, 2, 3]}},
        "variables": {"total": {"type": "number", "default": 0}},
        "nodes": drawing.nodes,
        "edges": drawing.edges,
        "layout": {"nodes": drawing.places},
    }


class Drawing:
    """Adds steps below each other; `way` is where the next one begins, as edges say it."""

    def __init__(self) -> None:
        self.nodes: dict[str, Any] = {}
        self.edges: list[str] = []
        self.places: dict[str, Any] = {}

    def step(self, way: str, x: int, y: int, do: str, **inputs: Any) -> tuple[str, int]:
        """One step; the way out of it, and where the next one stands."""
        id = f"step_{len(self.nodes) + 1}"
        self.nodes[id] = {"do": do, "with": inputs}
        self.edges.append(f"{way} -> {id}")
        self.places[id] = {"x": x, "y": y}
        return id, y + CARD_HEIGHT + GAP

    def choice(self, way: str, x: int, y: int) -> tuple[str, int]:
        """Two branches that meet again."""
        choice, y = self.step(way, x, y, "if", condition="{total > 10}")
        large, _ = self.step(f"{choice}.then", x - BRANCH, y, "general.log", message="{total} is much", level="warning")
        small, y = self.step(f"{choice}.else", x + BRANCH, y, "set_variable", variable="total", value="{total * 2}")
        after, y = self.step(large, x, y, "general.log", message="It is {total} now")
        self.edges.append(f"{small} -> {after}")
        return after, y

    def loop(self, way: str, x: int, y: int, nested: int) -> tuple[str, int]:
        """A loop with steps, branches and, below `nested` others, a loop."""
        item = f"row_{nested}"
        loop, _ = self.step(way, x, y, "for_each", items="{rows}", item=item)
        y += CARD_HEIGHT + SIDE + GAP
        inside, y = self.step(f"{loop}.body", x, y, "set_variable", variable="total", value=f"{{total + {item}}}")
        inside, y = self.choice(inside, x, y)
        if nested > 1:
            inside, y = self.loop(inside, x, y, nested - 1)
        _, y = self.step(inside, x, y, "general.log", message=f"{{{item}}} is done")
        return f"{loop}.done", y + BOTTOM

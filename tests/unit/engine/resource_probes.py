"""Activities that open, use and close something: what tests of resources need."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from exekra.sdk.activity import activity
from exekra.sdk.resources import Resource

notes: list[str] = []


class Door(Resource):
    """A door that notes what becomes of it."""

    needs = ("hinges",)

    def __init__(self, name: str, *, stuck: bool = False) -> None:
        self.name = name
        self.users = 0
        self.stuck = stuck
        notes.append(f"{name} opened")

    def title(self) -> str:
        return self.name

    async def close(self) -> None:
        notes.append(f"{self.name} closed")
        if self.stuck:
            raise OSError("it is stuck")


class Window(Resource):
    """Another kind."""

    async def close(self) -> None:
        notes.append("window closed")


@dataclass
class Opened:
    """What was opened.

    Attributes:
        door: The door.
        width: How wide it is.
    """

    door: Door
    width: int = 90


@dataclass
class OpenedWindow:
    """What was opened.

    Attributes:
        window: The window.
    """

    window: Window


@dataclass
class Went:
    """How it went.

    Attributes:
        name: Through which door.
        users: How many were in it at once.
    """

    name: str | None
    users: int = 0


@activity(id="probe.open_door")
async def open_door(*, name: str, stuck: bool = False) -> Opened:
    """Open a door.

    Args:
        name: What it is called.
        stuck: Whether it cannot be closed.
    """
    return Opened(Door(name, stuck=stuck))


@activity(id="probe.open_window")
def open_window() -> OpenedWindow:
    """Open a window, on the spot."""
    return OpenedWindow(Window())


@activity(id="probe.go")
async def go(*, door: Door, turns: int = 1) -> Went:
    """Go through a door.

    Args:
        door: The door.
        turns: How often everything else has its turn meanwhile.
    """
    door.users += 1
    most = door.users
    for _ in range(turns):
        await asyncio.sleep(0)
        most = max(most, door.users)
    door.users -= 1
    return Went(door.name, most)


@activity(id="probe.knock", blocking=True, needs=("knuckles",))
def knock(*, door: Door | None = None) -> Went:
    """Knock, in a thread.

    Args:
        door: The door, if any.
    """
    return Went(door.name if door is not None else None)


@activity(id="probe.same_door")
async def same_door(*, door: Door) -> Opened:
    """Give the door on.

    Args:
        door: The door.
    """
    return Opened(door)


@activity(id="probe.shut", closes=("door",))
async def shut(*, door: Door) -> None:
    """Close a door.

    Args:
        door: The door.
    """


@activity(id="probe.shut_any", closes=("resource",))
async def shut_any(*, resource: Resource, say: Any = None) -> None:
    """Close whatever it is.

    Args:
        resource: The resource.
        say: What to note.
    """
    notes.append(f"shutting, {say}")

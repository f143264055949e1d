"""Activities that only tests of the engine use: they fail, wait, block and meet as a test needs it."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Self

from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import ApplicationError, BusinessError
from exekra.sdk.resources import Resource
from exekra.sdk.types import CredentialRef, Selector
from exekra.testing.patience import PATIENCE_SECONDS


class State:
    """What the probes did; a fixture makes it new for each test."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.noted: list[Any] = []
        self.started = threading.Event()
        self.release = threading.Event()
        self.barrier: asyncio.Barrier | None = None
        self.on_wait: Any = None


state = State()


class Shattered(BaseException):
    """What no `except Exception` catches."""


class Unreadable(Exception):
    """An error that has no text."""

    def __str__(self) -> str:
        raise RuntimeError("not even this")


class UnreadableRefusal(ApplicationError):
    """An error of ours whose parts fail."""

    @property
    def message(self) -> str:
        raise RuntimeError("not even this")

    @property
    def type(self) -> str:
        raise RuntimeError("not even this")


class Hostile(dict[str, Any]):
    """Data that cannot be looked at."""

    def items(self) -> Any:
        raise RuntimeError("do not look")

    def __len__(self) -> int:
        raise RuntimeError("do not count")


class Flaky(ApplicationError):
    """It did not work this time."""


class Refused(BusinessError):
    """The data is wrong."""


@dataclass
class Echoed:
    """What came back.

    Attributes:
        value: The value.
    """

    value: Any


@dataclass(frozen=True)
class Noted:
    """What an activity was not sure of.

    Attributes:
        notes: Its guesses.
    """

    notes: list[str]


@activity(id="probe.echo")
def echo(*, value: Any = None) -> Echoed:
    """Give back the value.

    Args:
        value: Anything.
    """
    return Echoed(value)


@activity(id="probe.note")
def note(*, value: Any) -> None:
    """Remember a value.

    Args:
        value: Anything.
    """
    state.noted.append(value)


@activity(id="probe.count")
def count(*, number: int, text: str = "") -> Echoed:
    """Take a whole number.

    Args:
        number: A number.
        text: A text.
    """
    return Echoed(number)


@activity(id="probe.flaky", raises=(Flaky, Refused))
def flaky(context: Context, *, failures: int, kind: str = "application", retry_after: float | None = None) -> Echoed:
    """Fail so many times before it works.

    Args:
        failures: How many times.
        kind: Which error.
        retry_after: The seconds that the error asks to wait.
    """
    state.calls[context.node] += 1
    context.log(f"attempt {state.calls[context.node]}")
    if state.calls[context.node] <= failures:
        if kind == "business":
            raise Refused("refused")
        error = Flaky("not now")
        error.retry_after = retry_after
        raise error
    return Echoed(state.calls[context.node])


@activity(id="probe.guess")
def guess(context: Context, *, about: str) -> Noted:
    """Say that it guessed, without waiting.

    Args:
        about: What was guessed.
    """
    context.warn(f"{about} is a guess")
    context.warn(f"{about} is a guess")
    return Noted(context.warnings)


@activity(id="probe.guess_in_thread", blocking=True)
def guess_in_thread(context: Context, *, about: str, fail: bool = False) -> Noted:
    """Say that it guessed, in a thread.

    Args:
        about: What was guessed.
        fail: Whether to fail then.
    """
    context.warn(f"{about} is a guess")
    if fail:
        raise Refused("Not today.")
    return Noted(context.warnings)


@activity(id="probe.wait")
async def wait(context: Context, *, name: str = "wait") -> None:
    """Wait until it is cancelled.

    Args:
        name: What to note.
    """
    state.started.set()
    if state.on_wait is not None:
        state.on_wait()
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        state.noted.append(f"{name} cancelled")
        raise


@activity(id="probe.swallow")
async def swallow() -> None:
    """Wait, and make nothing of being cancelled."""
    if state.on_wait is not None:
        state.on_wait()
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        state.noted.append("swallowed")


@activity(id="probe.meet")
async def meet(*, name: str) -> Echoed:
    """Wait for the others.

    Args:
        name: Who comes.
    """
    assert state.barrier is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        await state.barrier.wait()
    state.noted.append(name)
    return Echoed(name)


@activity(id="probe.block", blocking=True)
def block(context: Context) -> None:
    """Block a thread until a stop is asked for."""
    state.started.set()
    if state.on_wait is not None:
        state.on_wait()
    while True:
        context.raise_if_stopped()
        if state.release.wait(0.001):
            return


@activity(id="probe.stubborn", blocking=True)
def stubborn(context: Context) -> None:
    """Block a thread whatever is asked for."""
    state.started.set()
    if state.on_wait is not None:
        state.on_wait()
    state.release.wait(10)
    context.log("too late")


@activity(id="probe.thread", blocking=True)
def thread(context: Context, *, value: Any = None) -> Echoed:
    """Give back the value from a thread.

    Args:
        value: Anything.
    """
    context.log(f"in {threading.current_thread().name}")
    return Echoed(value)


@activity(id="probe.secret")
async def secret(context: Context, *, password: CredentialRef, say: str = "") -> Echoed:
    """Tell a secret to everyone.

    Args:
        password: The secret.
        say: What to do with it.
    """
    context.log(f"The password is {password}!")
    if say == "fail":
        raise Flaky(f"{password} was refused")
    return Echoed({"told": password})


@activity(id="probe.misbehave")
def misbehave(*, how: str) -> None:
    """Raise what no activity should.

    Args:
        how: What to raise.
    """
    match how:
        case "bug":
            raise ZeroDivisionError("division by zero")
        case "file":
            raise FileNotFoundError(2, "No such file or directory", "/data/orders.xlsx")
        case "memory":
            raise MemoryError
        case "recursion":
            misbehave(how=how)
        case "exit":
            raise SystemExit(3)
        case "shatter":
            raise Shattered
        case "unreadable":
            raise Unreadable
        case "unreadable refusal":
            raise UnreadableRefusal
        case "half a character":
            raise ValueError("cannot read \udcff.csv")
        case "half in a refusal":
            raise Flaky("cannot read \udcff.csv")
        case "stop iteration":
            raise StopIteration("over")


@activity(id="probe.hostile")
def hostile() -> Echoed:
    """Give what cannot be looked at."""
    return Echoed(Hostile(a=1))


@activity(id="probe.half")
def half() -> Echoed:
    """Give a text that was cut in the middle of a character, in a key, in a list and alone."""
    return Echoed({"title": "caf\u00e9 \ud83d", "\udcff": ["\ude00"], "whole": "\ud83d\ude00"})


class OwnFloat(float):
    """As numpy has them."""


class OwnText(str):
    """A text of a library."""

    __slots__ = ()


class OwnNumber(IntEnum):
    """A number of a library."""

    THREE = 3


@activity(id="probe.numbers")
def numbers() -> Echoed:
    """Give numbers and a text of classes that derive from the plain ones."""
    return Echoed([OwnFloat(1.5), OwnNumber.THREE, OwnText("text")])


@activity(id="probe.object")
def an_object() -> Echoed:
    """Return something that is not data."""
    return Echoed(object())


@activity(id="probe.loop")
def loop(*, list: Any) -> Echoed:
    """Give a list that holds itself.

    Args:
        list: The list.
    """
    list.append(list)
    return Echoed(list)


class Desk(Resource):
    """A resource that notes what becomes of it."""

    @classmethod
    async def open(cls, context: Context) -> Self:
        """Note it."""
        state.noted.append("desk opened")
        return cls()

    async def close(self) -> None:
        """Note it."""
        state.noted.append("desk closed")


class BrokenDrawer(Resource):
    """A resource that cannot be closed."""

    @classmethod
    async def open(cls, context: Context) -> Self:
        """Note it."""
        state.noted.append("drawer opened")
        return cls()

    async def close(self) -> None:
        """Fail."""
        raise OSError("it is stuck")


@activity(id="probe.use_desk")
async def use_desk(desk: Desk) -> None:
    """Use the desk."""
    state.noted.append("desk used")


@activity(id="probe.use_drawer")
def use_drawer(drawer: BrokenDrawer) -> None:
    """Use the drawer."""
    state.noted.append("drawer used")


@activity(id="probe.find")
def find(*, target: Selector, near: Selector | None = None, others: list[Selector] | None = None) -> Echoed:
    """Tell how an element would be found.

    Args:
        target: The element.
        near: Another one.
        others: More of them.
    """
    every = (target, *([near] if near else []), *(others or []))
    state.noted.append(every)
    return Echoed([candidate.value for one in every for candidate in one.candidates])

"""Resources: what is costly to have and outlives one step, such as a browser, a connection or an open workbook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Literal, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from exekra.sdk.context import Context

HandleState = Literal["open", "closed", "lost"]


class Resource(ABC):
    """Something costly that outlives one step. A subclass is one kind of resource.

    *Opened by an activity*: an activity with whatever inputs it likes returns the resource as a field of its result.
    The workflow gets a `Handle` in its place, `{open.browser}`, keeps it in variables and hands it on; an input of the
    subclass' type takes the handle, and the function gets the resource. A workflow opens as many as it likes. They
    are closed when the execution ends, the last first, or by an activity that says `closes`.

    *Shared*: a positional parameter of the subclass' type is lent the one resource of the whole execution, which
    `open` makes at its first use.

    The engine hands an opened resource to one activity at a time; a shared one may be used by several at the same time.

    Attributes:
        needs: What a machine must have for it, such as "browser": see `exekra.sdk.capabilities`.
    """

    needs: ClassVar[tuple[str, ...]] = ()

    @classmethod
    async def open(cls, context: Context) -> Self:
        """Open the shared resource of one execution."""
        raise NotImplementedError(f"{cls.__name__} is never shared: an activity opens it.")

    @classmethod  # noqa: B027 - to have nothing to do is the rule
    def preload(cls) -> None:
        """Do what is costly and the same for every execution, before there is one: imports, caches, data read in.

        The process that it is called in is the one that executions are forked from (Linux), or the one that waits for
        the next execution (Windows, macOS), so what it leaves in memory is there from the beginning. It must start no
        thread and no process, and open no connection: those do not survive the fork. An error that it raises is
        reported on the Runner's terminal, and executions begin without what it would have done.
        """

    @abstractmethod
    async def close(self) -> None:
        """Give everything back; called once, also after errors."""

    def title(self) -> str:
        """What distinguishes this one from others of its kind, for people: an address, a file name. No secrets."""
        return ""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.is_instance_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"x-widget": "any", "x-resource": cls.__name__}


class Handle:
    """What a workflow has of a resource: it says which one it is, and nothing can be done with it but to hand it on.

    Attributes:
        kind: The name of the resource's class.
        number: For which time one was opened in the execution, from 1; 0 for one that is lost.
        opened_by: The node that opened it, as events name it.
        title: What distinguishes it from others of its kind.
        state: "lost" is one of another process: the execution went on in the middle without it.
    """

    __slots__ = ("kind", "number", "opened_by", "state", "title")

    def __init__(
        self, kind: str, *, number: int = 0, opened_by: str = "", title: str = "", state: HandleState = "open"
    ) -> None:
        self.kind = kind
        self.number = number
        self.opened_by = opened_by
        self.title = title
        self.state = state

    def __str__(self) -> str:
        name = f"{self.kind} {self.number}" if self.number else self.kind
        return f"<{name}, {self.state}{f', {self.title}' if self.title else ''}>"

    __repr__ = __str__

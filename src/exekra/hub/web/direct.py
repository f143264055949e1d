"""Routes that programs call many times a second, served without FastAPI's work for each request.

FastAPI matches, solves dependencies and keeps exit stacks for a request; for the start of an execution that is a third
of the Hub's processor time. A direct route takes the ordinary requests of a route that FastAPI has too: authorised by
the same table, read by the same rules, answered by the same function. Any other request, such as one without a length,
is left to FastAPI.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from exekra.hub.core.actor import Actor
from exekra.hub.core.hub import Hub
from exekra.hub.web.access import ROUTES, BoundedRequest, authorise

Body = TypeVar("Body", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Direct(Generic[Body]):
    """A POST of JSON that is served directly.

    Attributes:
        path: The address; the same route must be declared for FastAPI, which describes it.
        body: What the body must be.
        answer: Answers a request that may be made, of that body.
    """

    path: str
    body: type[Body]
    answer: Callable[[Hub, Actor, Body], Awaitable[Response]]


class DirectRoute(BaseRoute):
    """Matches what `direct` serves; stands before FastAPI's routes."""

    def __init__(self, direct: Direct[Any]) -> None:
        self.direct = direct
        self.access = ROUTES["POST", direct.path]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether it is an ordinary request for this route."""
        if scope["type"] == "http" and scope["path"] == self.direct.path and scope["method"] == "POST":
            headers = Headers(scope=scope)
            kind, length = headers.get("content-type", ""), headers.get("content-length", "")
            if kind.partition(";")[0].strip().lower() == "application/json" and length.isdigit() and length != "0":
                return Match.FULL, {}
        return Match.NONE, {}

    def url_path_for(self, name: str, /, **path_params: Any) -> Any:
        """FastAPI's route gives the address."""
        raise NoMatchFound(name, path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Authorise, read and answer one request."""
        request = BoundedRequest(scope, receive)
        actor = await authorise(request, self.access, self.direct.path)
        content = await request.json()
        try:
            # `from_attributes` as FastAPI has it, for the same errors.
            body = self.direct.body.model_validate(content, from_attributes=True)
        except ValidationError as error:
            found = error.errors(include_url=False)
            raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in found]) from None
        response = await self.direct.answer(scope["app"].state.hub, actor, body)
        await response(scope, receive, send)

"""Who may call which route: one table, checked before a request's body is read.

A route that is not in the table is refused when the Hub starts, so none can be forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Iterable
from enum import Enum
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, WebSocket
from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import Response

from exekra.hub.core.actor import Actor, Role
from exekra.hub.core.errors import Forbidden, Unauthenticated
from exekra.hub.core.hub import Hub
from exekra.hub.core.tokens import Claims
from exekra.hub.web.rate_limit.service import RateLimits, network_of
from exekra.kit import json
from exekra.sdk.errors import DefinitionError

SESSION_COOKIE = "exekra_session"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Access(Enum):
    """Who may call a route. Each user role includes those before it; a Runner is not a user, and a user is not a
    Runner.
    """

    PUBLIC = "public"
    RUNNER = "runner"
    SIGNED_IN = "signed in"
    OPERATOR = Role.OPERATOR
    DEVELOPER = Role.DEVELOPER
    ADMIN = Role.ADMIN


ROUTES: dict[tuple[str, str], Access] = {
    # The Hub itself
    ("GET", "/api/health"): Access.PUBLIC,
    ("GET", "/api/system"): Access.ADMIN,
    ("GET", "/api/openapi.json"): Access.PUBLIC,
    ("GET", "/api/docs"): Access.PUBLIC,
    ("GET", "/api/docs/{file}"): Access.PUBLIC,
    ("GET", "/assets/{file}"): Access.PUBLIC,
    ("GET", "/{path:path}"): Access.PUBLIC,
    ("GET", "/api/storage"): Access.ADMIN,
    ("PUT", "/api/storage/retention"): Access.ADMIN,
    ("POST", "/api/storage/retention/run"): Access.ADMIN,
    # People
    ("GET", "/api/bootstrap"): Access.PUBLIC,
    ("POST", "/api/bootstrap"): Access.PUBLIC,
    ("POST", "/api/session"): Access.PUBLIC,
    ("GET", "/api/session"): Access.SIGNED_IN,
    ("DELETE", "/api/session"): Access.SIGNED_IN,
    ("GET", "/api/account"): Access.SIGNED_IN,
    ("PATCH", "/api/account"): Access.SIGNED_IN,
    ("GET", "/api/account/preferences"): Access.SIGNED_IN,
    ("PUT", "/api/account/preferences"): Access.SIGNED_IN,
    ("PUT", "/api/account/password"): Access.SIGNED_IN,
    ("GET", "/api/users"): Access.ADMIN,
    ("POST", "/api/users"): Access.ADMIN,
    ("GET", "/api/users/{user_id}"): Access.ADMIN,
    ("PATCH", "/api/users/{user_id}"): Access.ADMIN,
    ("DELETE", "/api/users/{user_id}"): Access.ADMIN,
    ("PUT", "/api/users/{user_id}/password"): Access.ADMIN,
    # Search
    ("GET", "/api/search"): Access.OPERATOR,
    # Audit
    ("GET", "/api/audit"): Access.ADMIN,
    ("GET", "/api/audit/actions"): Access.ADMIN,
    ("GET", "/api/audit/export"): Access.ADMIN,
    # Workflows
    ("GET", "/api/activities"): Access.OPERATOR,
    ("GET", "/api/workflows"): Access.OPERATOR,
    ("POST", "/api/workflows"): Access.DEVELOPER,
    ("POST", "/api/workflows/check"): Access.DEVELOPER,
    ("POST", "/api/workflows/import"): Access.DEVELOPER,
    ("POST", "/api/workflows/read"): Access.DEVELOPER,
    ("GET", "/api/workflows/{workflow_id}"): Access.OPERATOR,
    ("PATCH", "/api/workflows/{workflow_id}"): Access.DEVELOPER,
    ("DELETE", "/api/workflows/{workflow_id}"): Access.DEVELOPER,
    ("GET", "/api/workflows/tags"): Access.OPERATOR,
    ("GET", "/api/workflows/published"): Access.OPERATOR,
    ("GET", "/api/workflows/{workflow_id}/callers"): Access.OPERATOR,
    ("POST", "/api/workflows/{workflow_id}/duplicate"): Access.DEVELOPER,
    ("POST", "/api/workflows/{workflow_id}/archive"): Access.DEVELOPER,
    ("POST", "/api/workflows/{workflow_id}/restore"): Access.DEVELOPER,
    ("POST", "/api/workflows/{workflow_id}/publish"): Access.DEVELOPER,
    ("GET", "/api/workflows/{workflow_id}/export"): Access.OPERATOR,
    ("GET", "/api/workflows/{workflow_id}/diff"): Access.OPERATOR,
    ("GET", "/api/workflows/{workflow_id}/versions"): Access.OPERATOR,
    ("POST", "/api/workflows/{workflow_id}/versions"): Access.DEVELOPER,
    ("GET", "/api/workflows/{workflow_id}/versions/{number}"): Access.OPERATOR,
    ("POST", "/api/workflows/{workflow_id}/versions/{number}/roll-back"): Access.DEVELOPER,
    ("GET", "/api/workflows/{workflow_id}/versions/{number}/files"): Access.OPERATOR,
    ("GET", "/api/workflows/{workflow_id}/versions/{number}/files/content"): Access.OPERATOR,
    ("POST", "/api/workflows/{workflow_id}/files/contents"): Access.DEVELOPER,
    ("POST", "/api/workflows/{workflow_id}/files"): Access.DEVELOPER,
    # The language
    ("GET", "/api/language/functions"): Access.DEVELOPER,
    ("POST", "/api/language/names"): Access.DEVELOPER,
    ("POST", "/api/language/evaluate"): Access.DEVELOPER,
    # Executions
    ("GET", "/api/executions"): Access.OPERATOR,
    ("POST", "/api/executions"): Access.OPERATOR,
    ("GET", "/api/executions/counts"): Access.OPERATOR,
    ("GET", "/api/executions/stream"): Access.OPERATOR,
    ("GET", "/api/executions/{execution_id}"): Access.OPERATOR,
    ("GET", "/api/executions/{execution_id}/waiting"): Access.OPERATOR,
    ("POST", "/api/executions/{execution_id}/stop"): Access.OPERATOR,
    ("POST", "/api/executions/{execution_id}/again"): Access.OPERATOR,
    ("POST", "/api/executions/{execution_id}/debug"): Access.DEVELOPER,
    ("GET", "/api/executions/{execution_id}/scope"): Access.OPERATOR,
    ("GET", "/api/executions/{execution_id}/logs"): Access.OPERATOR,
    ("GET", "/api/executions/{execution_id}/logs/export"): Access.OPERATOR,
    ("GET", "/api/executions/{execution_id}/nodes"): Access.OPERATOR,
    ("GET", "/api/executions/{execution_id}/visits"): Access.OPERATOR,
    ("GET", "/api/executions/{execution_id}/metrics"): Access.OPERATOR,
    ("GET", "/api/executions/{execution_id}/events"): Access.OPERATOR,
    ("GET", "/api/executions/{execution_id}/files"): Access.OPERATOR,
    ("GET", "/api/executions/{execution_id}/files/{file_id}"): Access.OPERATOR,
    ("POST", "/api/files"): Access.OPERATOR,
    ("GET", "/api/executions/{execution_id}/stream"): Access.OPERATOR,
    ("GET", "/api/analytics/dashboard"): Access.OPERATOR,
    ("GET", "/api/analytics/process-performance"): Access.OPERATOR,
    ("GET", "/api/analytics/runner-timeline"): Access.OPERATOR,
    ("GET", "/api/workflows/{workflow_id}/statistics"): Access.OPERATOR,
    # Triggers
    ("GET", "/api/triggers"): Access.OPERATOR,
    ("POST", "/api/triggers"): Access.DEVELOPER,
    ("POST", "/api/triggers/preview"): Access.DEVELOPER,
    ("GET", "/api/triggers/{trigger_id}"): Access.OPERATOR,
    ("PUT", "/api/triggers/{trigger_id}"): Access.DEVELOPER,
    ("DELETE", "/api/triggers/{trigger_id}"): Access.DEVELOPER,
    ("GET", "/api/triggers/{trigger_id}/firings"): Access.OPERATOR,
    ("POST", "/api/triggers/{trigger_id}/run"): Access.OPERATOR,
    ("GET", "/api/triggers/{trigger_id}/secret"): Access.DEVELOPER,
    ("POST", "/api/triggers/{trigger_id}/secret"): Access.DEVELOPER,
    ("POST", "/api/triggers/webhook/{trigger_id}"): Access.PUBLIC,
    # Runners
    ("GET", "/api/runners"): Access.OPERATOR,
    ("POST", "/api/runners"): Access.ADMIN,
    ("GET", "/api/runners/{runner_id}"): Access.OPERATOR,
    ("GET", "/api/runners/{runner_id}/metrics"): Access.OPERATOR,
    ("PATCH", "/api/runners/{runner_id}"): Access.ADMIN,
    ("DELETE", "/api/runners/{runner_id}"): Access.ADMIN,
    ("POST", "/api/runners/{runner_id}/secret"): Access.ADMIN,
    ("POST", "/api/runner/authenticate"): Access.PUBLIC,
    ("POST", "/api/runner/refresh"): Access.RUNNER,
    ("POST", "/api/runner/poll"): Access.RUNNER,
    ("PUT", "/api/runner/files/{file_id}"): Access.RUNNER,
    ("PUT", "/api/runner/files/{file_id}/content"): Access.RUNNER,
    ("POST", "/api/runner/files/{file_id}/stored"): Access.RUNNER,
    ("GET", "/api/runner/executions/{execution_id}/contents/{sha256}"): Access.RUNNER,
    ("WEBSOCKET", "/api/runner/connect"): Access.RUNNER,
}
"""Every route: (method, path) to who may call it. A WebSocket's method is `WEBSOCKET`."""


STREAMED = re.compile(r"/api/(files|workflows/(import|[^/]+/files/contents)|runner/files/[^/]+/content)")
"""The addresses whose routes take a large body piece by piece, and bound it themselves."""

UNCOUNTED = frozenset({"/api/health", "/api/docs", "/api/docs/{file}", "/assets/{file}", "/{path:path}"})
"""Public routes without a rate limit: the health check, and what is served from memory."""


async def authorise(connection: HTTPConnection, access: Access, path: str) -> Actor:
    """Identify who makes the request, refuse those whom `access` does not include, and count the request.

    A token comes as `Authorization: Bearer` or in the session cookie. A request that changes something and is
    authorised by the cookie must come from the Hub's own pages, because a page of another site could send the cookie
    too.

    Raises:
        Unauthenticated: There is no token, or it is not valid or no longer valid.
        Forbidden: The actor is not allowed to do this, or the request comes from a page of another site.
        TooMany: The client has sent too many requests. Runners are not counted.
    """
    ip = connection.client.host if connection.client else None
    try:
        actor = await _identify(connection, access, ip)
    except Unauthenticated:
        await _count(connection, f"address:{network_of(ip)}")
        raise
    if actor.kind == "user":
        await _count(connection, f"user:{actor.id}")
    elif actor.kind == "anonymous" and path not in UNCOUNTED and not path.startswith("/api/runner/"):
        await _count(connection, f"address:{network_of(ip)}")
    if access is not Access.PUBLIC and not _allowed(actor, access):
        raise Forbidden(_reason(actor, access))
    return actor


async def _identify(connection: HTTPConnection, access: Access, ip: str | None) -> Actor:
    """Who makes the request; a public route does not read tokens."""
    if access is Access.PUBLIC:
        refuse_other_sites(connection)
        return Actor(kind="anonymous", name="anonymous", ip=ip)
    token = _bearer(connection)
    if token is None:
        token = connection.cookies.get(SESSION_COOKIE)
        refuse_other_sites(connection)
    if not token:
        raise Unauthenticated(
            "You are not signed in.",
            hint="Sign in with POST /api/session, or send the header Authorization: Bearer TOKEN.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    hub: Hub = connection.app.state.hub
    claims = hub.tokens.read(token)
    identify = hub.identities.get(claims.kind)
    if identify is None:
        raise Unauthenticated("The token is not valid here.", code="token-invalid")
    actor = await identify(claims, ip)
    connection.scope["exekra.claims"] = claims
    return actor


async def _count(connection: HTTPConnection, client: str) -> None:
    """Count a request of that client. The Hub's own pages send many requests while a person works, so they have a
    higher limit.
    """
    hub: Hub = connection.app.state.hub
    by_page = connection.headers.get("sec-fetch-site") == "same-origin"
    most = hub.settings.page_requests_per_minute if by_page else hub.settings.requests_per_minute
    if most:
        await hub.get(RateLimits).take(f"{client}:{'page' if by_page else 'program'}", most=most)


def _bearer(connection: HTTPConnection) -> str | None:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def refuse_other_sites(connection: HTTPConnection) -> None:
    """Raise Forbidden when a page of another site sends something that changes data.

    Browsers send `Sec-Fetch-Site`, older ones `Origin`; programs send neither and carry no cookies of another site.
    """
    if connection.scope.get("method", "GET") in SAFE_METHODS and connection.scope["type"] != "websocket":
        return
    site = connection.headers.get("sec-fetch-site")
    origin = connection.headers.get("origin")
    if site is not None:
        foreign = site not in {"same-origin", "none"}
    else:
        foreign = origin is not None and urlsplit(origin).netloc != connection.headers.get("host")
    if foreign:
        raise Forbidden(
            "A page of another site is not allowed to do this.",
            code="other-site",
            hint="Open the Hub's own address, or send the header Authorization: Bearer TOKEN instead of the cookie.",
        )


def _allowed(actor: Actor, access: Access) -> bool:
    if access is Access.RUNNER:
        return actor.kind == "runner"
    if actor.kind != "user" or actor.role is None:
        return False
    return access is Access.SIGNED_IN or actor.role.includes(Role(access.value))


def _reason(actor: Actor, access: Access) -> str:
    if access is Access.RUNNER:
        return "Only a Runner is allowed to do this."
    if actor.role is None:
        return "Only a user is allowed to do this, not a Runner."
    return f"Your role is {actor.role.value}; this requires {access.value}."


class BoundedRequest(Request):
    """A request whose JSON is read by `exekra.kit.json`: strict, and bounded in depth."""

    async def json(self) -> Any:
        try:
            return json.decode(await self.body())
        except ValueError as error:
            raise HTTPException(422, str(error)) from None  # the only exception that FastAPI lets through here


class GuardedRoute(APIRoute):
    """A route that checks ROUTES before it reads the request's body."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, preceded by the check."""
        handler = super().get_route_handler()
        path = self.path

        async def guarded(request: Request) -> Response:
            request.scope["exekra.actor"] = await authorise(request, ROUTES[request.method, path], path)
            return await handler(BoundedRequest(request.scope, request.receive))

        return guarded


def slice_router(tag: str) -> APIRouter:
    """The router of a slice; its routes state their whole path, beginning with `/api/`."""
    return APIRouter(route_class=GuardedRoute, tags=[tag])


async def current_actor(request: Request) -> Actor:
    """Who makes this request."""
    actor: Actor = request.scope["exekra.actor"]
    return actor


async def current_claims(request: Request) -> Claims:
    """The claims of this request's token; the route must not be public."""
    claims: Claims = request.scope["exekra.claims"]
    return claims


async def socket_actor(websocket: WebSocket) -> Actor:
    """Who opens this WebSocket; every WebSocket route depends on it."""
    path = websocket.scope["route"].path
    return await authorise(websocket, ROUTES["WEBSOCKET", path], path)


CurrentActor = Annotated[Actor, Depends(current_actor)]
CurrentClaims = Annotated[Claims, Depends(current_claims)]
SocketActor = Annotated[Actor, Depends(socket_actor)]


def check_table(routers: Iterable[APIRouter]) -> None:
    """Refuse routes that are missing in the table or do not check it.

    Raises:
        DefinitionError: Names the route.
    """
    for router in routers:
        for route in router.routes:
            if isinstance(route, GuardedRoute):
                missing = [method for method in route.methods or () if (method, route.path) not in ROUTES]
                fault = f"{missing[0]} {route.path} is not in hub/web/access.py: ROUTES" if missing else None
            elif isinstance(route, APIWebSocketRoute):
                guarded = any(inner.call is socket_actor for inner in route.dependant.dependencies)
                known = ("WEBSOCKET", route.path) in ROUTES
                fault = None if guarded and known else f"WEBSOCKET {route.path} is not in ROUTES or has no SocketActor"
            else:
                fault = f"{route} was not made by a router of slice_router()"
            if fault is not None:
                raise DefinitionError(f"It is not defined who may call this route: {fault}.")

"""The table of access: every route is in it, and every role gets what it says, no more and no less."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from signed_in import MakePerson, make_client

from exekra.hub.app import ROUTERS, create_app
from exekra.hub.core.actor import Actor, Role
from exekra.hub.core.settings import Settings
from exekra.hub.web import access
from exekra.hub.web.access import ROUTES, Access, check_table, slice_router
from exekra.sdk.errors import DefinitionError

LEFT_OUT = {
    ("DELETE", "/api/session"),  # it would end the test's own session; tested with signing in
    ("GET", "/api/executions/stream"),  # its answer never ends
}


def filled(path: str) -> str:
    """The path with a value for each parameter: ids that nothing has."""
    return re.sub(r"{\w+}", lambda found: str(uuid4()) if found[0].endswith("id}") else "1", path)


def may(kind: Role | str | None, needed: Access) -> bool:
    if needed is Access.PUBLIC:
        return True
    if kind == "runner" or needed is Access.RUNNER:
        return kind == "runner" and needed is Access.RUNNER
    if kind is None:
        return False
    return needed is Access.SIGNED_IN or list(Role).index(Role(kind)) >= list(Role).index(Role(needed.value))


def test_the_table_and_the_routes_are_the_same() -> None:
    found = {
        (method, getattr(route, "path", ""))
        for router in ROUTERS
        for route in router.routes
        for method in getattr(route, "methods", ["WEBSOCKET"])
    }
    assert found == set(ROUTES)


async def test_every_role_on_every_route(app: FastAPI, person: MakePerson, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = app.state.hub

    async def identify(*_: object) -> Actor:
        return Actor(kind="runner", id=uuid4(), name="R1")

    monkeypatch.setitem(hub.identities, "runner", identify)
    runner_token, _ = hub.tokens.issue("runner", uuid4(), 1, timedelta(hours=1))
    clients: dict[Role | str | None, httpx.AsyncClient] = {None: make_client(app)}
    clients["runner"] = make_client(app, runner_token)
    for role in Role:
        clients[role] = (await person(role.value)).client
    for kind, client in clients.items():
        for (method, path), needed in ROUTES.items():
            if method == "WEBSOCKET" or (method, path) in LEFT_OUT:
                continue
            response = await client.request(method, filled(path))
            if may(kind, needed):  # what the route then says of a request without content is not of interest here
                assert response.status_code not in {401, 403}, (kind, method, path, response.text)
                assert response.status_code < 500, (kind, method, path, response.text)
            else:
                assert response.status_code == (401 if kind is None else 403), (kind, method, path)
                assert response.json()["error"]["code"] in {"unauthenticated", "forbidden"}


def test_a_route_that_is_not_in_the_table_stops_the_hub(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    router = slice_router("Test")

    @router.get("/api/forgotten")
    async def forgotten() -> None: ...

    monkeypatch.setattr("exekra.hub.app.ROUTERS", (*ROUTERS, router))
    with pytest.raises(DefinitionError, match="GET /api/forgotten is not in"):
        create_app(settings)


def test_a_route_that_does_not_look_into_the_table_stops_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, socket = APIRouter(), slice_router("Test")

    @plain.get("/api/health")
    async def unguarded() -> None: ...

    @socket.websocket("/api/socket")
    async def unguarded_socket() -> None: ...

    monkeypatch.setitem(access.ROUTES, ("WEBSOCKET", "/api/socket"), Access.RUNNER)
    for router in (plain, socket):
        with pytest.raises(DefinitionError, match="It is not defined who may call"):
            check_table([router])


async def test_the_body_is_not_read_before_the_right_is_known(client: httpx.AsyncClient) -> None:
    async def body() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    response = await client.post("/api/users", content=body(), headers={"Content-Length": "1000"})
    assert response.status_code == 401

"""A direct route answers as FastAPI's route for the same address does."""

from __future__ import annotations

from typing import Any

import httpx
from at_work import HubAtWork
from starlette.routing import BaseRoute, Match

from exekra.hub.web.direct import DirectRoute

PATH = "/api/executions"
OWN = ("id", "queued_at", "created_at")
JSON = {"Content-Type": "application/json"}
REQUESTS: list[tuple[bytes, dict[str, str]]] = [
    (b'{"workflow": "Light"}', JSON),
    (
        b'{"workflow": "Light", "priority": 7, "labels": ["a", "b"]}',
        {"Content-Type": "application/JSON; charset=utf-8"},
    ),
    (b'{"workflow": "Nothing of that name"}', JSON),
    (b'{"workflow": "Light", "inputs": {"nothing": 1}}', JSON),
    (b'{"workflow": "", "priority": 101, "more": 1}', JSON),
    (b'{"workflow": "Light", "labels": ["not a label!"]}', JSON),
    (b'{"workflow": "a\\u0000b"}', JSON),
    (b"{", JSON),
    (b"null", JSON),
    (b"[]", JSON),
    (b'"Light"', JSON),
    (b"[" * 300, JSON),
    (b'{"workflow": NaN}', JSON),
    (b"\xff", JSON),
    (b"", JSON),
    (b'{"workflow": "Light"}', {}),
    (b'{"workflow": "Light"}', {"Content-Type": "text/plain"}),
    (b'{"workflow": "Light"}', {"Content-Type": "application/vnd.exekra+json"}),
    (b'{"workflow": "Light"}', JSON | {"Authorization": "Bearer nonsense"}),
    (b'{"workflow": "Light"}', JSON | {"Origin": "https://elsewhere.example"}),
]


def without_own(answer: httpx.Response) -> tuple[int, dict[str, str], Any]:
    content = answer.json()
    if "error" not in content:
        content = {name: value for name, value in content.items() if name not in OWN}
    headers = {name: value for name, value in answer.headers.items() if name not in {"content-length", "date"}}
    return answer.status_code, headers, content


def routes(work: HubAtWork) -> list[BaseRoute]:
    found: list[BaseRoute] = work.app.router.routes
    return found


async def test_it_answers_as_fastapi_does(work: HubAtWork) -> None:
    await work.publish()
    kept = routes(work)[:]
    for content, headers in REQUESTS:
        direct = await work.admin.post(PATH, content=content, headers=headers)
        routes(work)[:] = [one for one in kept if not isinstance(one, DirectRoute)]
        try:
            by_fastapi = await work.admin.post(PATH, content=content, headers=headers)
        finally:
            routes(work)[:] = kept
        assert without_own(direct) == without_own(by_fastapi), (content, headers)


async def test_the_route_is_served_directly(work: HubAtWork) -> None:
    scope = {"type": "http", "path": PATH, "method": "POST"}
    length = (b"content-length", b"21")
    found = [one for one in routes(work) if isinstance(one, DirectRoute)]
    assert len(found) == 1
    for kind, expected in ((b"application/json", Match.FULL), (b"text/plain", Match.NONE)):
        assert found[0].matches(scope | {"headers": [(b"content-type", kind), length]})[0] is expected

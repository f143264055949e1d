"""The API description (OpenAPI): FastAPI's own, plus who may call what, which FastAPI cannot know."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from exekra.hub.web.access import ROUTES, SESSION_COOKIE, Access

SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "The token of POST /api/session."},
    "cookie": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE, "description": "Set by POST /api/session."},
    "runner": {"type": "http", "scheme": "bearer", "description": "The token of a Runner."},
}
TOO_LARGE = {
    "description": "Too large",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}},
}
"""The answer to any body above the Hub's limit."""
_WHO = {Access.PUBLIC: "Public.", Access.RUNNER: "For Runners.", Access.SIGNED_IN: "For every signed-in user."}


def describe(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """The function that makes the description; it is made once, at the first request."""

    def make() -> dict[str, Any]:
        if app.openapi_schema is None:
            description = get_openapi(
                title=app.title, version=app.version, description=app.description, routes=app.routes
            )
            components = description.setdefault("components", {})
            components["securitySchemes"] = SCHEMES
            for path, operations in description["paths"].items():
                for method, operation in operations.items():
                    _add_access(operation, ROUTES[method.upper(), path])
                    _add_body(operation, components["schemas"])
            app.openapi_schema = description
        return app.openapi_schema

    return make


def _add_access(operation: dict[str, Any], access: Access) -> None:
    who = _WHO.get(access) or f"Requires the role {access.value} or above."
    operation["description"] = f"{operation.get('description', '')}\n\n*{who}*".strip()
    if access is Access.RUNNER:
        operation["security"] = [{"runner": []}]
    elif access is not Access.PUBLIC:
        operation["security"] = [{"token": []}, {"cookie": []}]


def _add_body(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """What every route with a body has in common; shapes that a route brings in `$defs` move to where it refers to."""
    if "requestBody" not in operation:
        return
    operation["responses"].setdefault("413", TOO_LARGE)
    body = operation["requestBody"] = deepcopy(
        operation["requestBody"]
    )  # a route's own dictionary is shared by all applications
    for content in body["content"].values():
        schemas.update(content["schema"].pop("$defs", {}))

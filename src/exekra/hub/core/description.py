"""The API description (OpenAPI): FastAPI's own, and who may call what, which it cannot know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from exekra.hub.core.access import ROUTES, SESSION_COOKIE, Access

SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "The token of POST /api/session."},
    "cookie": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE, "description": "Set by POST /api/session."},
    "runner": {"type": "http", "scheme": "bearer", "description": "The token of a Runner."},
}
_WHO = {Access.PUBLIC: "Public.", Access.RUNNER: "For Runners.", Access.SIGNED_IN: "For everybody who is signed in."}


def describe(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """What makes the description; it is made once, when it is first asked for."""

    def make() -> dict[str, Any]:
        if app.openapi_schema is None:
            description = get_openapi(
                title=app.title, version=app.version, description=app.description, routes=app.routes
            )
            description.setdefault("components", {})["securitySchemes"] = SCHEMES
            for path, operations in description["paths"].items():
                for method, operation in operations.items():
                    _add_access(operation, ROUTES[method.upper(), path])
            app.openapi_schema = description
        return app.openapi_schema

    return make


def _add_access(operation: dict[str, Any], access: Access) -> None:
    who = _WHO.get(access) or f"For the role {access.value} and above."
    operation["description"] = f"{operation.get('description', '')}\n\n*{who}*".strip()
    if access is Access.RUNNER:
        operation["security"] = [{"runner": []}]
    elif access is not Access.PUBLIC:
        operation["security"] = [{"token": []}, {"cookie": []}]

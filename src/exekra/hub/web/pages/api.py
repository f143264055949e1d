"""The page of the API's description, which works with no internet access."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Annotated

import fastapi_swagger
from fastapi import Path as PathParameter
from fastapi import Request, Response
from starlette.responses import FileResponse, HTMLResponse

from exekra.hub.core.errors import NotFound
from exekra.hub.web.access import slice_router
from exekra.kit import json

router = slice_router("Hub")

_HERE = Path(__file__).parent
_SWAGGER = Path(str(resources.files(fastapi_swagger))) / "resources"
_FILES = {
    "start.js": _HERE / "start.js",
    "swagger-ui.css": _SWAGGER / "swagger-ui.css",
    "swagger-ui-bundle.js": _SWAGGER / "swagger-ui-bundle.js",
}
_KEPT = {"Cache-Control": "public, max-age=3600"}


@router.get("/api/openapi.json", include_in_schema=False)
async def description(request: Request) -> Response:
    """The API description, in OpenAPI's format."""
    return Response(json.encode(request.app.openapi()), media_type="application/json")


@router.get("/api/docs", include_in_schema=False)
async def docs() -> HTMLResponse:
    """The API description for people; every call can be tried."""
    return HTMLResponse((_HERE / "docs.html").read_bytes())


@router.get("/api/docs/{file}", include_in_schema=False)
async def docs_file(file: Annotated[str, PathParameter(max_length=100)]) -> FileResponse:
    """A file of the page of the description."""
    path = _FILES.get(file)
    if path is None:
        raise NotFound("Nothing was found at this address.")
    return FileResponse(path, headers=_KEPT)

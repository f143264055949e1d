"""Every refusal and every failure is answered in one format: `{"error": {"code", "message", "where", "hint"}}`."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import asyncpg
import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from exekra.flow.errors import FlowError
from exekra.hub.core.errors import HubError, Unavailable
from exekra.kit import json
from exekra.kit.ids import new_id
from exekra.kit.validation import in_words
from exekra.sdk.errors import DocumentError, ExekraError

logger = logging.getLogger(__name__)


class Problem(BaseModel):
    """One of several findings."""

    message: str
    where: str | None = Field(default=None, description="The affected field of the request.")
    node: str | None = Field(default=None, description="The affected node of the workflow.")
    field: str | None = Field(default=None, description="The affected field of that node.")


class ErrorDetail(BaseModel):
    """What happened, where, and what to do."""

    code: str = Field(description="A stable code for programs.", examples=["not-found"])
    message: str = Field(description="A sentence for people.", examples=["There is no such workflow."])
    where: str | None = Field(default=None, description="What the message is about.", examples=["body.email"])
    hint: str | None = Field(default=None, description="What to do about it.")
    problems: list[Problem] | None = Field(default=None, description="All findings, if there can be several.")


class ErrorAnswer(BaseModel):
    """The body of every answer with a status of 400 or more."""

    error: ErrorDetail


def error_answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route's OpenAPI description says about its refusals: `responses=error_answers(404, 409)`."""
    titles = {401: "Not signed in", 403: "Not allowed", 404: "Not found", 409: "Conflict", 413: "Too large"}
    titles |= {
        400: "Switched off",
        415: "Unsupported format",
        416: "Range not satisfiable",
        422: "The request is not valid",
        429: "Too many requests",
        503: "Temporarily unavailable",
    }
    return {status: {"model": ErrorAnswer, "description": titles[status]} for status in statuses}


def error_response(
    status: int,
    code: str,
    message: str,
    *,
    where: str | None = None,
    hint: str | None = None,
    problems: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Render an error."""
    detail = {"code": code, "message": message, "where": where}
    if hint:
        detail["hint"] = hint
    if problems:
        detail["problems"] = problems
    return Response(json.encode({"error": detail}), status, media_type="application/json", headers=dict(headers or {}))


def render_errors(app: FastAPI) -> None:
    """Make the application answer every exception in this format."""
    app.add_exception_handler(HubError, _hub_error)
    app.add_exception_handler(DocumentError, _document_error)
    app.add_exception_handler(ExekraError, _other_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(ClientDisconnect, _broken_off)
    app.add_exception_handler(asyncpg.DataError, _data_error)
    app.add_exception_handler(asyncpg.SerializationError, _collision)
    app.add_exception_handler(asyncpg.DeadlockDetectedError, _collision)
    app.add_exception_handler(asyncpg.ForeignKeyViolationError, _collision)
    app.add_exception_handler(asyncpg.UniqueViolationError, _collision)


async def _hub_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HubError)
    if error.status >= 500:
        logger.warning("%s", error.message)
    return error_response(
        error.status,
        error.code,
        error.message,
        where=error.where,
        hint=error.hint,
        problems=error.problems,
        headers=error.headers,
    )


async def _document_error(_: Request, error: Exception) -> Response:
    problems = [msgspec.to_builtins(problem) for problem in error.problems] if isinstance(error, FlowError) else None
    return error_response(422, "document-invalid", str(error), where="body", problems=problems)


async def _other_error(request: Request, error: Exception) -> Response:
    return failure(request.scope, error)


async def _validation_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = [_finding(found) for found in error.errors()]
    more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
    return error_response(
        422,
        "invalid",
        f"{problems[0]['message']}{more}",
        where=problems[0]["where"],
        problems=problems,
    )


def _finding(found: Mapping[str, Any]) -> dict[str, str]:
    """A finding of the validator in words for people. The sentences of our own checks stand alone; the validator's
    say what is wrong with a field, so they begin with it.
    """
    where = ".".join(str(part) for part in found["loc"])
    if found["type"] == "value_error":
        reason = str(found["ctx"]["error"])
        return {"where": where, "message": f"{reason[:1].upper()}{reason[1:].rstrip('.')}."}
    return {"where": where, "message": f"{where}: {in_words(found)}"}


async def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, message = {
        400: ("bad-request", "The request could not be read."),
        404: ("not-found", "Nothing was found at this address."),
        405: ("method-not-allowed", "This address does not support that method."),
        413: ("too-large", "The request is too large."),
        422: ("json-invalid", f"The body is not valid JSON: {error.detail}"),
    }.get(error.status_code, ("refused", str(error.detail)))
    return error_response(error.status_code, code, message, headers=error.headers)


async def _broken_off(request: Request, _: Exception) -> Response:
    """Nobody is there any more to read the answer."""
    logger.info("%s %s broke off", request.method, request.url.path)
    return error_response(400, "broken-off", "The request ended before all of it had arrived.")


async def _data_error(_: Request, error: Exception) -> Response:
    """A value that PostgreSQL cannot hold, such as a text with a NUL character."""
    return error_response(422, "invalid", f"A value cannot be stored: {error}.")


async def _collision(_: Request, error: Exception) -> Response:
    return await _hub_error(_, Unavailable("Two requests changed the same thing at the same time.", hint="Try again."))


def failure(scope: Mapping[str, Any], error: BaseException) -> Response:
    """The answer to an unexpected exception; its id is in the log, with the traceback."""
    id = new_id()
    logger.error("Failure %s in %s %s", id, scope.get("method"), scope.get("path"), exc_info=error)
    return error_response(
        500,
        "internal",
        f"An internal error occurred in the Hub; its log has the details under {id}.",
        where=f"{scope.get('method')} {scope.get('path')}",
        hint="Give your administrator this number.",
    )

"""What editors request while somebody types: functions, the names in scope, and the values of expressions."""

from __future__ import annotations

from fastapi import Request, Response

from exekra.hub.core.errors import TooLarge
from exekra.hub.core.unit_of_work import Look
from exekra.hub.design.language import service
from exekra.hub.design.language.schemas import FunctionAnswer, NameAnswer, PlaceInFlow, TextsToTry, TrialAnswer
from exekra.hub.design.language.service import CurrentLanguage
from exekra.hub.design.workflows.service import CurrentWorkflows, parse
from exekra.hub.web.access import slice_router
from exekra.hub.web.answers import error_answers

router = slice_router("Language")

LARGEST_SCOPE = 1_000_000
"""Bytes of a request to evaluate texts."""


@router.get(
    "/api/language/functions",
    summary="List the functions of expressions",
    responses=error_answers(401, 403),
)
async def list_functions() -> list[FunctionAnswer]:
    """By group, then by name. They only change with the Hub's version."""
    return list(service.functions())


@router.post(
    "/api/language/names",
    summary="List the names that an expression may use",
    response_model=list[NameAnswer],
    responses=error_answers(401, 403, 413, 422),
)
async def list_names(
    connection: Look, workflows: CurrentWorkflows, language: CurrentLanguage, body: PlaceInFlow
) -> Response:
    """Inputs, variables, loop items, `error`, and the results of nodes that have run, or may have run, before this
    place.

    Nothing is stored, and the document may have problems.
    """
    flow = await parse(body.document)
    called = await workflows.called_by(connection, flow)
    catalogue = await workflows.activities.catalogue(connection)
    content = await language.names(flow, catalogue, called, body.node, body.field)
    return Response(content, media_type="application/json")


@router.post(
    "/api/language/evaluate",
    summary="Evaluate expressions on given data",
    response_model=list[TrialAnswer],
    responses=error_answers(401, 403, 413, 422),
)
async def evaluate(request: Request, language: CurrentLanguage, body: TextsToTry) -> Response:
    """One answer for each text, in the same order. Expressions read the given scope and nothing else; nothing is
    stored.

    Each text is limited to a tenth of the work that it may do in an execution, and all texts together to four times
    that; one that exceeds the limit gets an error. The request must not exceed 1 MB.
    """
    if len(await request.body()) > LARGEST_SCOPE:
        raise TooLarge(
            f"The texts and their scope are larger than {LARGEST_SCOPE // 1000:,} KB.",
            hint="Send a smaller part of it.",
        )
    content = await language.evaluate([(each.text, each.mode) for each in body.texts], body.scope, body.types)
    return Response(content, media_type="application/json")

"""The dashboard: the state of the platform in one answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Query, Response
from pydantic import AwareDatetime

from exekra.hub.core.hub import CurrentHub
from exekra.hub.core.periods import Bucket, Period, time_zone_of
from exekra.hub.insight.dashboard.schemas import Dashboard
from exekra.hub.insight.dashboard.service import CurrentFigures
from exekra.hub.web.access import slice_router
from exekra.hub.web.answers import error_answers

router = slice_router("Analytics")


@router.get(
    "/api/analytics/dashboard",
    summary="Get the dashboard",
    response_model=Dashboard,
    responses=error_answers(401, 403, 422),
)
async def get_dashboard(
    hub: CurrentHub,
    figures: CurrentFigures,
    since: Annotated[AwareDatetime | None, Query(description="Default: 24 hours before `until`.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Default: now.")] = None,
    bucket: Annotated[Bucket | None, Query(description="Default: depends on the length of the period.")] = None,
    time_zone: Annotated[
        str, Query(max_length=100, description="The time zone that days begin in, as an IANA name.")
    ] = "UTC",
    workflows: Annotated[int, Query(ge=1, le=50, description="The most workflows in the answer.")] = 10,
) -> Response:
    """What needs attention, the outcomes of the executions that were created in the period, and what is waiting. Each
    count equals that of `GET /api/executions` with the filter next to it.
    """
    period = Period.of(since, until, hub.clock.now(), usual=timedelta(hours=24))
    zone: ZoneInfo = time_zone_of(time_zone)
    content = await figures.dashboard(period, bucket or period.bucket(), zone, most_workflows=workflows)
    return Response(content, media_type="application/json")

"""The dashboard: how the platform does, in one answer."""

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
    summary="See how the platform does",
    response_model=Dashboard,
    responses=error_answers(401, 403, 422),
)
async def get_dashboard(
    hub: CurrentHub,
    figures: CurrentFigures,
    since: Annotated[AwareDatetime | None, Query(description="24 hours before `until` when left out.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Now when left out.")] = None,
    bucket: Annotated[Bucket | None, Query(description="By the length of the period when left out.")] = None,
    time_zone: Annotated[str, Query(max_length=100, description="Where days begin, as an IANA name.")] = "UTC",
    workflows: Annotated[int, Query(ge=1, le=50, description="How many workflows are told of.")] = 10,
) -> Response:
    """What needs attention, what became of the executions that were created in the period, and what waits. All
    counts are those of `GET /api/executions` with the filter that stands beside them."""
    period = Period.of(since, until, hub.clock.now(), usual=timedelta(hours=24))
    zone: ZoneInfo = time_zone_of(time_zone)
    content = await figures.dashboard(period, bucket or period.bucket(), zone, most_workflows=workflows)
    return Response(content, media_type="application/json")

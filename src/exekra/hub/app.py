"""Assembles the Hub: the routes of its slices, the background work, and what wraps every request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from exekra.hub.contents import service as contents_service
from exekra.hub.core import bus
from exekra.hub.core.hub import Hub, open_hub
from exekra.hub.core.settings import Settings
from exekra.hub.design.language import api as language
from exekra.hub.design.language import service as language_service
from exekra.hub.design.workflows import api as workflows
from exekra.hub.design.workflows import service as workflows_service
from exekra.hub.fleet.runners import api as runners
from exekra.hub.fleet.runners import retention as runner_retention
from exekra.hub.fleet.runners import service as runners_service
from exekra.hub.identity.people import api as people
from exekra.hub.identity.people import service as people_service
from exekra.hub.insight.analytics import api as analytics
from exekra.hub.insight.dashboard import api as dashboard
from exekra.hub.insight.dashboard import service as dashboard_service
from exekra.hub.insight.health import api as health
from exekra.hub.insight.health import system
from exekra.hub.insight.search import api as search
from exekra.hub.trust.audit import api as audit
from exekra.hub.upkeep.retention import api as retention
from exekra.hub.upkeep.retention import jobs as retention_jobs
from exekra.hub.web.access import STREAMED, check_table
from exekra.hub.web.answers import error_answers, render_errors
from exekra.hub.web.description import describe
from exekra.hub.web.direct import Direct, DirectRoute
from exekra.hub.web.middleware import RequestMiddleware
from exekra.hub.web.pages import api as pages
from exekra.hub.web.pages import files as page_files
from exekra.hub.web.rate_limit import service as rate_limit_service
from exekra.hub.work.dispatch import api as dispatch
from exekra.hub.work.dispatch import service as dispatch_service
from exekra.hub.work.executions import api as executions
from exekra.hub.work.executions import service as executions_service
from exekra.hub.work.files import api as files
from exekra.hub.work.files import uploads
from exekra.hub.work.history import api as history
from exekra.hub.work.history import service as history_service
from exekra.hub.work.triggers import api as triggers
from exekra.hub.work.triggers import firing as triggers_firing
from exekra.kit.clock import Clock, SystemClock

ROUTERS: tuple[APIRouter, ...] = (
    # Requests are matched against the routes in this order, so the busiest come first.
    history.router,  # before routes that take any word as an execution's id
    executions.router,
    dispatch.router,
    pages.router,
    health.router,
    system.router,
    people.router,
    workflows.router,
    language.router,
    files.router,
    triggers.router,
    runners.router,
    dashboard.router,
    search.router,
    analytics.router,
    audit.router,
    retention.router,
    page_files.router,
)
"""The routes of every slice; the web pages take all other addresses."""

DIRECT: tuple[Direct[Any], ...] = (executions.DIRECT,)
"""The busiest routes, served without FastAPI."""

SERVICES: tuple[Callable[[Hub], AbstractAsyncContextManager[None]], ...] = (
    bus.run,
    contents_service.run,
    rate_limit_service.run,
    people_service.run,
    workflows_service.run,
    language_service.run,
    runners_service.run,
    dispatch_service.run,
    uploads.run,
    executions_service.run,
    history_service.run,
    triggers_firing.run,
    dashboard_service.run,
    runner_retention.run,
    retention_jobs.run,
)
"""The background work of the slices, each an async context manager over the Hub: started in this order, stopped in
reverse.
"""

DESCRIPTION = """
Everything that the web interface does can also be done with this API.

Sign in with `POST /api/session`; send the token from its answer as `Authorization: Bearer TOKEN` (browsers use the
cookie instead). Lists are paged: to get the next page, send `next_cursor` as `cursor`. All errors have the same format:
`{"error": {"code", "message", "where", "hint"}}`.
"""


def create_app(settings: Settings, *, clock: Clock | None = None) -> FastAPI:
    """Create the Hub's ASGI application; it opens the database (and migrates it) when the server starts it.

    Raises:
        DefinitionError: A route is missing in the access table.
    """
    check_table(ROUTERS)
    app = FastAPI(
        title="Exekra Hub",
        version=health.VERSION,
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(settings, clock or SystemClock()),
        separate_input_output_schemas=False,
    )
    app.openapi = describe(app)  # type: ignore[method-assign] # FastAPI's documented way to extend it
    app.router.routes.extend(DirectRoute(one) for one in DIRECT)
    app.router.routes.extend(_routes())
    render_errors(app)
    app.add_middleware(
        RequestMiddleware,
        limit=settings.request_limit_bytes,
        streamed=STREAMED,
        https=settings.secure_cookies,
    )
    return app


@cache
def _routes() -> list[BaseRoute]:
    """Every route. They are shared by the Hubs of a process, because FastAPI takes 0.1 s to prepare them."""
    router = APIRouter(responses=error_answers(422, 503), generate_unique_id_function=lambda route: route.name)
    for one in ROUTERS:
        router.include_router(one)
    return router.routes


def _lifespan(settings: Settings, clock: Clock) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_hub(settings, clock) as hub, AsyncExitStack() as running:
            app.state.hub = hub
            for service in SERVICES:
                await running.enter_async_context(service(hub))
            yield

    return lifespan

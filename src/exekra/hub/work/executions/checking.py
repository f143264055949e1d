"""Checks a draft before it runs, as it would be checked before it is published."""

from __future__ import annotations

import msgspec

from exekra.hub.core.actor import Actor
from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Invalid
from exekra.hub.design.workflows import executable_store
from exekra.hub.design.workflows.service import Workflows, errors_in_words
from exekra.hub.work.executions.intake import reference, usable
from exekra.hub.work.executions.schemas import ExecutionRequest
from exekra.hub.work.restarts.service import Restarts


async def refuse_errors(
    connection: Connection, workflows: Workflows, restarts: Restarts, request: ExecutionRequest, actor: Actor
) -> None:
    """Refuse to run a draft in which the check finds errors; if a single node is run, only its own errors count.

    Raises:
        Invalid: There are errors (code `workflow-invalid`); `problems` has each with its node and field.
        HubError: As `Intake.submit` where there is no such version, or this actor may not run it.
    """
    found = await executable_store.find_asked(connection, [reference(request)])
    _, version = usable(request, actor, found.get(0))
    if version.state != "draft":
        return  # It was checked when it was published.
    graph = await restarts.graph(connection, version.id)
    alone = request.start_at.node if request.start_at is not None and request.start_at.only else None
    errors = [
        problem
        for problem in await workflows.check(connection, graph.flow)
        if problem.severity == "error" and alone in (None, problem.node)
    ]
    if errors:
        raise Invalid(
            f"Version {version.number} has errors: {errors_in_words(errors)}",
            code="workflow-invalid",
            where="body.version",
            hint='Fix them, or send "allow_errors": true: the execution fails when it reaches one.',
            problems=[msgspec.to_builtins(problem) for problem in errors],
        )

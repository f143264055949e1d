"""Runs a workflow that is written in a test, and collects its events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from exekra.engine.run import FileKeeper, Outcome, RunControl, run_flow
from exekra.engine.services.credentials import SecretSource
from exekra.flow.debugging import DebugOptions, StartAt
from exekra.flow.document import load_flow
from exekra.flow.events import Event, Log, NodeTotals

Kind = TypeVar("Kind", bound=Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRun:
    """What a workflow did.

    Attributes:
        events: All events in order.
    """

    outcome: Outcome
    events: tuple[Event, ...]

    def of(self, kind: type[Kind]) -> list[Kind]:
        """The events of one kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def logs(self) -> list[str]:
        """The messages of the log, except those of the level debug."""
        return [event.message for event in self.of(Log) if event.level != "debug"]

    @property
    def counts(self) -> dict[str, int]:
        """How often each node ran; nodes that did not run are missing."""
        return {total.node: total.count for event in self.of(NodeTotals) for total in event.totals}

    @property
    def failures(self) -> dict[str, int]:
        """How often each node failed after its retries; nodes that did not fail are missing."""
        return {total.node: total.failures for event in self.of(NodeTotals) for total in event.totals if total.failures}

    @property
    def warnings(self) -> dict[str, int]:
        """How many warnings each node wrote; nodes that wrote none are missing."""
        return {total.node: total.warnings for event in self.of(NodeTotals) for total in event.totals if total.warnings}


async def run_flow_text(
    text: str,
    *,
    inputs: Mapping[str, Any] | None = None,
    workflows: Mapping[str, str] | None = None,
    work_folder: Path | None = None,
    workflow_folders: Mapping[str, Path] | None = None,
    control: RunControl | None = None,
    secrets: SecretSource | None = None,
    files: FileKeeper | None = None,
    timeout: float | None = None,
    start_at: StartAt | None = None,
    debug: DebugOptions | None = None,
    checkpoint_each: bool = False,
    on_event: Callable[[Event], None] | None = None,
) -> FlowRun:
    """Run a workflow from the text of its document.

    `workflows` holds those that it calls, by name, and a version that it pins by `NAME@NUMBER`.
    `workflow_folders` are those of their files, by the same keys and "" for the workflow itself. `on_event` gets each
    event at once, so that it can give commands to `control`.
    """
    events: list[Event] = []

    def emit(event: Event) -> None:
        events.append(event)
        if on_event is not None:
            on_event(event)

    outcome = await run_flow(
        load_flow(text),
        inputs=inputs or {},
        workflows={name: load_flow(called) for name, called in (workflows or {}).items()},
        emit=emit,
        work_folder=work_folder or Path(),
        workflow_folders=workflow_folders,
        control=control,
        secrets=secrets,
        files=files,
        timeout=timeout,
        start_at=start_at,
        debug=debug,
        checkpoint_each=checkpoint_each,
    )
    return FlowRun(outcome=outcome, events=tuple(events))

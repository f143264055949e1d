"""Run one flow in this process, from its inputs to its outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exekra.engine.compile import CompiledFlow, ExecutionParts
from exekra.engine.control import RunControl
from exekra.engine.debugging.debugger import Debugger
from exekra.engine.debugging.session import Session
from exekra.engine.failures import describe
from exekra.engine.observe.masking import Masker
from exekra.engine.observe.observer import Observer
from exekra.engine.observe.statistics import ExecutionStatistics
from exekra.engine.scheduling import Scheduler
from exekra.engine.scope.checkpoints import Checkpoints
from exekra.engine.scope.outputs import hidden, kept_outputs
from exekra.engine.services.asking import HubConnection
from exekra.engine.services.credentials import SecretSource
from exekra.engine.services.kept_files import FileKeeper, NoFileKeeper
from exekra.engine.services.services import ActivityServices
from exekra.flow.debugging import DebugOptions, StartAt
from exekra.flow.events import EndState, Event, ExecutionFinished, ExecutionStarted, Failure
from exekra.flow.model import Flow
from exekra.sdk.errors import StoppedError, TimedOutError

__all__ = ["FileKeeper", "Outcome", "RunControl", "SecretSource", "run_flow"]

TOTALS_SECONDS = 1.0
"""How often the nodes' figures are reported."""

_STOPPED = Failure(type=StoppedError.__name__, message="The execution was stopped.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an execution ended.

    Attributes:
        outputs: The values as the flow has them: dates are dates, tables are tables. Where secrets were used it is
            plain data, in which they are masked.
        failure: Why it failed or was stopped; None when it completed.
        seconds: How long it took, without the time that it was paused.
        nodes: The total number of nodes that ran, counting each visit.
    """

    state: EndState
    outputs: dict[str, Any]
    failure: Failure | None
    seconds: float
    nodes: int


async def run_flow(
    flow: Flow,
    *,
    inputs: Mapping[str, Any],
    emit: Callable[[Event], None],
    work_folder: Path,
    workflows: Mapping[str, Flow] | None = None,
    workflow_folders: Mapping[str, Path] | None = None,
    control: RunControl | None = None,
    execution_id: str = "local",
    secrets: SecretSource | None = None,
    files: FileKeeper | None = None,
    hub: HubConnection | None = None,
    timeout: float | None = None,
    seconds_used: float = 0.0,
    start_at: StartAt | None = None,
    debug: DebugOptions | None = None,
    checkpoint_each: bool = False,
) -> Outcome:
    """Run a flow. It never raises for what the flow does: that is in the outcome.

    Args:
        flow: A flow that was checked; what is wrong all the same becomes a failure.
        inputs: Values as JSON has them; the declared types are checked, dates and tables are made from them.
        emit: Gets every event in order, from ExecutionStarted to ExecutionFinished. It is called from worker
            threads too, one call at a time, and must not block for long.
        work_folder: Where relative paths of activities start.
        workflows: The flows that may be called, by the keys of the calls (`exekra.flow.calls.Call.key`).
        workflow_folders: Where the files lie that belong to these flows, by the same keys; "" is the flow itself. A
            relative path that is not in the folder of its flow starts at `work_folder`.
        control: The way to stop the execution, and to command its debugger.
        execution_id: What activities see as the execution's id.
        secrets: Where the values of credentials come from; without it a node that needs one fails.
        files: Takes the files that activities keep; without it they cannot keep any.
        hub: Where activities ask their questions; without it one that asks fails.
        timeout: Seconds after which the execution fails; the time that it is paused does not count.
        seconds_used: How many of them passed before it began.
        start_at: Begin at this node with these values; None begins at the start.
        debug: Run under a debugger that obeys the commands given to `control`; None runs at full speed.
        checkpoint_each: Report a checkpoint after every node of the outermost body, not only about once a second.

    Raises:
        asyncio.CancelledError: The calling task was cancelled; the execution was stopped and reported as STOPPED.
    """
    scheduler = Scheduler()
    clock = scheduler.clock
    observer = Observer(emit, Masker(), clock)
    statistics = ExecutionStatistics(observer)
    checkpoints = Checkpoints(observer, each=checkpoint_each)
    services = ActivityServices(
        execution_id=execution_id,
        work_folder=work_folder,
        observer=observer,
        secrets=secrets,
        files=files or NoFileKeeper(),
        hub=hub,
        workflow_folders={
            id({**(workflows or {}), "": flow}[key]): folder for key, folder in (workflow_folders or {}).items()
        },
    )
    debugger = None
    if debug is not None:
        debugger = Debugger(flow, workflows or {}, debug, scheduler=scheduler, observer=observer)
    parts = ExecutionParts(
        workflows=workflows or {},
        scheduler=scheduler,
        observer=observer,
        statistics=statistics,
        checkpoints=checkpoints,
        services=services,
        debugger=debugger,
    )
    loop = asyncio.get_running_loop()
    began = clock()
    observer.emit(ExecutionStarted(at=observer.time_of(began)))

    running = _Running(scheduler, loop.create_task(_run(parts, flow, inputs, start_at, timeout, seconds_used)))
    background = [loop.create_task(_emit_totals(statistics))]
    if debugger is not None and debug is not None:
        control = control or RunControl()
        session = Session(debugger, debug, control, observer)
        session.begin()
        background.append(loop.create_task(session.watch(running.stop)))
        control.attend(lambda: _call_in(loop, session.obey))
    if control is not None:
        if control.stopped:
            running.stop()  # At once: not a single node runs.
        control.listen(lambda: _call_in(loop, running.stop))
    cancelled = await running.wait()
    for watching in background:
        watching.cancel()
    if control is not None:
        control.end()
    state, outputs, failure = running.end()
    kept: dict[str, Any] = {}
    if state == "COMPLETED":
        try:
            kept = kept_outputs(outputs, observer)
        except Exception as error:
            state, outputs, failure = "FAILED", {}, observer.masked(describe(error, flow.name))
    if state != "COMPLETED":
        checkpoints.emit()
    await services.close()
    seconds = clock() - began - (debugger.root.lost if debugger is not None else 0.0)
    statistics.emit_totals(all=True)
    observer.finish(
        ExecutionFinished(
            at=observer.now(),
            state=state,
            outputs=kept,
            failure=failure,
            seconds=seconds,
            nodes=statistics.visits,
        )
    )
    if cancelled:
        raise asyncio.CancelledError
    return Outcome(
        state=state, outputs=hidden(outputs, observer), failure=failure, seconds=seconds, nodes=statistics.visits
    )


class _Running:
    """The task that walks through the flow, and the wish to stop it."""

    def __init__(self, scheduler: Scheduler, task: asyncio.Task[tuple[dict[str, Any], Failure | None]]) -> None:
        self._scheduler = scheduler
        self._task = task
        self._reason = _STOPPED

    def stop(self, reason: Failure = _STOPPED) -> None:
        """Stop it; the first reason counts."""
        if not self._scheduler.stopping:
            self._scheduler.stopping, self._reason = True, reason
            self._task.cancel()

    async def wait(self) -> bool:
        """Wait for its end; whether the waiting task was cancelled meanwhile, which stops it."""
        try:
            await asyncio.wait((self._task,))
        except asyncio.CancelledError:
            self.stop()
            await asyncio.wait((self._task,))
            return True
        return False

    def end(self) -> tuple[EndState, dict[str, Any], Failure | None]:
        """How it ended."""
        # An exception here is one that is not the flow's, such as KeyboardInterrupt; it ends the loop by itself.
        ended = None if self._task.cancelled() or self._task.exception() is not None else self._task.result()
        if ended is None or (self._scheduler.stopping and ended[1] is not None):
            return "STOPPED", {}, self._reason
        outputs, failure = ended
        return "COMPLETED" if failure is None else "FAILED", outputs, failure


async def _run(
    parts: ExecutionParts,
    flow: Flow,
    inputs: Mapping[str, Any],
    start_at: StartAt | None,
    timeout: float | None,
    seconds_used: float,
) -> tuple[dict[str, Any], Failure | None]:
    """The outputs, or why there are none."""
    try:
        async with asyncio.timeout(None if timeout is None else timeout - seconds_used) as timer:
            if parts.debugger is not None:
                parts.debugger.root.timer = timer
            compiled = CompiledFlow(parts, flow)
            outputs = await (compiled.run(inputs) if start_at is None else compiled.run_from(start_at, inputs))
            return await parts.services.keep_outputs(flow, outputs), None
    except TimeoutError as error:
        if timer.expired() and timeout is not None:
            over = TimedOutError(f"The execution took longer than its limit of {timeout:g} s.")
            return {}, describe(over, flow.name)
        return {}, parts.observer.masked(describe(error, flow.name))
    except Exception as error:
        return {}, parts.observer.masked(describe(error, flow.name))


async def _emit_totals(statistics: ExecutionStatistics) -> None:
    while True:
        await asyncio.sleep(TOTALS_SECONDS)
        statistics.emit_totals()


def _call_in(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    try:
        loop.call_soon_threadsafe(callback)
    except RuntimeError:
        return  # The loop is closed: the execution has ended.

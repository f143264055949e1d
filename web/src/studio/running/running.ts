import { createStore, type StoreApi } from "zustand/vanilla";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { ApiError, HubAwayError } from "@/shared/api/errors";
import { queryClient } from "@/shared/api/queries";
import { openStream } from "@/shared/api/stream";
import { outermost } from "@/shared/flow/calls";
import type { Flow, Json } from "@/shared/flow/document";
import { LogRing, type LogLine } from "@/shared/log/logRing";
import { toldError } from "@/shared/ui/told";
import { breakpointsOf, watchId } from "@/studio/running/breakpoints";
import { EVENT_NAMES, isFinal, type LogEvent, type RunEvent } from "@/studio/running/events";
import { rememberedWatches } from "@/studio/running/memory";
import { advance, NO_RUN, shownOf, type Question, type RunState } from "@/studio/running/runState";
import { overlayOf, settled, toldOf } from "@/studio/running/told";
import { WayBack } from "@/studio/running/wayBack";
import type { EditorStore } from "@/studio/state/editor";
import type { Saving } from "@/studio/state/saving";

type Command = Schemas["Commands"]["commands"][number];

/** What is to run, and with what. */
export interface Wish extends Question {
  readonly inputs: Readonly<Record<string, Json>>;
  /** The Runner's id; null for any that is free. */
  readonly runner: string | null;
  /** The values to begin with in the middle. */
  readonly scope: Readonly<Record<string, Json>> | null;
  /** Run it although the check found errors. */
  readonly allowErrors: boolean;
}

/** Between two drawings of what came; a burst of events is drawn once. */
const GATHER_MILLISECONDS = 33;
/** The same while so much comes that drawing it would take all the time there is. */
const GATHER_MANY_MILLISECONDS = 90;
const MANY = 60;
const BREAKPOINTS_MILLISECONDS = 150;
/** A live execution that told more than this is not told again from its beginning. */
const MOST_REPLAYED = 20_000;
const FIRST_LINES = 1_000;

/** Runs the page's workflow, shows what it tells, and commands its debug session. */
export class Running {
  readonly store: StoreApi<RunState>;
  readonly log = new LogRing();
  private pending: RunEvent[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private breakpointsTimer: ReturnType<typeof setTimeout> | undefined;
  private drawnAt = 0;
  private gather = GATHER_MILLISECONDS;
  private closeStream: () => void = () => undefined;
  /** Grows whenever another execution, or none, is to be shown: what was asked for before then comes too late. */
  private turn = 0;
  private readonly wayBack: WayBack;

  constructor(
    private readonly editor: EditorStore,
    private readonly saving: Saving,
  ) {
    const watches = rememberedWatches.read(editor.getState());
    this.store = createStore<RunState>(() => ({ ...NO_RUN, watches }));
    this.wayBack = new WayBack(editor);
    editor.subscribe((state, before) => {
      if (state.flow.layout.breakpoints !== before.flow.layout.breakpoints) this.breakpointsChanged();
    });
  }

  /** End listening; the execution goes on, a debug session until its Runner sees that nobody is there. */
  dispose(): void {
    this.turn += 1;
    this.disconnect();
    this.wayBack.forget();
    clearTimeout(this.breakpointsTimer);
  }

  /** Ask for what is needed to run; `error` is why it could not be run without asking. */
  ask(question: Question, error: unknown = null): void {
    this.set({ asking: question, askedAfter: error });
  }

  /** The question was answered, or nobody wants to. */
  close(): void {
    this.set({ asking: null, askedAfter: null });
  }

  /**
   * Run it; what is unsaved is saved first.
   *
   * Errors: `ApiError` where the Hub refuses, `HubAwayError` where it does not answer.
   */
  async start(wish: Wish): Promise<void> {
    if (this.isBusy()) return;
    this.turn += 1;
    const before = this.store.getState();
    this.set({ phase: "starting" });
    try {
      if (!wish.published && !(await this.saving.saveToRun())) throw notSaved();
      const execution = await dataOf(api.POST("/api/executions", { body: this.requestOf(wish) }));
      this.begin({ ...NO_RUN, shown: shownOf(execution), state: execution.state, phase: "live", begunAt: Date.now() });
      this.editor.actions.setLastRun(execution.id);
      if (this.editor.getState().panels.bottom === null) this.editor.actions.openPanel("bottom", "log");
      this.connect(execution.id, 0);
    } catch (error) {
      this.set({ phase: before.phase });
      throw error;
    }
  }

  private requestOf({
    inputs,
    runner,
    debug,
    published,
    startAt,
    scope,
    allowErrors,
  }: Wish): Schemas["ExecutionRequest"] {
    const { workflowId, basedOn, flow } = this.editor.getState();
    const start = startAt === null ? {} : { start_at: { ...startAt, scope } };
    return {
      workflow: workflowId,
      inputs,
      interactive: true,
      studio: true,
      allow_errors: allowErrors,
      ...(published ? {} : { version: basedOn }),
      ...(runner !== null && { runner }),
      ...(debug && {
        debug: { breakpoints: [...breakpointsOf(flow)], pause_at_start: false, pause_on_failure: true },
      }),
      ...start,
    } as Schemas["ExecutionRequest"];
  }

  /** Show an execution that is there already; one that goes on is followed. */
  async show(id: string): Promise<void> {
    const turn = (this.turn += 1);
    const params = { path: { execution_id: id } };
    const execution = await dataOf(api.GET("/api/executions/{execution_id}", { params }));
    const over = isFinal(execution.state);
    const begunAt = execution.started_at === null ? null : Date.parse(execution.started_at);
    const shown = { ...NO_RUN, shown: shownOf(execution), state: execution.state, begunAt };
    const replay = !over && execution.last_sequence <= MOST_REPLAYED;
    const [visits, lines] = replay ? [[], []] : await Promise.all([this.visitsOf(id), this.linesOf(id)]);
    if (turn !== this.turn) return;
    this.begin({
      ...shown,
      phase: over ? "ended" : "live",
      told: toldOf(visits, over),
      seconds: execution.seconds,
      outputs: execution.outputs as RunState["outputs"],
      failure: execution.failure,
      stoppedBy: execution.stop_requested_by_name,
    });
    lines.forEach((line) => this.log.push(line));
    this.set({ lines: lines.length });
    this.editor.actions.setLastRun(id);
    this.draw();
    if (over) this.revealFailure();
    else this.connect(id, replay ? 0 : execution.last_sequence);
  }

  private async visitsOf(id: string): Promise<readonly Schemas["NodeVisit"][]> {
    const params = { path: { execution_id: id } };
    return (await dataOf(api.GET("/api/executions/{execution_id}/nodes", { params }))).items;
  }

  private async linesOf(id: string): Promise<LogLine[]> {
    const params = { path: { execution_id: id }, query: { order: "newest" as const, limit: FIRST_LINES } };
    const { items } = await dataOf(api.GET("/api/executions/{execution_id}/logs", { params }));
    return items
      .map(({ sequence, at, level, message, node }) => ({
        sequence,
        at: Date.parse(at),
        level: level as LogLine["level"],
        message,
        node,
      }))
      .reverse();
  }

  /** Ask for its end. Asking again does no harm. */
  async stop(): Promise<void> {
    const { shown, phase } = this.store.getState();
    if (shown === null || phase !== "live") return;
    this.set({ stopping: true });
    try {
      await api.POST("/api/executions/{execution_id}/stop", { params: { path: { execution_id: shown.id } } });
    } catch (error) {
      // It has ended by itself meanwhile: the stream says so.
      if (error instanceof ApiError && error.status === 409) return;
      this.set({ stopping: false });
      toldError(error);
    }
  }

  /** Show no execution any more; one that runs goes on. */
  clear(): void {
    this.turn += 1;
    this.disconnect();
    this.log.clear();
    this.store.setState({ ...NO_RUN, watches: this.store.getState().watches }, true);
    this.editor.actions.setRunOverlay(null);
    this.editor.actions.setRunPhase("none");
  }

  /** Tell the debug session what to do. */
  async command(...commands: readonly Command[]): Promise<void> {
    const { shown, phase } = this.store.getState();
    if (shown === null || !shown.debug || phase !== "live") return;
    for (const { command } of commands) this.wayBack.onCommand(command);
    const params = { path: { execution_id: shown.id } };
    try {
      await api.POST("/api/executions/{execution_id}/debug", { params, body: { commands: [...commands] } });
    } catch (error) {
      if (error instanceof ApiError && error.code === "already-ended") return;
      const away = "This did not reach the Hub. Do it again when the Hub is back.";
      toldError(error instanceof HubAwayError ? new Error(away) : error);
    }
  }

  /** Watch these expressions from now on. */
  setWatches(watches: readonly string[]): void {
    this.set({ watches });
    rememberedWatches.write(this.editor.getState(), watches);
    this.evaluateWatches();
  }

  private evaluateWatches(): void {
    const { watches, session } = this.store.getState();
    if (session.pause === null || watches.length === 0) return;
    void this.command(
      ...watches.map((expression) => ({ command: "evaluate" as const, id: watchId(expression), expression })),
    );
  }

  private breakpointsChanged(): void {
    clearTimeout(this.breakpointsTimer);
    this.breakpointsTimer = setTimeout(() => {
      const { flow } = this.editor.getState();
      void this.command({ command: "set_breakpoints", breakpoints: [...breakpointsOf(flow)] });
    }, BREAKPOINTS_MILLISECONDS);
  }

  private begin(run: RunState): void {
    this.disconnect();
    this.log.clear();
    this.store.setState({ ...run, watches: this.store.getState().watches }, true);
    this.draw();
  }

  private connect(id: string, after: number): void {
    const url = `/api/executions/${id}/stream${after > 0 ? `?last_event_id=${after}` : ""}`;
    let heard = after;
    const onEvent = (name: string, data: unknown, sequence: string) => {
      // After an interruption the Hub may repeat events. Its own `state` has no sequence: the browser repeats the last.
      if (name !== "state") {
        if (Number(sequence) <= heard) return;
        heard = Number(sequence);
      }
      const event = name === "state" ? { ...(data as object), event: name } : data;
      if (name === "log") this.log.push(lineOf(event as LogEvent, Number(sequence)));
      this.pending.push(event as RunEvent);
      const wait = Math.max(0, this.drawnAt + this.gather - performance.now());
      this.timer ??= setTimeout(() => this.flush(), wait);
    };
    const onConnected = (connected: boolean) => {
      if (this.store.getState().phase === "live") this.set({ connected });
    };
    this.closeStream = openStream(url, EVENT_NAMES, { onEvent, onConnected }, { whileHidden: true });
  }

  private disconnect(): void {
    this.closeStream();
    this.closeStream = () => undefined;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.pending = [];
  }

  /** Take in what came since the last time. */
  private flush(): void {
    this.timer = undefined;
    this.drawnAt = performance.now();
    const events = this.pending;
    this.pending = [];
    this.gather = events.length > MANY ? GATHER_MANY_MILLISECONDS : GATHER_MILLISECONDS;
    const before = this.store.getState();
    const after = advance(before, events);
    this.store.setState(after, true);
    if (after.told !== before.told) this.draw();
    this.onPauses(before, after);
    if (after.phase === "ended") this.onEnd();
  }

  private draw(): void {
    const { told, phase, shown, session } = this.store.getState();
    const { flow, runOverlay } = this.editor.getState();
    const overlay = overlayOf(told, runOverlay, Object.keys(flow.nodes));
    this.editor.actions.setRunOverlay(shown === null ? null : overlay);
    const debugging = shown?.debug === true && phase === "live";
    const live = session.pause !== null ? "paused" : debugging ? "debugging" : "running";
    this.editor.actions.setRunPhase(phase === "live" ? live : phase === "ended" ? "ended" : "none");
  }

  private onPauses(before: RunState, { session }: RunState): void {
    const { pause } = session;
    if (pause === null && before.session.pause !== null) this.wayBack.onResumed();
    if (pause !== null && pause.number !== before.session.pause?.number) {
      this.wayBack.forget();
      this.reveal(pause.node);
      this.editor.actions.openPanel("right", "debug");
      this.refreshValues();
    }
    if (pause !== null && pause.scope !== before.session.pause?.scope) this.evaluateWatches();
  }

  private onEnd(): void {
    this.disconnect();
    this.wayBack.go();
    this.refreshValues();
    void this.settle();
    void queryClient.invalidateQueries({ queryKey: ["executions", "latest"] });
    const { state } = this.store.getState();
    const { bottom } = this.editor.getState().panels;
    if (state === "FAILED" && (bottom === "log" || bottom === null)) this.editor.actions.openPanel("bottom", "result");
    this.revealFailure();
  }

  /** Show what the Hub stored of the nodes, whatever of the stream was lost. */
  private async settle(): Promise<void> {
    const { turn } = this;
    const { shown } = this.store.getState();
    if (shown === null) return;
    const visits = await this.visitsOf(shown.id).catch(() => null);
    if (visits === null || turn !== this.turn) return;
    const { told, failure } = this.store.getState();
    this.set({ told: settled(told, visits, failure) });
    this.draw();
  }

  /** Forms and previews read what nodes gave from the Hub. */
  private refreshValues(): void {
    const { shown } = this.store.getState();
    if (shown !== null) void queryClient.invalidateQueries({ queryKey: ["executions", shown.id] });
  }

  private revealFailure(): void {
    const { failure, state, told } = this.store.getState();
    const looksElsewhere = this.editor.getState().calls.length > 0;
    if (state !== "FAILED" || failure === null || looksElsewhere) return;
    if (failure.node && !failure.workflow) this.reveal(failure.node);
    else {
      // A failure inside of a called workflow shows at the node that called it.
      const failed = [...told.nodes].findLast(([node, known]) => !node.includes("/") && known.outcome === "failed");
      if (failed !== undefined) this.reveal(failed[0]);
    }
  }

  private reveal(node: string): void {
    if (hasNode(this.editor.getState().flow, outermost(node))) this.editor.actions.revealNode(node);
  }

  private isBusy(): boolean {
    const { phase } = this.store.getState();
    return phase === "starting" || phase === "live";
  }

  private set(part: Partial<RunState>): void {
    this.store.setState(part);
  }
}

function hasNode(flow: Flow, id: string): boolean {
  return Object.hasOwn(flow.nodes, id);
}

function lineOf({ at, level = "info", message, node = null }: LogEvent, sequence: number): LogLine {
  return { sequence, at: at * 1000, level, message, node };
}

function notSaved(): ApiError {
  return new ApiError(
    409,
    "not-saved",
    "It was not started, because your changes could not be saved.",
    null,
    "The save status above says why. Once it is saved, run it again.",
  );
}

import { createStore, type StoreApi } from "zustand/vanilla";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { ApiError, isPassing } from "@/shared/api/errors";
import type { Flow } from "@/shared/flow/document";
import { readDocument } from "@/shared/flow/readDocument";
import { writeDocument } from "@/shared/flow/writeDocument";
import { confirmFirst } from "@/shared/ui/confirm";
import { toldError } from "@/shared/ui/told";
import { arranged } from "@/studio/state/arranging";
import { isDirty, isUnsaved, type EditorState, type EditorStore } from "@/studio/state/editor";

/** Another version was saved since the edited one: theirs, and the one that both began with. */
export interface Conflict {
  readonly theirs: Schemas["VersionWithDocument"];
  readonly theirFlow: Flow;
  readonly base: Flow;
}

export interface SavingState {
  /** `waiting` means that the Hub is away, or wants a new sign-in, and that saving is tried again by itself. */
  readonly status: "idle" | "saving" | "waiting" | "failed";
  readonly error: unknown;
  readonly conflict: Conflict | null;
  /** When it was saved last on this page. */
  readonly savedAt: number | null;
}

/** How to save. */
interface Wish {
  readonly note: string;
  readonly breakCallers: boolean;
  /** As a working copy. */
  readonly working: boolean;
}

const RETRY_MILLISECONDS = 3_000;

/** Saves the editor's flow as versions, and goes on by itself after what passes. */
export class Saving {
  readonly store: StoreApi<SavingState> = createStore(() => ({
    status: "idle",
    error: null,
    conflict: null,
    savedAt: null,
  }));
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<boolean> | null = null;

  constructor(
    private readonly editor: EditorStore,
    private readonly onSaved: (answer: Schemas["SavedAnswer"]) => void,
  ) {}

  /**
   * Save what is there now as the next version, after a save that is under way: what was changed since is not part of
   * that. Gives whether what was there is saved afterwards.
   */
  save(note = "", breakCallers = false): Promise<boolean> {
    return this.saveAfter({ note, breakCallers, working: false });
  }

  /** Save a working copy of what is there now, to run it. Gives whether the Hub has it afterwards. */
  saveToRun(): Promise<boolean> {
    return this.saveAfter({ note: "Saved to run it", breakCallers: false, working: true });
  }

  private saveAfter(wish: Wish): Promise<boolean> {
    const before = this.running;
    const saved = before === null ? this.saveNow(wish) : before.then((done) => done && this.saveNow(wish));
    const running = saved.finally(() => {
      if (this.running === running) this.running = null;
    });
    this.running = running;
    return running;
  }

  /** Go on from the other version, with `flow` as what is edited: a merge, one's own, or theirs. */
  settle(flow: Flow): void {
    const { conflict } = this.store.getState();
    if (conflict === null) return;
    this.editor.actions.setSaved({ number: conflict.theirs.number, flow: conflict.theirFlow }, flow);
    this.store.setState({ conflict: null, status: "idle", error: null });
  }

  dismiss(): void {
    this.store.setState({ conflict: null, status: "idle", error: null });
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async saveNow(wish: Wish): Promise<boolean> {
    const { note, breakCallers, working } = wish;
    const state = this.editor.getState();
    if (!(working ? isDirty(state) : isUnsaved(state)) || state.readOnly) return true;
    clearTimeout(this.timer);
    this.store.setState({ status: "saving", error: null });
    const { flow, basedOn, workflowId } = state;
    try {
      const body = { document: writeDocument(flow), based_on: basedOn, note, working, ...renamed(state) };
      const path = { workflow_id: workflowId };
      const params = { path, query: { break_callers: breakCallers } };
      const answer = await dataOf(api.POST("/api/workflows/{workflow_id}/versions", { params, body }));
      this.editor.actions.setSaved({ number: answer.version.number, flow, working: answer.version.working });
      this.store.setState({ status: "idle", savedAt: Date.now() });
      this.onSaved(answer);
      return true;
    } catch (error) {
      await this.failed(error, wish).catch((second: unknown) => this.wait(second, wish));
      return false;
    }
  }

  private async failed(error: unknown, wish: Wish): Promise<void> {
    if (error instanceof ApiError && error.code === "version-conflict") {
      this.store.setState({ status: "failed", error, conflict: await this.readConflict() });
    } else if (error instanceof ApiError && error.code === "has-callers") {
      this.store.setState({ status: "failed", error });
      this.askToBreakCallers(error, wish);
    } else {
      this.wait(error, wish);
    }
  }

  private askToBreakCallers(error: ApiError, wish: Wish): void {
    confirmFirst({
      title: "Rename it although other workflows call it?",
      text: error.message,
      label: "Rename",
      danger: true,
      action: async () => {
        await this.saveAfter({ ...wish, breakCallers: true });
      },
    });
  }

  private wait(error: unknown, wish: Wish): void {
    const passes = isPassing(error) || (error instanceof ApiError && error.status === 401);
    this.store.setState({ status: passes ? "waiting" : "failed", error });
    if (passes)
      this.timer = setTimeout(() => void this.saveAfter({ ...wish, breakCallers: false }), RETRY_MILLISECONDS);
    else toldError(error);
  }

  private async readConflict(): Promise<Conflict> {
    const { workflowId, savedFlow, catalogue } = this.editor.getState();
    const workflow = await dataOf(
      api.GET("/api/workflows/{workflow_id}", { params: { path: { workflow_id: workflowId } } }),
    );
    const path = { workflow_id: workflowId, number: workflow.latest_number };
    const theirs = await dataOf(api.GET("/api/workflows/{workflow_id}/versions/{number}", { params: { path } }));
    return { theirs, theirFlow: await arranged(readDocument(theirs.document), catalogue), base: savedFlow };
  }
}

/** The workflow's name and description where they were changed here. */
function renamed({ flow, savedFlow }: EditorState): { name?: string; description?: string } {
  return {
    ...(flow.name !== savedFlow.name && { name: flow.name }),
    ...(flow.description !== savedFlow.description && { description: flow.description }),
  };
}

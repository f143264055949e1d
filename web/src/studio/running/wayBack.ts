import type { EditorStore } from "@/studio/state/editor";

/** After *Continue* the next breakpoint is often met at once; the canvas does not flicker for that. */
const PATIENCE_MILLISECONDS = 700;

/**
 * Brings the canvas back from a called workflow that was shown because the execution paused there. After a step the next
 * pause says where to go, or the end.
 */
export class WayBack {
  private leaves: readonly string[] | null = null;
  private steps = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly editor: EditorStore) {}

  /** Somebody wants it to go on. */
  onCommand(command: string): void {
    if (command === "resume") this.steps = false;
    if (command.startsWith("step_")) this.steps = true;
  }

  /** It goes on from a pause. */
  onResumed(): void {
    this.forget();
    this.leaves = this.editor.getState().calls;
    if (!this.steps) this.timer = setTimeout(() => this.go(), PATIENCE_MILLISECONDS);
  }

  /** Back to the workflow itself, unless somebody has gone elsewhere since. */
  go(): void {
    const { calls } = this.editor.getState();
    if (calls.length > 0 && calls === this.leaves) this.editor.actions.lookInto([]);
    this.forget();
  }

  /** The canvas stays where it is. */
  forget(): void {
    clearTimeout(this.timer);
    this.leaves = null;
  }
}

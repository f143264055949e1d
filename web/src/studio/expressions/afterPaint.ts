/**
 * Does something soon after the browser has shown what was typed, once for all that was typed meanwhile: in a workflow
 * of a thousand steps the letters come at once, and the rest of the page follows.
 */
export class AfterPaint {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frame: number | undefined;

  constructor(private readonly action: () => void) {}

  /** Do it soon. */
  ask(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.timer = setTimeout(() => this.now());
    });
  }

  /** Do it at once, where it was asked for. */
  now(): void {
    if (this.frame === undefined) return;
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.frame = undefined;
    this.action();
  }
}

const FOCUSABLE =
  "input:not([disabled]), textarea:not([disabled]), [role=textbox], [contenteditable=true], button:not([disabled])";

/** Brings a field of a form into view and gives it the focus. `path` may lead into its value: `rows.0.price`. */
export function focusField(form: HTMLElement, path: string): void {
  // A section that was closed a moment ago is drawn first.
  requestAnimationFrame(() => {
    const steps = path.split(".");
    for (let length = steps.length; length > 0; length--) {
      const name = steps.slice(0, length).join(".");
      const field = form.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"]`);
      if (!field) continue;
      field.scrollIntoView({ block: "nearest" });
      // What is typed comes before the buttons around it.
      const [typed] = [...field.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((found) => found.tagName !== "BUTTON");
      (typed ?? field.querySelector<HTMLElement>(FOCUSABLE))?.focus();
      return;
    }
  });
}

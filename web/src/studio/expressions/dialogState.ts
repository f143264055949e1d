import { createStore } from "zustand/vanilla";

/** The field that the large editor is open for. */
export interface DialogField {
  label: string;
  value: string;
  onChange: (value: string) => void;
  multiline?: boolean;
  field?: string | undefined;
}

/** Which field the large editor shows; null while it is closed. One dialog serves all fields of a form. */
export const dialogStore = createStore<{ field: DialogField | null }>(() => ({ field: null }));

/** Opens the large editor for a field. */
export function openExpressionDialog(field: DialogField): void {
  dialogStore.setState({ field });
}

/** Closes it; what was written stays in the field. */
export function closeExpressionDialog(): void {
  dialogStore.setState({ field: null });
}

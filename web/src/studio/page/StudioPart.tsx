import type { ReactNode } from "react";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { useEditor } from "@/studio/state/editor";

interface Props {
  what: string;
  waiting?: ReactNode;
  /** What closes a part that has no place of its own. */
  onClose?: () => void;
  children: ReactNode;
}

/** A part of Studio that may fail alone. It is tried again when something else is selected, and when an edit is undone. */
export function StudioPart(props: Props) {
  const at = useEditor(({ selection, history }) => `${selection.nodes[0]} ${history.past.length}`);
  return <ErrorBoundary resetKey={at} {...props} />;
}

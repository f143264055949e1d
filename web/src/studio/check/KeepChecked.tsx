import { useEffect } from "react";
import { useFlowCheck } from "@/studio/check/useFlowCheck";
import { useEditorActions } from "@/studio/state/editor";

/** Keeps the editor's problems those of the flow as it stands. It shows nothing. */
export function KeepChecked() {
  const { problems } = useFlowCheck();
  const { setProblems } = useEditorActions();
  useEffect(() => setProblems(problems), [problems, setProblems]);
  return null;
}

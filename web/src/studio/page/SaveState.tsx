import { Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useStore } from "zustand";
import { inWords } from "@/shared/api/errors";
import classes from "@/studio/page/Studio.module.css";
import { workflowQuery } from "@/shared/workflows/queries";
import { useStudio } from "@/studio/core/studio";
import { isUnsaved, useEditor } from "@/studio/state/editor";

/** Which version is open, whether there is something unsaved, and which version is live. */
export function SaveState() {
  const { saving } = useStudio();
  const { status, error } = useStore(saving.store);
  const unsaved = useEditor(isUnsaved);
  const working = useEditor((state) => state.working);
  const id = useEditor((state) => state.workflowId);
  const { data: workflow } = useQuery(workflowQuery(id));
  const number = useEditor((state) => state.basedOn);
  const readOnly = useEditor((state) => state.readOnly);
  const words = readOnly ? "read-only" : wordsFor(status, unsaved);
  return (
    <Tooltip label={inWords(error)} disabled={status !== "failed" && status !== "waiting"} multiline maw={360}>
      <span className={classes.state} role="status">
        {working ? "Working copy" : `Version ${number}`} · {words}
        {workflow && ` · ${liveWords(workflow.published_number)}`}
      </span>
    </Tooltip>
  );
}

function wordsFor(status: "idle" | "saving" | "waiting" | "failed", unsaved: boolean): string {
  if (status === "saving") return "saving";
  if (status === "waiting") return "not saved yet, trying again";
  if (status === "failed") return "could not be saved";
  return unsaved ? "unsaved changes" : "saved";
}

function liveWords(published: number | null): string {
  return published === null ? "nothing is live yet" : `version ${published} is live`;
}

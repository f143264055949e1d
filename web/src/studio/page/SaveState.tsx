import { Tooltip } from "@mantine/core";
import { useStore } from "zustand";
import { inWords } from "@/shared/api/errors";
import classes from "@/studio/page/Studio.module.css";
import { useStudio } from "@/studio/core/studio";
import { isDirty, useEditor } from "@/studio/state/editor";

/** Which version is open, and whether there is something unsaved. */
export function SaveState() {
  const { saving } = useStudio();
  const { status, error } = useStore(saving.store);
  const dirty = useEditor(isDirty);
  const number = useEditor((state) => state.basedOn);
  const readOnly = useEditor((state) => state.readOnly);
  const words = readOnly ? "to look at" : wordsFor(status, dirty);
  return (
    <Tooltip label={inWords(error)} disabled={status !== "failed" && status !== "waiting"} multiline maw={360}>
      <span className={classes.state} role="status">
        Version {number} · {words}
      </span>
    </Tooltip>
  );
}

function wordsFor(status: "idle" | "saving" | "waiting" | "failed", dirty: boolean): string {
  if (status === "saving") return "saving";
  if (status === "waiting") return "not saved yet, trying again";
  if (status === "failed") return "could not be saved";
  return dirty ? "unsaved changes" : "saved";
}

import { Alert, Button, Collapse, Group } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { api, dataOf } from "@/shared/api/client";
import { readDocument } from "@/shared/flow/readDocument";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { Ago } from "@/shared/ui/Ago";
import { ChangeArea } from "@/studio/keeping/ChangeArea";
import { dropDraft, leftDrafts, type Draft } from "@/studio/keeping/drafts";
import classes from "@/studio/keeping/keeping.module.css";
import { compareFlows } from "@/studio/model/compare";
import { useStudio } from "@/studio/core/studio";
import { useEditor } from "@/studio/state/editor";

/** Offers the unsaved changes that a closed page left behind. */
export function DraftOffer() {
  const { store, canvas } = useStudio();
  const readOnly = useEditor((state) => state.readOnly);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [looking, setLooking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (readOnly) return;
    let left = false;
    void leftDrafts(store.getState()).then(
      ([newest]) => {
        if (!left) setDraft(newest ?? null);
      },
      () => undefined, // A browser that keeps nothing has nothing to offer.
    );
    return () => {
      left = true;
    };
  }, [store, readOnly]);
  const changes = useMemo(
    () => (draft === null ? null : compareFlows(store.getState().savedFlow, readDocument(draft.document))),
    [draft, store],
  );
  if (draft === null) return null;
  const discard = () => {
    void dropDraft(draft, draft.page);
    setDraft(null);
  };
  const restore = async () => {
    try {
      const { basedOn, savedFlow, workflowId } = store.getState();
      const flow = readDocument(draft.document);
      const base = draft.basedOn === basedOn ? savedFlow : await versionOf(workflowId, draft.basedOn);
      store.actions.setSaved({ number: draft.basedOn, flow: base }, flow);
      canvas.current?.fit();
      discard();
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Alert
      className={classes.offer}
      icon={<IconHistory size={18} />}
      title={
        <>
          You have unsaved changes <Ago at={new Date(draft.at).toISOString()} />
        </>
      }
    >
      {error !== null && <ErrorPanel error={error} />}
      <Collapse expanded={looking}>
        {changes !== null && <ChangeArea changes={changes} label="Unsaved changes" />}
      </Collapse>
      <Group gap="xs" mt="xs">
        <Button size="xs" onClick={() => void restore()}>
          Restore
        </Button>
        <Button size="xs" variant="default" aria-expanded={looking} onClick={() => setLooking(!looking)}>
          {looking ? "Hide differences" : "Show differences"}
        </Button>
        <Button size="xs" variant="subtle" color="red" onClick={discard}>
          Discard
        </Button>
      </Group>
    </Alert>
  );
}

async function versionOf(workflowId: string, number: number) {
  const path = { workflow_id: workflowId, number };
  const version = await dataOf(api.GET("/api/workflows/{workflow_id}/versions/{number}", { params: { path } }));
  return readDocument(version.document);
}

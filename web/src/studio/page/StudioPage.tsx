import { Box } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Catalogue } from "@/shared/flow/catalogue";
import type { Flow } from "@/shared/flow/document";
import { readDocument } from "@/shared/flow/readDocument";
import { catalogueQuery } from "@/shared/flow/useCatalogue";
import { useMay, useUser } from "@/shared/session/session";
import { LoadingPage } from "@/shared/ui/LoadingPage";
import { UnreadPage } from "@/shared/ui/Nowhere";
import { versionQuery } from "@/studio/state/opening";
import { CommandsContext } from "@/studio/core/command";
import { CanvasSlot } from "@/studio/core/canvasPort";
import { StudioContext, type Studio } from "@/studio/core/studio";
import { commands } from "@/studio/page/commands";
import { StudioFrame } from "@/studio/page/StudioFrame";
import { Running } from "@/studio/running/running";
import { arranged } from "@/studio/state/arranging";
import { createEditor, EditorContext } from "@/studio/state/editor";
import { Saving } from "@/studio/state/saving";
import { refreshWorkflow } from "@/shared/workflows/queries";

const route = getRouteApi("/pages/studio/$workflowId");

interface Opened {
  readonly flow: Flow;
  readonly catalogue: Catalogue;
  readonly number: number;
  readonly working: boolean;
  /** Whether it is another version than the newest. */
  readonly old: boolean;
}

/** A version of a workflow, the newest one without a number, with a place for every step. */
const openedQuery = (workflowId: string, wanted: number | undefined) =>
  queryOptions({
    queryKey: ["studio", workflowId, wanted ?? "newest"],
    gcTime: 0,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    structuralSharing: false,
    queryFn: async ({ client }): Promise<Opened> => {
      const [catalogue, { workflow, version }] = await Promise.all([
        client.ensureQueryData(catalogueQuery),
        client.fetchQuery(versionQuery(workflowId, wanted)),
      ]);
      const old = version.number !== workflow.latest_number;
      const flow = await arranged(readDocument(version.document), catalogue);
      // The newest one is edited with the name and the description that the workflow has by now.
      const name = old ? flow.name : workflow.name;
      const description = old ? flow.description : workflow.description || flow.description;
      return { catalogue, number: version.number, working: version.working, old, flow: { ...flow, name, description } };
    },
  });

/** Studio: a workflow to be drawn, run and debugged. */
export function StudioPage() {
  const { workflowId } = route.useParams();
  const { version } = route.useSearch();
  const { data, error, isPending, refetch } = useQuery(openedQuery(workflowId, version));
  if (isPending) return <LoadingPage />;
  if (error) {
    return (
      <Box p="lg" maw={760}>
        <UnreadPage error={error} onRetry={() => void refetch()} to="/workflows" label="All workflows" />
      </Box>
    );
  }
  return (
    <OpenedStudio key={`${workflowId} ${data.old ? data.number : "newest"}`} workflowId={workflowId} opened={data} />
  );
}

function OpenedStudio({ workflowId, opened }: { workflowId: string; opened: Opened }) {
  const readOnly = !useMay("DEVELOPER") || opened.old;
  const { id: userId } = useUser();
  const [studio] = useState((): Studio => {
    const { flow, catalogue, number, working } = opened;
    const store = createEditor({ workflowId, userId, flow, catalogue, basedOn: number, working, readOnly });
    const saving = new Saving(store, () => void refreshWorkflow(workflowId));
    return { store, saving, canvas: new CanvasSlot(), run: new Running(store, saving) };
  });
  useEffect(() => () => studio.saving.stop(), [studio]);
  useEffect(() => {
    document.title = `${opened.flow.name} · Studio · Exekra`;
  }, [opened.flow.name]);
  return (
    <EditorContext value={studio.store}>
      <StudioContext value={studio}>
        <CommandsContext value={commands}>
          <StudioFrame />
        </CommandsContext>
      </StudioContext>
    </EditorContext>
  );
}

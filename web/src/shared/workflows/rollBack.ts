import { api, dataOf } from "@/shared/api/client";
import { confirmFirst } from "@/shared/ui/confirm";
import { told } from "@/shared/ui/told";
import { refreshWorkflow, type Workflow } from "@/shared/workflows/queries";

type Named = Pick<Workflow, "id" | "name">;

async function rollBack({ id }: Named, number: number, publish: boolean): Promise<number> {
  const params = { path: { workflow_id: id, number } };
  const body = { publish, release_notes: publish ? `Version ${number} again` : "" };
  const { version } = await dataOf(
    api.POST("/api/workflows/{workflow_id}/versions/{number}/roll-back", { params, body }),
  );
  await refreshWorkflow(id);
  return version.number;
}

/** Asks whether to take an old version as the next draft; `then` is called once that is done. */
export function askToRollBack(workflow: Named, number: number, then: () => unknown = () => undefined): void {
  confirmFirst({
    title: `Roll ${workflow.name} back to version ${number}?`,
    text: "This creates a draft from it and keeps all versions in between. The live version stays live until you publish the draft.",
    label: "Roll back",
    action: async () => {
      const made = await rollBack(workflow, number, false);
      told(`Version ${made} is a draft of version ${number}.`);
      await then();
    },
  });
}

/** Asks whether to publish an old version again; `then` is called once that is done. */
export function askToMakeLive(workflow: Named, number: number, then: () => unknown = () => undefined): void {
  confirmFirst({
    title: `Make version ${number} of ${workflow.name} live again?`,
    text: "This publishes a copy of it as a new version and keeps all versions in between. From then on, executions run it.",
    label: "Make it live",
    action: async () => {
      const made = await rollBack(workflow, number, true);
      told(`Version ${made}, a copy of version ${number}, is live.`);
      await then();
    },
  });
}

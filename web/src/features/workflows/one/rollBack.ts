import { type Workflow, refreshWorkflow } from "@/shared/workflows/queries";
import { api, dataOf } from "@/shared/api/client";
import { confirmFirst } from "@/shared/ui/confirm";
import { told } from "@/shared/ui/told";

/** Asks whether to take an old version as the next draft. */
export function askToRollBack(workflow: Pick<Workflow, "id" | "name">, number: number): void {
  confirmFirst({
    title: `Roll ${workflow.name} back to version ${number}?`,
    text: "This creates a new draft from it and keeps all versions in between. What runs does not change until you publish the draft.",
    label: "Roll back",
    action: async () => {
      const path = { workflow_id: workflow.id, number };
      const saved = await dataOf(
        api.POST("/api/workflows/{workflow_id}/versions/{number}/roll-back", { params: { path } }),
      );
      told(`Version ${saved.version.number} is a draft of version ${number}.`);
      await refreshWorkflow(workflow.id);
    },
  });
}

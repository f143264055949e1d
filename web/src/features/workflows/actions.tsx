import { Text } from "@mantine/core";
import { Callers } from "@/features/workflows/Callers";
import { DuplicateForm } from "@/features/workflows/create/DuplicateForm";
import { EditForm } from "@/features/workflows/EditForm";
import type { Overview } from "@/features/workflows/queries";
import { type Workflow, refreshWorkflow } from "@/shared/workflows/queries";
import { api } from "@/shared/api/client";
import { queryClient } from "@/shared/api/queries";
import { confirmFirst } from "@/shared/ui/confirm";
import { openDialog } from "@/shared/ui/dialogs";
import { told } from "@/shared/ui/told";

type AnyWorkflow = Workflow | Overview;

/** Asks for a copy's name and makes it. */
export function askToDuplicate(workflow: AnyWorkflow, onMade: (id: string) => void): void {
  openDialog(`Duplicate ${workflow.name}`, (close) => (
    <DuplicateForm workflow={workflow} onClose={close} onMade={onMade} />
  ));
}

/** Asks for another name, description and tags. */
export function askToEdit(workflow: AnyWorkflow): void {
  openDialog("Name, description and tags", (close) => <EditForm workflow={workflow} onClose={close} />);
}

/** Asks whether to put it out of use. */
export function askToArchive(workflow: AnyWorkflow): void {
  confirmFirst({
    title: `Archive ${workflow.name}?`,
    text: (
      <>
        Archived workflows are hidden and cannot run. Its name becomes free. Its versions and executions are kept, and
        it can be restored.
        <Text size="sm" fw={600} mt="xs">
          <Callers id={workflow.id} then="will fail where they call it." linked={false} />
        </Text>
      </>
    ),
    label: "Archive",
    danger: true,
    action: async () => {
      const path = { workflow_id: workflow.id };
      const query = { break_callers: true }; // they were named above
      await api.POST("/api/workflows/{workflow_id}/archive", { params: { path, query } });
      told(`${workflow.name} was archived.`);
      await refreshWorkflow(workflow.id);
    },
  });
}

/** Takes it out of the archive. */
export async function restore(workflow: AnyWorkflow): Promise<void> {
  await api.POST("/api/workflows/{workflow_id}/restore", { params: { path: { workflow_id: workflow.id } } });
  told(`${workflow.name} is in use again.`);
  await refreshWorkflow(workflow.id);
}

/** Asks whether to delete it; the Hub refuses when it was ever run. */
export function askToDelete(workflow: AnyWorkflow, onDeleted: () => void): void {
  confirmFirst({
    title: `Delete ${workflow.name}?`,
    text: "This deletes all of its versions and cannot be undone. A workflow that has been run can only be archived.",
    label: "Delete the workflow",
    danger: true,
    action: async () => {
      await api.DELETE("/api/workflows/{workflow_id}", { params: { path: { workflow_id: workflow.id } } });
      told(`${workflow.name} was deleted.`);
      onDeleted();
      await queryClient.invalidateQueries({ queryKey: ["workflows"] });
    },
  });
}

/** The address of a version as a file. `whole` is its text, or a ZIP file where files belong to it. */
export function exportAddress(id: string, format: "whole" | "yaml" | "json", number?: number): string {
  const query = new URLSearchParams();
  if (format !== "whole") query.set("format", format);
  if (number !== undefined) query.set("number", String(number));
  return `/api/workflows/${id}/export?${query.toString()}`;
}

import type { FileChange, Workflow } from "@/features/workflows/queries";
import { refreshWorkflow } from "@/features/workflows/refresh";
import { api, dataOf, refusalOf, type Schemas } from "@/shared/api/client";
import { HubAwayError } from "@/shared/api/errors";
import { queryClient } from "@/shared/api/queries";

/** The address of a file of a version. */
export function fileAddress(id: string, number: number, path: string, { show = false } = {}): string {
  const query = new URLSearchParams({ path, ...(show ? { show: "true" } : {}) });
  return `/api/workflows/${id}/versions/${number}/files/content?${query.toString()}`;
}

/** Adds files, or replaces those of the same paths: one new version for all. `paths` are theirs, in order. */
export async function putFiles(workflow: Workflow, files: readonly File[], paths: readonly string[]): Promise<void> {
  const changes: FileChange[] = [];
  for (const [index, file] of files.entries()) {
    const { content_id: content } = await uploadContent(workflow.id, file);
    changes.push({ action: "put", path: paths[index] ?? file.name, content_id: content });
  }
  await changeFiles(workflow, changes);
}

/** Changes the files of a workflow: the next version, a draft. Throws when somebody saved in the meantime. */
export async function changeFiles(workflow: Workflow, changes: FileChange[]): Promise<void> {
  try {
    await dataOf(
      api.POST("/api/workflows/{workflow_id}/files", {
        params: { path: { workflow_id: workflow.id } },
        body: { based_on: workflow.latest_number, changes, note: "" },
      }),
    );
  } finally {
    await refreshWorkflow(queryClient, workflow.id); // Also when somebody else saved: what they did is shown.
  }
}

async function uploadContent(id: string, file: File): Promise<Schemas["UploadedContent"]> {
  const request = { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file };
  const response = await fetch(`/api/workflows/${id}/files/contents`, request).catch(() => {
    throw new HubAwayError();
  });
  if (!response.ok) throw await refusalOf(response);
  return (await response.json()) as Schemas["UploadedContent"];
}

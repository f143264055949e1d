import type { FileChange, WorkflowFile } from "@/features/workflows/queries";
import { type Workflow, refreshWorkflow } from "@/shared/workflows/queries";
import { api, dataOf, refusalOf, type Schemas } from "@/shared/api/client";
import { ApiError, HubAwayError } from "@/shared/api/errors";

/** The address of a file of a version. */
export function fileAddress(id: string, number: number, path: string, { show = false } = {}): string {
  const query = new URLSearchParams({ path, ...(show ? { show: "true" } : {}) });
  return `/api/workflows/${id}/versions/${number}/files/content?${query.toString()}`;
}

/** The paths of the files that were put, by what became of them. */
export interface Put {
  added: string[];
  replaced: string[];
}

/**
 * Adds files, or replaces those of the same paths: one new version for all. A file that is the same already is left
 * out, and nothing is saved where all are. `paths` are theirs, in order; `present` are the files of the newest version.
 */
export async function putFiles(
  workflow: Workflow,
  files: readonly File[],
  paths: readonly string[],
  present: readonly WorkflowFile[],
): Promise<Put> {
  const changes: FileChange[] = [];
  const put: Put = { added: [], replaced: [] };
  for (const [index, file] of files.entries()) {
    const path = paths[index] ?? file.name;
    const { content_id: content, sha256 } = await uploadContent(workflow.id, file);
    const before = present.find((one) => one.path === path);
    if (before?.sha256 === sha256) continue;
    (before === undefined ? put.added : put.replaced).push(path);
    changes.push({ action: "put", path, content_id: content });
  }
  if (changes.length > 0) await changeFiles(workflow, changes);
  return put;
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
  } catch (error) {
    // The hint of the API names fields of a request.
    if (isConflict(error)) throw new ApiError(error.status, error.code, error.message);
    throw error;
  } finally {
    await refreshWorkflow(workflow.id); // Also when somebody else saved: what they did is shown.
  }
}

/** Whether somebody else saved in the meantime. */
export function isConflict(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === "version-conflict";
}

async function uploadContent(id: string, file: File): Promise<Schemas["UploadedContent"]> {
  const request = { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file };
  const response = await fetch(`/api/workflows/${id}/files/contents`, request).catch(() => {
    throw new HubAwayError();
  });
  if (!response.ok) throw await refusalOf(response);
  return (await response.json()) as Schemas["UploadedContent"];
}

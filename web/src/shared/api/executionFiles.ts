/** Where a file is downloaded or, with `show`, opened in place. */
export function fileAddress(executionId: string, fileId: string, { show = false } = {}): string {
  return `/api/executions/${executionId}/files/${fileId}${show ? "?show=true" : ""}`;
}

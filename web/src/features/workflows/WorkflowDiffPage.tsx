import { PageHeader } from "@/shared/ui/PageHeader";

/** Compare versions. */
export function WorkflowDiffPage() {
  return <PageHeader title="Compare versions" />;
}

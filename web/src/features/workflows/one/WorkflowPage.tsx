import { PageHeader } from "@/shared/ui/PageHeader";

/** Workflow. */
export function WorkflowPage() {
  return <PageHeader title="Workflow" />;
}

import { PageHeader } from "@/shared/ui/PageHeader";

/** Workflows. */
export function WorkflowsPage() {
  return <PageHeader title="Workflows" />;
}

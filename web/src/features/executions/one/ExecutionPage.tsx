import { PageHeader } from "@/shared/ui/PageHeader";

/** Execution. */
export function ExecutionPage() {
  return <PageHeader title="Execution" />;
}

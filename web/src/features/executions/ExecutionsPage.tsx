import { PageHeader } from "@/shared/ui/PageHeader";

/** Executions. */
export function ExecutionsPage() {
  return <PageHeader title="Executions" />;
}

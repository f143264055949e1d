import { PageHeader } from "@/shared/ui/PageHeader";

/** Runners. */
export function RunnersPage() {
  return <PageHeader title="Runners" />;
}

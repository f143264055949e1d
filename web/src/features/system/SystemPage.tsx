import { PageHeader } from "@/shared/ui/PageHeader";

/** System health. */
export function SystemPage() {
  return <PageHeader title="System health" />;
}

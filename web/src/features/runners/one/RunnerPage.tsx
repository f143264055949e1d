import { PageHeader } from "@/shared/ui/PageHeader";

/** Runner. */
export function RunnerPage() {
  return <PageHeader title="Runner" />;
}

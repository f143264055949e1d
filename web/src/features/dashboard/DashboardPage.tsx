import { PageHeader } from "@/shared/ui/PageHeader";

/** Dashboard. */
export function DashboardPage() {
  return <PageHeader title="Dashboard" />;
}

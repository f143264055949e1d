import { PageHeader } from "@/shared/ui/PageHeader";

/** Audit log. */
export function AuditPage() {
  return <PageHeader title="Audit log" />;
}

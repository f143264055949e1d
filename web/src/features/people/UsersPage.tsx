import { PageHeader } from "@/shared/ui/PageHeader";

/** Users. */
export function UsersPage() {
  return <PageHeader title="Users" />;
}

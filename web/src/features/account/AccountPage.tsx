import { PageHeader } from "@/shared/ui/PageHeader";

/** Account. */
export function AccountPage() {
  return <PageHeader title="Account" />;
}

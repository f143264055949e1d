import { PageHeader } from "@/shared/ui/PageHeader";

/** Compare versions. */
export function ComparePage() {
  return <PageHeader title="Compare versions" />;
}

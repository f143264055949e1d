import { Nowhere } from "@/shared/ui/Nowhere";

/** For an address that leads nowhere. */
export function NotFoundPage() {
  return <Nowhere title="Page not found" />;
}

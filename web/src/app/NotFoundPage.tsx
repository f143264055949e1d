import { Nowhere } from "@/shared/ui/Nowhere";

/** For an address that leads nowhere. */
export function NotFoundPage() {
  return <Nowhere title="There is nothing at this address" />;
}

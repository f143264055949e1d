import { Skeleton } from "@mantine/core";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { lazyPart } from "@/shared/ui/lazyPart";

const TextDiff = lazyPart(() => import("@/features/workflows/compare/TextDiff"), "TextDiff");

/** The texts of two versions; what shows them is loaded when it is first wanted. */
export function LazyTextDiff(props: { id: string; from: number; to: number }) {
  return (
    <ErrorBoundary waiting={<Skeleton height="100%" radius={0} />}>
      <TextDiff {...props} />
    </ErrorBoundary>
  );
}

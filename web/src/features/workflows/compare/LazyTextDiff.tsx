import { Skeleton } from "@mantine/core";
import type { ComponentProps } from "react";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { lazyPart } from "@/shared/ui/lazyPart";

const TextDiff = lazyPart(() => import("@/features/workflows/compare/TextDiff"), "TextDiff");

/** The texts of two versions, or of a file of both; what shows them is loaded when it is first wanted. */
export function LazyTextDiff(props: ComponentProps<typeof TextDiff>) {
  return (
    <ErrorBoundary waiting={<Skeleton height="100%" radius={0} />}>
      <TextDiff {...props} />
    </ErrorBoundary>
  );
}

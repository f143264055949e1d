import { Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";

const TextDiff = lazy(() =>
  import("@/features/workflows/compare/TextDiff").then((module) => ({ default: module.TextDiff })),
);

/** The texts of two versions; what shows them is loaded when it is first wanted. */
export function LazyTextDiff(props: { id: string; from: number; to: number }) {
  return (
    <Suspense fallback={<Skeleton height="100%" radius={0} />}>
      <TextDiff {...props} />
    </Suspense>
  );
}

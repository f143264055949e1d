import { Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";
import type { VersionGraph } from "@/features/workflows/VersionGraph";

const Graph = lazy(() =>
  import("@/features/workflows/VersionGraph").then((module) => ({ default: module.VersionGraph })),
);

type Props = Omit<React.ComponentProps<typeof VersionGraph>, "document"> & {
  /** Undefined while it is on its way. */
  document: Readonly<Record<string, unknown>> | undefined;
};

/** The picture of a version; what draws it is loaded when the first one is shown. */
export function LazyVersionGraph({ document, ...others }: Props) {
  const waiting = <Skeleton height="100%" radius={0} role="status" aria-label="Drawing the workflow" />;
  if (document === undefined) return waiting;
  return (
    <Suspense fallback={waiting}>
      <Graph document={document} {...others} />
    </Suspense>
  );
}

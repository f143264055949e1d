import { Skeleton } from "@mantine/core";
import type { VersionGraph } from "@/features/workflows/VersionGraph";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { lazyPart } from "@/shared/ui/lazyPart";

const Graph = lazyPart(() => import("@/features/workflows/VersionGraph"), "VersionGraph");

type Props = Omit<React.ComponentProps<typeof VersionGraph>, "document"> & {
  /** Undefined while it is on its way. */
  document: Readonly<Record<string, unknown>> | undefined;
};

/** The picture of a version; what draws it is loaded when the first one is shown. */
export function LazyVersionGraph({ document, ...others }: Props) {
  const waiting = <Skeleton height="100%" radius={0} role="status" aria-label="Drawing the workflow" />;
  if (document === undefined) return waiting;
  return (
    <ErrorBoundary waiting={waiting}>
      <Graph document={document} {...others} />
    </ErrorBoundary>
  );
}

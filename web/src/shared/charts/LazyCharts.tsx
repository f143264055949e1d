import { Skeleton } from "@mantine/core";
import type { ComponentProps } from "react";
import type { Lines } from "@/shared/charts/Lines";
import type { StackedBars } from "@/shared/charts/StackedBars";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { lazyPart } from "@/shared/ui/lazyPart";

const Bars = lazyPart(() => import("@/shared/charts/StackedBars"), "StackedBars");
const LinesChart = lazyPart(() => import("@/shared/charts/Lines"), "Lines");

/** `StackedBars`, loaded when it is first shown. */
export function LazyStackedBars(props: ComponentProps<typeof StackedBars>) {
  return (
    <ErrorBoundary waiting={<Skeleton height={props.height ?? 220} />}>
      <Bars {...props} />
    </ErrorBoundary>
  );
}

/** `Lines`, loaded when it is first shown. */
export function LazyLines(props: ComponentProps<typeof Lines>) {
  return (
    <ErrorBoundary waiting={<Skeleton height={props.height ?? 180} />}>
      <LinesChart {...props} />
    </ErrorBoundary>
  );
}

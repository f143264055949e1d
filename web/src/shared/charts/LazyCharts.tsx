import { Skeleton } from "@mantine/core";
import { type ComponentProps, lazy, Suspense } from "react";
import type { Lines } from "@/shared/charts/Lines";
import type { StackedBars } from "@/shared/charts/StackedBars";

const Bars = lazy(() => import("@/shared/charts/StackedBars").then((module) => ({ default: module.StackedBars })));
const LinesChart = lazy(() => import("@/shared/charts/Lines").then((module) => ({ default: module.Lines })));

/** `StackedBars`, loaded when it is first shown. */
export function LazyStackedBars(props: ComponentProps<typeof StackedBars>) {
  return (
    <Suspense fallback={<Skeleton height={props.height ?? 220} />}>
      <Bars {...props} />
    </Suspense>
  );
}

/** `Lines`, loaded when it is first shown. */
export function LazyLines(props: ComponentProps<typeof Lines>) {
  return (
    <Suspense fallback={<Skeleton height={props.height ?? 180} />}>
      <LinesChart {...props} />
    </Suspense>
  );
}

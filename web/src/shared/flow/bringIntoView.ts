import type { ReactFlowInstance } from "@xyflow/react";
import type { Rect } from "@/shared/flow/geometry";

const NEAR_ZOOM = 1;
const READABLE_ZOOM = 0.6;
/** Of what is larger, this much is enough. */
const REVEALED = { width: 640, height: 420 };
const MARGIN = 40;

/** Moves the view so that all of a rectangle is seen and can be read; not at all where it is. */
export function bringIntoView(
  flow: Pick<ReactFlowInstance, "getViewport" | "setCenter">,
  box: { readonly width: number; readonly height: number },
  rect: Rect,
): void {
  const { x, y, zoom } = flow.getViewport();
  const wide = Math.min(rect.width, REVEALED.width);
  const tall = Math.min(rect.height, REVEALED.height);
  const seen =
    zoom >= READABLE_ZOOM &&
    rect.x * zoom + x > MARGIN &&
    rect.y * zoom + y > MARGIN &&
    (rect.x + wide) * zoom + x < box.width - MARGIN &&
    (rect.y + tall) * zoom + y < box.height - MARGIN;
  if (seen) return;
  const near = zoom >= READABLE_ZOOM ? zoom : NEAR_ZOOM;
  void flow.setCenter(rect.x + wide / 2, rect.y + tall / 2, { zoom: near });
}

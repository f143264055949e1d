import { getSmoothStepPath, type EdgeProps } from "@xyflow/react";
import { memo, use } from "react";
import { CanvasActionsContext, DropEdgeContext, FarContext } from "@/shared/flow/canvasContext";
import { ERROR } from "@/shared/flow/document";
import classes from "@/shared/flow/FlowWay.module.css";
import type { PictureEdge } from "@/shared/flow/pictureEdges";

const TOUCH_WIDTH = 18;
const PLUS_RADIUS = 9;
const COUNT_AWAY = 12;

/** Ends that stand so little apart are joined by a straight line. */
const STRAIGHT = 5;

/** A longer way turns just above its end, where nothing stands between it and the end. */
const LONG = 70;
const BEND = 26;

/** A way from one step to another, with a place in its middle to add a step. */
export const FlowWay = memo(function FlowWay(edge: EdgeProps<PictureEdge>) {
  const actions = use(CanvasActionsContext);
  const isTarget = use(DropEdgeContext) === edge.id;
  const far = use(FarContext);
  const straight = Math.abs(edge.sourceX - edge.targetX) < STRAIGHT;
  const [path, x, y] = getSmoothStepPath({
    ...edge,
    ...(straight && { sourceX: edge.targetX }),
    ...(edge.targetY - edge.sourceY > LONG && { centerY: edge.targetY - BEND }),
    borderRadius: 12,
    offset: 18,
  });
  const marker = edge.markerEnd === undefined || far ? {} : { markerEnd: edge.markerEnd };
  return (
    <>
      <path
        className={classes.way}
        d={path}
        {...marker}
        data-error={edge.data?.port === ERROR || undefined}
        data-wrong={edge.data?.wrong || undefined}
        data-passed={edge.data?.passed || undefined}
        data-selected={edge.selected || isTarget || undefined}
      />
      {edge.data?.count !== undefined && edge.data.count > 1 && !far && (
        <text className={classes.count} x={x + COUNT_AWAY} y={y + 4}>
          {edge.data.count.toLocaleString("en")}×
        </text>
      )}
      {actions !== null && !far && (
        <>
          <path
            d={path}
            fill="none"
            strokeOpacity={0}
            strokeWidth={TOUCH_WIDTH}
            className="react-flow__edge-interaction"
          />
          <g
            className={classes.plus}
            data-target={isTarget || undefined}
            transform={`translate(${x}, ${y})`}
            onClick={(event) => {
              event.stopPropagation();
              actions.insertOn(edge.id);
            }}
          >
            <title>Insert a step here</title>
            <circle r={PLUS_RADIUS} />
            <path d="M-4.5 0H4.5M0 -4.5V4.5" />
          </g>
        </>
      )}
    </>
  );
});

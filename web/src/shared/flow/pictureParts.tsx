import { Handle, Position as Side, type NodeProps } from "@xyflow/react";
import { ActionIcon } from "@mantine/core";
import { IconChevronDown, IconChevronRight, IconPlayerPlayFilled } from "@tabler/icons-react";
import { memo, use } from "react";
import { CanvasActionsContext, FarContext, FoldContext } from "@/shared/flow/canvasContext";
import { NEXT, START } from "@/shared/flow/document";
import { FlowWay } from "@/shared/flow/FlowWay";
import classes from "@/shared/flow/FlowGraph.module.css";
import { NodeCard } from "@/shared/flow/NodeCard";
import type { StartNode, StepData, StepNode } from "@/shared/flow/pictureNodes";
import portClasses from "@/shared/flow/PortHandles.module.css";
import { PortHandles } from "@/shared/flow/PortHandles";

const StepPart = memo(function StepPart({ data, selected }: NodeProps<StepNode>) {
  return (
    <>
      <NodeCard data={data} selected={selected} />
      <CollapseButton data={data} />
      <PortHandles id={data.id} ports={data.ports} used={data.used} width={data.width} />
    </>
  );
});

const BlockPart = memo(function BlockPart({ data, selected }: NodeProps<StepNode>) {
  const actions = use(CanvasActionsContext);
  const [body] = data.parts.bodies;
  return (
    <div className={classes.block} data-selected={selected || undefined}>
      <div className={classes.head}>
        <NodeCard data={data} selected={selected} />
        <CollapseButton data={data} />
      </div>
      {data.parts.bodies.length > 1 &&
        data.regions.map(({ port, x, y, width, height }) => (
          <div
            key={port}
            className={classes.region}
            style={{ left: x - 10, top: y - 10, width: width + 20, height: height + 20 }}
          />
        ))}
      {data.regions.length === 0 && body !== undefined && (
        <div className={classes.empty}>{actions === null ? "No steps" : "Drag a step here"}</div>
      )}
      <PortHandles id={data.id} ports={data.ports} used={data.used} width={data.width} />
    </div>
  );
});

/** Shows a block as one step, or in full again. */
function CollapseButton({ data }: { data: StepData }) {
  const fold = use(FoldContext);
  if (fold === null || data.entry.bodies.length === 0 || use(FarContext)) return null;
  const open = data.collapsed === undefined;
  return (
    <ActionIcon
      className={`nodrag ${classes.collapse}`}
      size="sm"
      variant="subtle"
      color="gray"
      aria-label={open ? `Collapse ${data.id}` : `Expand ${data.id}`}
      aria-expanded={open}
      onClick={() => fold(data.id, open)}
    >
      {open ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
    </ActionIcon>
  );
}

const StartPart = memo(function StartPart({ data, selected }: NodeProps<StartNode>) {
  const actions = use(CanvasActionsContext);
  return (
    <div className={classes.start} data-selected={selected || undefined}>
      <IconPlayerPlayFilled size={12} aria-hidden /> Start
      <Handle
        type="source"
        id={NEXT}
        position={Side.Bottom}
        className={portClasses.handle}
        data-free={data.used ? undefined : true}
        isConnectable={actions !== null}
        isConnectableEnd={false}
        title={actions === null ? "Start" : "Drag to the first step, or click to add one"}
        style={{ left: "50%", top: "100%", bottom: "auto" }}
        onClick={() => actions?.addAfter(START, NEXT)}
      />
    </div>
  );
});

/** How the kinds of nodes are drawn. */
export const nodeTypes = { step: StepPart, block: BlockPart, start: StartPart };

/** How edges are drawn. */
export const edgeTypes = { way: FlowWay };

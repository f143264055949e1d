import { MiniMap, type Node } from "@xyflow/react";
import { colorOfCategory } from "@/shared/flow/icons";
import type { PictureNode } from "@/shared/flow/pictureNodes";

const SIZE = { width: 168, height: 112 };
const BLOCK = "color-mix(in srgb, var(--flow-block) 16%, transparent)";

/** The whole workflow in small, to move about in. */
export function Overview() {
  return (
    <MiniMap
      pannable
      zoomable
      position="bottom-right"
      ariaLabel="Overview"
      style={SIZE}
      bgColor="var(--mantine-color-body)"
      maskColor="color-mix(in srgb, var(--mantine-color-gray-6) 22%, transparent)"
      nodeColor={colorOf}
      nodeStrokeColor={strokeOf}
      nodeStrokeWidth={6}
      nodeBorderRadius={10}
    />
  );
}

function colorOf(node: Node): string {
  const { type, data } = node as PictureNode;
  if (type === "start") return "var(--mantine-color-gray-6)";
  if (type === "block") return BLOCK;
  return type === "step" ? `var(--mantine-color-${colorOfCategory(data.entry.category)}-5)` : "var(--flow-dots)";
}

function strokeOf(node: Node): string {
  const { data, selected } = node as PictureNode;
  if (selected) return "var(--mantine-primary-color-filled)";
  const failed = "run" in data && data.run?.state === "failed";
  return failed || ("decoration" in data && data.decoration?.problem === "error")
    ? "var(--mantine-color-red-6)"
    : "none";
}

import { linkOptions } from "@tanstack/react-router";

/** The page of a workflow. */
export const workflowPage = (workflowId: string) =>
  linkOptions({ to: "/workflows/$workflowId", params: { workflowId } });

/** Its versions. */
export const versionsPage = (workflowId: string) =>
  linkOptions({ to: "/workflows/$workflowId", params: { workflowId }, search: { tab: "versions" } });

/** Studio: the newest version, or an old one to look at; with an execution, that is shown on it. */
export const studioPage = (workflowId: string, search: { version?: number; execution?: string } = {}) =>
  linkOptions({ to: "/studio/$workflowId", params: { workflowId }, search });

/** What is different between two versions, whichever is named first. */
export const comparePage = (workflowId: string, one: number, other: number) =>
  linkOptions({
    to: "/workflows/$workflowId/compare",
    params: { workflowId },
    search: { from: Math.min(one, other), to: Math.max(one, other) },
  });

import type { Edit } from "@/studio/model/edit";
import { nodeOf, type Flow, type FlowNode, type Json, type Retry } from "@/shared/flow/document";
import { itemOf, without } from "@/shared/flow/records";

/** Set a field of a step; undefined takes it out, so that its default counts. */
export function setInput(node: string, field: string, value: Json | undefined): Edit {
  return {
    label: `Change ${field.replaceAll("_", " ")}`,
    merge: `input:${node}:${field}`,
    apply: (flow) =>
      changeNode(flow, node, (before) => {
        if (before.with[field] === value && Object.hasOwn(before.with, field) === (value !== undefined)) return before;
        if (value === undefined) return { ...before, with: without(before.with, field) };
        return { ...before, with: { ...before.with, [field]: value } };
      }),
  };
}

/** What may be set of a step beside its fields; null takes a setting away. */
export interface Settings {
  readonly retry?: Retry | null;
  /** Seconds for one attempt. */
  readonly timeout?: number | null;
  readonly continue_on_error?: boolean;
  readonly enabled?: boolean;
  /** What somebody wrote about the step. */
  readonly note?: string;
}

/** Set settings of one step or of several. */
export function setSettings(ids: string | readonly string[], settings: Settings): Edit {
  const nodes = typeof ids === "string" ? [ids] : ids;
  return {
    label: labelOf(settings),
    merge: `settings:${nodes.join()}:${Object.keys(settings).join()}`,
    apply: (flow) =>
      nodes.reduce(
        (result, id) =>
          setNote(
            changeNode(result, id, (node) => withSettings(node, settings)),
            id,
            settings,
          ),
        flow,
      ),
  };
}

/** Use another activity for a step; its fields stay, for the form and the check to say which fit. */
export function setActivity(node: string, activity: string): Edit {
  return {
    label: "Change activity",
    apply: (flow) =>
      changeNode(flow, node, (before) => (before.do === activity ? before : { ...before, do: activity })),
  };
}

function changeNode(flow: Flow, id: string, change: (node: FlowNode) => FlowNode): Flow {
  const before = nodeOf(flow, id);
  if (before === undefined) return flow;
  const after = change(before);
  return after === before ? flow : { ...flow, nodes: { ...flow.nodes, [id]: after } };
}

function withSettings(node: FlowNode, settings: Settings): FlowNode {
  const { retry, timeout, continue_on_error: goesOn, enabled, ...others } = node;
  const chosen = {
    retry: settings.retry === undefined ? retry : settings.retry,
    timeout: settings.timeout === undefined ? timeout : settings.timeout,
    goesOn: settings.continue_on_error ?? goesOn ?? false,
    enabled: settings.enabled ?? enabled ?? true,
  };
  const same =
    (chosen.retry ?? undefined) === retry &&
    (chosen.timeout ?? undefined) === timeout &&
    chosen.goesOn === (goesOn ?? false) &&
    chosen.enabled === (enabled ?? true);
  if (same) return node;
  return {
    ...others,
    ...(chosen.retry && { retry: chosen.retry }),
    ...(typeof chosen.timeout === "number" && { timeout: chosen.timeout }),
    ...(chosen.goesOn && { continue_on_error: true }),
    ...(!chosen.enabled && { enabled: false }),
  };
}

function setNote(flow: Flow, id: string, { note }: Settings): Flow {
  const before = itemOf(flow.layout.texts, id) ?? "";
  if (note === undefined || note === before || nodeOf(flow, id) === undefined) return flow;
  const texts = note === "" ? without(flow.layout.texts, id) : { ...flow.layout.texts, [id]: note };
  return { ...flow, layout: { ...flow.layout, texts } };
}

function labelOf(settings: Settings): string {
  if (settings.enabled !== undefined) return settings.enabled ? "Enable" : "Disable";
  if (settings.note !== undefined) return "Change note";
  if (settings.retry !== undefined) return "Change retry";
  return settings.timeout !== undefined ? "Change time limit" : "Change what follows an error";
}

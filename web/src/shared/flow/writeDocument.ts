import { NEXT, edgeStart, type Edge, type Flow, type FlowNode, type Json, type Layout } from "@/shared/flow/document";

const LONGEST_CHAIN = 6;

/** The document of a flow, in the order in which people read it, as the Hub writes it; defaults are left out. */
export function writeDocument(flow: Flow): Record<string, Json> {
  const layout = writeLayout(flow.layout);
  return {
    format: flow.format,
    name: flow.name,
    ...(flow.description && { description: flow.description }),
    ...filled("inputs", flow.inputs),
    ...filled("outputs", flow.outputs),
    ...filled("variables", flow.variables),
    nodes: Object.fromEntries(Object.entries(flow.nodes).map(([id, node]) => [id, writeNode(node)])),
    edges: edgeLines(flow.edges),
    ...filled("elements", flow.elements),
    ...(Object.keys(layout).length > 0 && { layout }),
    ...flow.rest,
  };
}

/** A node as the document has it. */
export function writeNode(node: FlowNode): Record<string, Json> {
  const { rest, with: inputs, ...known } = node;
  return {
    do: known.do,
    ...(Object.keys(inputs).length > 0 && { with: inputs }),
    ...(known.retry && { retry: plain(known.retry) }),
    ...(known.timeout !== undefined && { timeout: known.timeout }),
    ...(known.continue_on_error && { continue_on_error: true }),
    ...(known.enabled === false && { enabled: false }),
    ...rest,
  };
}

/** Edges as lines such as `each.body -> price -> add`; edges that go on by `next` share a line. */
export function edgeLines(edges: readonly Edge[]): string[] {
  const lines: string[] = [];
  let last: string | undefined;
  let length = 0;
  for (const edge of edges) {
    if (edge.port === NEXT && edge.source === last && length < LONGEST_CHAIN) {
      lines[lines.length - 1] += ` -> ${edge.target}`;
      length += 1;
    } else {
      lines.push(`${edgeStart(edge)} -> ${edge.target}`);
      length = 1;
    }
    last = edge.target;
  }
  return lines;
}

function writeLayout({ rest, analyser, ...parts }: Layout): Record<string, Json> {
  const written: Record<string, Json> = { ...rest };
  for (const [name, items] of Object.entries(parts)) Object.assign(written, filled(name, items));
  if (analyser && Object.keys(analyser).length > 0) written.analyser = plain(analyser);
  return written;
}

function filled(name: string, items: object): Record<string, Json> {
  return Object.keys(items).length > 0 ? { [name]: plain(items) } : {};
}

function plain(value: object): Json {
  return value as Json;
}

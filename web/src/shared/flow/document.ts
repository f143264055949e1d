/** A flow document as data that the pages work on. Edges are objects here and lines in the document. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** The kinds of values that inputs, outputs and variables may be declared as. */
export const VALUE_TYPES = [
  "text",
  "number",
  "boolean",
  "date",
  "time",
  "duration",
  "list",
  "object",
  "table",
  "file",
  "credential",
  "any",
] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/** What an input, an output and a variable have in common. */
export interface Declared {
  readonly type?: ValueType;
  readonly description?: string;
}

/** An input of the flow. Without a `default` it must be given. */
export interface Parameter extends Declared {
  readonly default?: Json;
}

/** An output of the flow: the template `value`, or the variable or input of its name. */
export interface Output extends Declared {
  readonly value?: Json;
}

export interface Variable extends Declared {
  readonly default?: Json;
}

/** Try a failed node again; times in seconds. Absent fields have the Hub's defaults. */
export interface Retry {
  readonly times: number;
  readonly delay?: number;
  readonly backoff?: number;
  readonly longest?: number;
  readonly jitter?: number;
  readonly errors?: readonly string[];
}

/** One use of an activity. `with` holds literals and templates by field; `timeout` is in seconds. */
export interface FlowNode {
  readonly do: string;
  readonly with: JsonObject;
  readonly retry?: Retry;
  readonly timeout?: number;
  readonly continue_on_error?: boolean;
  readonly enabled?: boolean;
  /** What this version of the pages does not know, kept as it was. */
  readonly rest?: JsonObject;
}

/** The token's way from a port of one node to another node. */
export interface Edge {
  readonly source: string;
  readonly port: string;
  readonly target: string;
}

export interface Position {
  readonly x: number;
  readonly y: number;
}

export interface NodePlace extends Position {
  readonly collapsed?: boolean;
}

/** A note on the canvas. */
export interface Note extends Position {
  readonly width: number;
  readonly height: number;
  readonly text: string;
  readonly color?: string;
}

/** Nodes that somebody drew together; without a meaning for the execution. */
export interface Group {
  readonly title: string;
  readonly nodes: readonly string[];
  readonly collapsed?: boolean;
}

/** Where a debug session stops; not while `enabled` is false. */
export interface Breakpoint {
  readonly condition?: string;
  readonly enabled?: boolean;
}

/** Which warnings of the check somebody has silenced: for the whole flow, and for single nodes. */
export interface Silenced {
  readonly ignore?: readonly string[];
  readonly nodes?: Readonly<Record<string, readonly string[]>>;
}

/** What has no meaning for an execution: places, notes, groups, breakpoints, the nodes' texts. */
export interface Layout {
  readonly nodes: Readonly<Record<string, NodePlace>>;
  readonly notes: Readonly<Record<string, Note>>;
  readonly groups: Readonly<Record<string, Group>>;
  readonly breakpoints: Readonly<Record<string, Breakpoint>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly analyser?: Silenced;
  readonly rest?: JsonObject;
}

/** How an element of a page is found: a text that a person wrote, or all that is known (`contract/selector.schema.json`). */
export type Selector = string | JsonObject;

/** A whole workflow. */
export interface Flow {
  readonly format: string;
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, Parameter>>;
  readonly outputs: Readonly<Record<string, Output>>;
  readonly variables: Readonly<Record<string, Variable>>;
  readonly nodes: Readonly<Record<string, FlowNode>>;
  readonly edges: readonly Edge[];
  /** Elements of pages, which nodes name in fields such as `target`. */
  readonly elements: Readonly<Record<string, Selector>>;
  readonly layout: Layout;
  readonly rest?: JsonObject;
}

export const FORMAT = "exekra.flow/1";

/** The id under which edges name the place where the token begins; no node may have it. */
export const START = "start";

/** The port that an edge leaves from when it names none. */
export const NEXT = "next";

/** The port that every node has for its failure. */
export const ERROR = "error";

export const EMPTY_LAYOUT: Layout = { nodes: {}, notes: {}, groups: {}, breakpoints: {}, texts: {} };

/** A flow without any node. */
export function emptyFlow(name: string): Flow {
  return {
    format: FORMAT,
    name,
    description: "",
    inputs: {},
    outputs: {},
    variables: {},
    nodes: {},
    edges: [],
    elements: {},
    layout: EMPTY_LAYOUT,
  };
}

/** The node of that id, if there is one. Ids such as `constructor` are names like any other. */
export function nodeOf(flow: Flow, id: string): FlowNode | undefined {
  return Object.hasOwn(flow.nodes, id) ? flow.nodes[id] : undefined;
}

/** Where an edge begins, as the document writes it. */
export function edgeStart(edge: Edge): string {
  return edge.port === NEXT ? edge.source : `${edge.source}.${edge.port}`;
}

/** What tells one edge from all others. */
export function edgeKey(edge: Edge): string {
  return `${edge.source}.${edge.port}>${edge.target}`;
}

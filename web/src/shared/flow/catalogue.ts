import { ERROR, NEXT, type FlowNode, type Json, type JsonObject } from "@/shared/flow/document";
import { isObject } from "@/shared/flow/readDocument";

export type InputMode = "template" | "text" | "variable" | "name";

/** One field of an activity's property form. `default` is undefined where the document need not say anything. */
export interface InputEntry {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly schema: JsonObject;
  readonly required: boolean;
  readonly default: Json | undefined;
  readonly mode: InputMode;
  /** The field has a meaning only where each input named here has one of these values. */
  readonly when: Readonly<Record<string, readonly Json[]>> | null;
}

/** One named value that later nodes can read as `{node.name}`. */
export interface OutputEntry {
  readonly name: string;
  readonly description: string;
  readonly schema: JsonObject;
}

/** One kind of error that a node may raise. */
export interface ErrorEntry {
  readonly type: string;
  readonly description: string;
  readonly kind: "business" | "application";
}

/** One kind of node. `known` is false for one that this Hub has not: its nodes are shown and kept. */
export interface CatalogueEntry {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly description: string;
  readonly category: string;
  readonly icon: string;
  readonly kind: "activity" | "control";
  readonly inputs: readonly InputEntry[];
  readonly outputs: readonly OutputEntry[];
  readonly ports: readonly string[];
  readonly bodies: readonly string[];
  readonly errors: readonly ErrorEntry[];
  readonly needs: readonly string[];
  readonly aliases: readonly string[];
  readonly known: boolean;
}

/** The control nodes that Break and Continue act on. */
export const LOOPS: ReadonlySet<string> = new Set(["for_each", "while", "do_while"]);

/** The only control node whose body port may have several edges: each begins a branch. */
export const PARALLEL = "parallel";
const SWITCH = "switch";

/** All kinds of nodes, by id and by former ids. */
export class Catalogue {
  readonly entries: readonly CatalogueEntry[];
  private readonly byId = new Map<string, CatalogueEntry>();
  private readonly unknown = new Map<string, CatalogueEntry>();

  constructor(entries: readonly CatalogueEntry[]) {
    this.entries = entries;
    for (const entry of entries) for (const alias of entry.aliases) this.byId.set(alias, entry);
    for (const entry of entries) this.byId.set(entry.id, entry);
  }

  /** The entry of that id or former id, if this Hub has it. */
  get(id: string): CatalogueEntry | undefined {
    return this.byId.get(id);
  }

  /** The entry of a node's kind; one with `known: false` where this Hub has none. */
  entryOf(node: FlowNode): CatalogueEntry {
    const entry = this.byId.get(node.do) ?? this.unknown.get(node.do);
    if (entry) return entry;
    const made = unknownEntry(node.do);
    this.unknown.set(node.do, made);
    return made;
  }

  /** The ports by which the token may leave, without `error`. A Switch has one for each case, then `default`. */
  portsOf(node: FlowNode): readonly string[] {
    const { ports } = this.entryOf(node);
    if (node.do !== SWITCH || !isObject(node.with.cases)) return ports;
    return [...Object.keys(node.with.cases), ...ports];
  }

  /** Whether an edge may leave by that port. Of an unknown kind of node nobody knows, so it may. */
  hasPort(node: FlowNode, port: string): boolean {
    return port === ERROR || !this.entryOf(node).known || this.portsOf(node).includes(port);
  }

  /** The ports whose chain the node runs by itself. */
  bodiesOf(node: FlowNode): readonly string[] {
    return this.entryOf(node).bodies;
  }

  /** The port by which the token passes when the node is not enabled; undefined where it ends the body. */
  passingPort(node: FlowNode): string | undefined {
    return this.portsOf(node).at(-1);
  }

  /** Whether several edges may leave by that port. */
  isFork(node: FlowNode, port: string): boolean {
    return node.do === PARALLEL && this.bodiesOf(node).includes(port);
  }
}

/** The catalogue of what `GET /api/activities` answers, which leaves out what has its default. */
export function readCatalogue(entries: readonly object[]): Catalogue {
  return new Catalogue(entries.map((entry) => readEntry(entry as Partial<CatalogueEntry>)));
}

function readEntry(entry: Partial<CatalogueEntry>): CatalogueEntry {
  const made = unknownEntry(entry.id ?? "");
  const errors = (entry.errors ?? []) as readonly Partial<ErrorEntry>[];
  return {
    ...made,
    ...entry,
    known: true,
    inputs: (entry.inputs ?? []).map(readInput),
    errors: errors.map((error) => ({ type: "", description: "", kind: "application", ...error })),
  };
}

function readInput(input: Partial<InputEntry>): InputEntry {
  return {
    name: "",
    title: "",
    description: "",
    schema: {},
    required: false,
    default: undefined,
    mode: "template",
    when: null,
    ...input,
  };
}

function unknownEntry(id: string): CatalogueEntry {
  return {
    id,
    title: id,
    summary: "This Hub does not know this activity. The step is kept as it is.",
    description: "",
    category: "Unknown",
    icon: "puzzle-off",
    kind: "activity",
    inputs: [],
    outputs: [],
    ports: [NEXT],
    bodies: [],
    errors: [],
    needs: [],
    aliases: [],
    known: false,
  };
}

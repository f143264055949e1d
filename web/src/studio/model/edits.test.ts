import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outermost } from "@/shared/flow/calls";
import { readCatalogue } from "@/shared/flow/catalogue";
import { START, edgeKey, emptyFlow, nodeOf, type Flow } from "@/shared/flow/document";
import { analyseGraph } from "@/shared/flow/graph";
import { readDocument } from "@/shared/flow/readDocument";
import { writeDocument } from "@/shared/flow/writeDocument";
import { together, type Edit } from "@/studio/model/edit";
import { enableBreakpoint, setBreakpointCondition, toggleBreakpoint } from "@/studio/model/edits/breakpoints";
import { removeVariable, setFlowOutput, setVariable, silence } from "@/studio/model/edits/declarations";
import { connect, disconnect, reconnect } from "@/studio/model/edits/edges";
import { setInput, setSettings } from "@/studio/model/edits/fields";
import { addNote, group, removeNotes, setGroup, setNote, ungroup } from "@/studio/model/edits/groups";
import { addAfter, addNode, insertOnEdge, removeNodes } from "@/studio/model/edits/nodes";
import { copyOf, paste } from "@/studio/model/edits/paste";
import { align, collapse, distribute, moveNodes } from "@/studio/model/edits/places";
import { renameNode, renameVariable } from "@/studio/model/edits/rename";
import { perform, redo, startHistory, undo } from "@/studio/model/history";
import { mergeFlows } from "@/studio/model/merge";
import { makeRoom } from "@/studio/model/room";

const catalogue = readCatalogue(
  JSON.parse(readFileSync(new URL("../../../../contract/catalog.json", import.meta.url), "utf8")),
);
const CONTROL = ["if", "for_each", "try", "parallel", "while", "switch", "break", "return", "set_variable"];
for (const id of CONTROL) if (!catalogue.get(id)) throw new Error(`${id} is not in the contract's catalogue.`);

const NAMES = ["alpha", "beta", "gamma", "constructor", "__proto__", "toString"];
const name = fc.constantFrom(...NAMES);
const at = fc.record({ x: fc.integer({ min: -500, max: 500 }), y: fc.integer({ min: -500, max: 500 }) });
const pick = fc.nat({ max: 999 });

/** An edit that depends on the flow it meets: `choose` gives one of its ids. */
type Plan = (flow: Flow) => Edit;

function chosen<Item>(items: readonly Item[], index: number): Item | undefined {
  return items.length === 0 ? undefined : items[index % items.length];
}

const nodeId = (flow: Flow, index: number) => chosen(Object.keys(flow.nodes), index) ?? "alpha";
const edgeId = (flow: Flow, index: number) => {
  const edge = chosen(flow.edges, index);
  return edge === undefined ? "none" : edgeKey(edge);
};
const portId = (flow: Flow, id: string, index: number) => {
  const node = nodeOf(flow, id);
  return chosen([...(node ? catalogue.portsOf(node) : ["next"]), "error"], index) ?? "next";
};

const activity = fc.constantFrom(...CONTROL, "http.request", "general.log", "company.unknown");
const added = fc.record({ do: activity, at }, { requiredKeys: ["do", "at"] });

const plan: fc.Arbitrary<Plan> = fc.oneof(
  added.map((node) => () => addNode(node)),
  fc.tuple(added, name).map(
    ([node, id]) =>
      () =>
        addNode({ ...node, id }),
  ),
  fc.tuple(added, pick, pick).map(([node, one, two]): Plan => (flow) => {
    const source = nodeId(flow, one);
    return addAfter(node, { source, port: portId(flow, source, two) });
  }),
  added.map((node) => () => addAfter(node, { source: START, port: "next" })),
  fc.tuple(added, pick).map(
    ([node, one]): Plan =>
      (flow) =>
        insertOnEdge(node, edgeId(flow, one)),
  ),
  fc.array(pick, { maxLength: 4 }).map(
    (ids): Plan =>
      (flow) =>
        removeNodes(ids.map((one) => nodeId(flow, one))),
  ),
  fc.tuple(pick, pick, pick).map(([one, two, three]): Plan => (flow) => {
    const source = nodeId(flow, one);
    return connect({ source, port: portId(flow, source, two), target: nodeId(flow, three) });
  }),
  pick.map(
    (one): Plan =>
      (flow) =>
        connect({ source: START, port: "next", target: nodeId(flow, one) }),
  ),
  pick.map(
    (one): Plan =>
      (flow) =>
        disconnect([edgeId(flow, one)]),
  ),
  fc.tuple(pick, pick, pick, pick).map(([one, two, three, four]): Plan => (flow) => {
    const source = nodeId(flow, two);
    return reconnect(edgeId(flow, one), { source, port: portId(flow, source, three), target: nodeId(flow, four) });
  }),
  fc.tuple(pick, name).map(
    ([one, to]): Plan =>
      (flow) =>
        renameNode(nodeId(flow, one), to),
  ),
  fc.tuple(name, name).map(
    ([from, to]) =>
      () =>
        renameVariable(from, to),
  ),
  fc.tuple(pick, name, fc.option(fc.jsonValue(), { nil: undefined })).map(
    ([one, field, value]): Plan =>
      (flow) =>
        setInput(nodeId(flow, one), field, value as never),
  ),
  fc.tuple(pick, fc.boolean(), fc.string()).map(
    ([one, enabled, note]): Plan =>
      (flow) =>
        setSettings(nodeId(flow, one), {
          enabled,
          note,
          timeout: enabled ? 5 : null,
          retry: enabled ? { times: 2 } : null,
        }),
  ),
  fc.tuple(pick, at).map(
    ([one, place]): Plan =>
      (flow) =>
        moveNodes({ [nodeId(flow, one)]: place }),
  ),
  pick.map(
    (one): Plan =>
      (flow) =>
        makeRoom(nodeId(flow, one)),
  ),
  fc.tuple(pick, fc.boolean()).map(
    ([one, on]): Plan =>
      (flow) =>
        collapse(nodeId(flow, one), on),
  ),
  fc.array(pick, { minLength: 1, maxLength: 4 }).map(
    (ids): Plan =>
      (flow) =>
        align(Object.fromEntries(ids.map((one, index) => [nodeId(flow, one), box(index)])), "left"),
  ),
  fc.array(pick, { minLength: 3, maxLength: 5 }).map(
    (ids): Plan =>
      (flow) =>
        distribute(Object.fromEntries(ids.map((one, index) => [nodeId(flow, one), box(index)])), "y"),
  ),
  fc.array(pick, { minLength: 1, maxLength: 3 }).map(
    (ids): Plan =>
      (flow) =>
        group(
          ids.map((one) => nodeId(flow, one)),
          "Group",
        ),
  ),
  pick.map(
    (one): Plan =>
      (flow) =>
        ungroup([chosen(Object.keys(flow.layout.groups), one) ?? "none"]),
  ),
  pick.map(
    (one): Plan =>
      (flow) =>
        setGroup(chosen(Object.keys(flow.layout.groups), one) ?? "none", { collapsed: true }),
  ),
  at.map((place) => () => addNote({ ...place, width: 100, height: 60, text: "Remember" })),
  fc.tuple(pick, fc.string()).map(
    ([one, text]): Plan =>
      (flow) =>
        setNote(chosen(Object.keys(flow.layout.notes), one) ?? "none", { text }),
  ),
  pick.map(
    (one): Plan =>
      (flow) =>
        removeNotes([chosen(Object.keys(flow.layout.notes), one) ?? "none"]),
  ),
  fc.array(pick, { maxLength: 3 }).map(
    (ids): Plan =>
      (flow) =>
        paste(
          copyOf(
            flow,
            catalogue,
            ids.map((one) => nodeId(flow, one)),
          ),
          { x: 10, y: 10 },
        ),
  ),
  name.map((id) => () => setVariable(id, { type: "number", default: 0 })),
  name.map((id) => () => removeVariable(id)),
  name.map((id) => () => setFlowOutput(id, { value: "{alpha}" })),
  fc.tuple(pick, fc.string()).map(
    ([one, condition]): Plan =>
      (flow) =>
        together("Breakpoint", [
          toggleBreakpoint(nodeId(flow, one)),
          setBreakpointCondition(nodeId(flow, one), condition),
        ]),
  ),
  fc.tuple(pick, name, fc.constantFrom("", "alpha > beta")).map(
    ([one, inside, condition]): Plan =>
      (flow) =>
        setBreakpointCondition(`${nodeId(flow, one)}/${inside}`, condition),
  ),
  pick.map(
    (one): Plan =>
      (flow) =>
        silence("no-timeout", nodeId(flow, one)),
  ),
);

function box(index: number) {
  return { x: index * 40, y: index * 90, width: 200, height: 60 };
}

function expectValid(flow: Flow): void {
  const seen = new Set<string>();
  for (const edge of flow.edges) {
    expect(edge.source === START || Object.hasOwn(flow.nodes, edge.source), `source of ${edgeKey(edge)}`).toBe(true);
    expect(Object.hasOwn(flow.nodes, edge.target), `target of ${edgeKey(edge)}`).toBe(true);
    const source = nodeOf(flow, edge.source);
    const fork = source !== undefined && catalogue.isFork(source, edge.port);
    const key = fork ? edgeKey(edge) : `${edge.source}.${edge.port}`;
    expect(seen.has(key), `two edges ${key}`).toBe(false);
    seen.add(key);
  }
  expect(analyseGraph(flow, catalogue).wrong.map(edgeKey), "edges that cross or close a circle").toEqual([]);
  for (const id of Object.keys(flow.layout.breakpoints))
    expect(Object.hasOwn(flow.nodes, outermost(id)), `breakpoint at ${id}`).toBe(true);
  for (const places of [flow.layout.nodes, flow.layout.texts])
    for (const id of Object.keys(places)) expect(Object.hasOwn(flow.nodes, id), `layout of ${id}`).toBe(true);
  for (const { nodes } of Object.values(flow.layout.groups))
    for (const id of nodes) expect(Object.hasOwn(flow.nodes, id), `member ${id}`).toBe(true);
}

describe("Any edits", { timeout: 60_000 }, () => {
  it("are undone to exactly the start and redone to exactly the end", () => {
    fc.assert(
      fc.property(fc.array(plan, { maxLength: 60, size: "max" }), (plans) => {
        const start = emptyFlow("Any");
        let history = startHistory(start);
        for (const make of plans) history = perform(history, make(history.flow), catalogue);
        const end = history.flow;
        const document = JSON.stringify(writeDocument(end));
        while (history.past.length > 0) history = undo(history);
        expect(history.flow).toBe(start);
        while (history.future.length > 0) history = redo(history);
        expect(history.flow).toBe(end);
        expect(JSON.stringify(writeDocument(history.flow))).toBe(document);
      }),
      { numRuns: 100 },
    );
  });

  it("keep the edges right: ends that exist, one edge a port, no circle and no node in two bodies", () => {
    fc.assert(
      fc.property(fc.array(plan, { maxLength: 60, size: "max" }), (plans) => {
        let flow = emptyFlow("Any");
        for (const make of plans) {
          flow = make(flow).apply(flow, catalogue);
          expectValid(flow);
        }
        expect(readDocument(JSON.parse(JSON.stringify(writeDocument(flow))))).toEqual(JSON.parse(JSON.stringify(flow)));
      }),
      { numRuns: 100 },
    );
  });

  it("leave an edit that changes nothing out of the history", () => {
    const history = startHistory(emptyFlow("Any"));
    expect(perform(history, removeNodes(["nothing"]), catalogue)).toBe(history);
  });
});

describe("Inserting and removing", () => {
  const flow = readDocument({
    name: "Chain",
    nodes: {
      read: { do: "general.log" },
      each: { do: "for_each" },
      price: { do: "http.request" },
      tell: { do: "general.log" },
    },
    edges: ["start -> read -> each", "each.body -> price", "each.done -> tell"],
  });

  it("heals the chain around a removed step", () => {
    const healed = removeNodes(["read"]).apply(flow, catalogue);
    expect(healed.edges).toContainEqual({ source: "start", port: "next", target: "each" });
  });

  it("removes a block with what it runs", () => {
    const healed = removeNodes(["each"]).apply(flow, catalogue);
    expect(Object.keys(healed.nodes)).toEqual(["read", "tell"]);
    expect(healed.edges.map(edgeKey)).toEqual(["start.next>read", "read.next>tell"]);
  });

  it("puts a block on an edge so that the chain goes on behind it, not inside of it", () => {
    const inserted = insertOnEdge({ do: "for_each", at: { x: 0, y: 0 }, id: "loop" }, "read.next>each").apply(
      flow,
      catalogue,
    );
    expect(inserted.edges.map(edgeKey)).toContain("read.next>loop");
    expect(inserted.edges.map(edgeKey)).toContain("loop.done>each");
    expect(analyseGraph(inserted, catalogue).bodyOf.get("each")?.owner).toBeNull();
  });

  it("refuses an edge that closes a circle or leads out of a body", () => {
    expect(connect({ source: "tell", port: "next", target: "read" }).apply(flow, catalogue)).toBe(flow);
    expect(connect({ source: "price", port: "next", target: "tell" }).apply(flow, catalogue)).toBe(flow);
  });

  it("pastes twice under ids that nobody has, with references among what was pasted", () => {
    const linked = setInput("price", "url", "{read.text} {each.count}").apply(flow, catalogue);
    const part = copyOf(linked, catalogue, ["read", "each"]);
    const once = paste(part, { x: 0, y: 0 }).apply(linked, catalogue);
    const twice = paste(part, { x: 0, y: 0 }).apply(once, catalogue);
    expect(new Set(Object.keys(twice.nodes)).size).toBe(4 + 3 + 3);
    expect(twice.nodes.price_2?.with.url).toBe("{read_2.text} {each_2.count}");
    expect(twice.nodes.price_3?.with.url).toBe("{read_3.text} {each_3.count}");
    expect(twice.nodes.price?.with.url).toBe("{read.text} {each.count}");
  });
});

describe("What is copied", () => {
  it("takes the variables along that it uses, and no others", () => {
    const flow = readDocument({
      name: "Copied",
      variables: { a: { type: "text" }, total: { type: "number" }, tot: { type: "number" }, set: { type: "any" } },
      nodes: {
        log: { do: "general.log", with: { message: "a total of {total}" } },
        keep: { do: "set_variable", with: { variable: "set", value: 1 } },
      },
      edges: ["start -> log -> keep"],
    });
    expect(Object.keys(copyOf(flow, catalogue, ["log", "keep"]).variables)).toEqual(["total", "set"]);
    expect(Object.keys(copyOf(flow, catalogue, ["keep"]).variables)).toEqual(["set"]);
  });
});

describe("Breakpoints in a called workflow", () => {
  const flow = readDocument({
    name: "Caller",
    variables: { rate: { type: "number" } },
    nodes: {
      call: { do: "call_workflow", with: { workflow: "Convert" } },
      call_2: { do: "call_workflow", with: { workflow: "Convert" } },
    },
    edges: ["start -> call -> call_2"],
  });
  const names = (changed: Flow) => Object.keys(changed.layout.breakpoints);
  const both = together("Both", [
    setBreakpointCondition("call/read", "rate > call"),
    setBreakpointCondition("call", "rate > 2"),
    enableBreakpoint("call_2/inner/read", false),
  ]).apply(flow, catalogue);

  it("live in the workflow that calls, under the calls' names", () => {
    expect(names(both)).toEqual(["call/read", "call", "call_2/inner/read"]);
    expect(names(toggleBreakpoint("call/read").apply(both, catalogue))).toEqual(["call", "call_2/inner/read"]);
    expect(toggleBreakpoint("nowhere/read").apply(both, catalogue)).toBe(both);
    expect(writeDocument(both).layout).toMatchObject({ breakpoints: { "call/read": { condition: "rate > call" } } });
  });

  it("follow the step that calls, with conditions in the names of the called workflow", () => {
    const renamed = renameNode("call", "convert").apply(both, catalogue);
    expect(names(renamed)).toEqual(["convert/read", "convert", "call_2/inner/read"]);
    const changed = renameVariable("rate", "factor").apply(renamed, catalogue);
    expect(changed.layout.breakpoints["convert/read"]).toEqual({ condition: "rate > call" });
    expect(changed.layout.breakpoints.convert).toEqual({ condition: "factor > 2" });
  });

  it("go with the step that calls, and come back with it", () => {
    const history = perform(startHistory(both), removeNodes(["call"]), catalogue);
    expect(names(history.flow)).toEqual(["call_2/inner/read"]);
    expect(undo(history).flow).toBe(both);
  });

  it("go when somebody else deleted the step, and stay when not", () => {
    const theirs = removeNodes(["call"]).apply(flow, catalogue);
    expect(names(mergeFlows(flow, both, theirs, catalogue).flow)).toEqual(["call_2/inner/read"]);
    expect(names(mergeFlows(flow, both, flow, catalogue).flow)).toEqual(names(both));
  });
});

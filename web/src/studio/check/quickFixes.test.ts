import { describe, expect, it } from "vitest";
import { readCatalogue } from "@/shared/flow/catalogue";
import { emptyFlow, type Flow, type JsonObject } from "@/shared/flow/document";
import { quickFixes, renameField } from "@/studio/check/quickFixes";
import type { FlowProblem } from "@/studio/state/editor";

const catalogue = readCatalogue([
  { id: "http.request", inputs: [{ name: "url" }] },
  { id: "set_variable", kind: "control", inputs: [{ name: "variable", mode: "variable" }, { name: "value" }] },
]);
const flowWith = (fields: JsonObject, activity = "set_variable"): Flow => ({
  ...emptyFlow("Fixes"),
  variables: { total: {}, spare: {} },
  nodes: { step: { do: activity, with: fields } },
});
const problem = (
  code: string,
  named: Readonly<Record<string, string>> = {},
  field: string | null = "value",
): FlowProblem => ({
  severity: "error",
  code,
  message: "The words do not matter.",
  arguments: named,
  node: "step",
  field,
  line: null,
  position: null,
});
/** The flow after the first fix. */
const fixed = (flow: Flow, found: FlowProblem) => quickFixes(found, flow, catalogue)[0]?.edit.apply(flow, catalogue);

describe("fixes", () => {
  it("put the name that was meant in place of the wrong one, and nothing else", () => {
    const flow = flowWith({ variable: "total", value: "totl {totl + totl2} {upper('totl')}" });
    const after = fixed(flow, problem("unknown-name", { name: "totl", meant: "total" }));
    expect(after?.nodes.step?.with.value).toBe("totl {total + totl2} {upper('totl')}");
  });

  it("put the field that was meant behind the right name only", () => {
    expect(renameField(["{read.rws[0]} {other.rws} rws"], "read", "rws", "rows")).toEqual([
      "{read.rows[0]} {other.rws} rws",
    ]);
    const flow = flowWith({ value: "{read.rws}" });
    const named = { name: "rws", owner: "read", meant: "rows" };
    expect(fixed(flow, problem("unknown-field", named))?.nodes.step?.with.value).toBe("{read.rows}");
  });

  it("choose the activity, the field and the variable that were meant", () => {
    const flow = flowWith({ variable: "totl", adress: "x" }, "http.reqest");
    const activity = problem("unknown-activity", { name: "http.reqest", meant: "http.request" }, "do");
    expect(fixed(flow, activity)?.nodes.step?.do).toBe("http.request");
    const field = problem("unknown-input", { name: "adress", meant: "url" }, "adress");
    expect(fixed(flow, field)?.nodes.step?.with).toEqual({ variable: "totl", url: "x" });
    const variable = problem("unknown-variable", { name: "totl", meant: "total" }, "variable");
    expect(fixed(flow, variable)?.nodes.step?.with.variable).toBe("total");
  });

  it("enable the step that is read, and not the one that reads itself", () => {
    const flow = flowWith({ value: "{other}" });
    const [fix] = quickFixes(problem("not-enabled", { name: "other" }), flow, catalogue);
    expect(fix?.label).toBe("Enable other");
    expect(quickFixes(problem("not-enabled", { name: "step" }), flow, catalogue)).toEqual([]);
  });

  it("give a called workflow the input that was meant, unless that is given already", () => {
    const wrong = problem("unknown-input", { name: "amuont", meant: "amount" }, "inputs.amuont");
    const flow = flowWith({ workflow: "Convert", inputs: { rate: 2, amuont: 1 } }, "call_workflow");
    expect(fixed(flow, wrong)?.nodes.step?.with).toEqual({ workflow: "Convert", inputs: { rate: 2, amount: 1 } });
    const both = flowWith({ workflow: "Convert", inputs: { amount: 3, amuont: 1 } }, "call_workflow");
    expect(quickFixes(wrong, both, catalogue)).toEqual([]);
  });

  it("declare what is not there, unless the name is taken or none", () => {
    const flow = flowWith({ value: "{rest}" });
    expect(fixed(flow, problem("unknown-name", { name: "rest" }))?.variables.rest).toEqual({ type: "any" });
    expect(quickFixes(problem("unknown-name", { name: "step" }), flow, catalogue)).toEqual([]);
    expect(quickFixes(problem("unknown-name", { name: "no name" }), flow, catalogue)).toEqual([]);
  });

  it("silence warnings at the step or everywhere, and never errors", () => {
    const flow = flowWith({});
    const warning: FlowProblem = { ...problem("no-timeout", {}, null), severity: "warning" };
    const [here, everywhere] = quickFixes(warning, flow, catalogue).map(({ edit }) => edit.apply(flow, catalogue));
    expect(here?.layout.analyser?.nodes).toEqual({ step: ["no-timeout"] });
    expect(everywhere?.layout.analyser?.ignore).toEqual(["no-timeout"]);
    expect(quickFixes(problem("jump"), flow, catalogue)).toEqual([]);
  });

  it("remove a variable that nothing uses", () => {
    const flow = flowWith({});
    const unused = { ...problem("unused-variable", {}, "variables.spare"), node: null };
    expect(Object.keys(fixed(flow, unused)?.variables ?? {})).toEqual(["total"]);
  });
});

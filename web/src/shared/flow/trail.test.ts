import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { emptyFlow } from "@/shared/flow/document";
import { readDocument } from "@/shared/flow/readDocument";
import { callsInto, trailQuery, type Called } from "@/shared/flow/trail";

const calling = (name: string, called: string) =>
  readDocument({
    name,
    nodes: { call: { do: "call_workflow", with: { workflow: called } } },
    edges: ["start -> call"],
  });
const on = (call: string, name: string): Called => ({
  call,
  name,
  workflowId: name,
  version: 1,
  flow: emptyFlow(name),
});

test("calls go deeper; into a workflow that is on the way already they lead back to it", () => {
  expect(callsInto([], "call", "Inner")).toEqual(["call"]);
  expect(callsInto([on("call", "Inner")], "deeper", "Innermost")).toEqual(["call", "deeper"]);
  const trail = [on("call", "Inner"), on("deeper", "Innermost")];
  expect(callsInto(trail, "again", "Inner")).toEqual(["call"]);
  expect(callsInto(trail, "again", "Innermost")).toEqual(["call", "deeper"]);
});

test("a trail goes through the versions that were called at its moment", async () => {
  const at = "2026-11-20T10:00:00Z";
  const client = new QueryClient();
  const version = (name: string, number: number, called: string) =>
    client.setQueryData(["called-version", name, at], {
      workflowId: name,
      version: number,
      flow: calling(name, called),
    });
  version("Inner", 3, "Innermost");
  version("Innermost", 7, "Nothing");
  const root = calling("Root", "Inner");
  const trail = await client.fetchQuery(trailQuery(root, ["call", "call"], at));
  expect(trail.map(({ name, version }) => `${name} ${version}`)).toEqual(["Inner 3", "Innermost 7"]);
  const nowhere = client.fetchQuery({ ...trailQuery(root, ["call", "other"], at), retry: false });
  await expect(nowhere).rejects.toThrow("There is no step other that calls a workflow.");
});

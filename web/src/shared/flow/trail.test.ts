import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { emptyFlow } from "@/shared/flow/document";
import { readDocument } from "@/shared/flow/readDocument";
import { callsInto, trailQuery, type Called } from "@/shared/flow/trail";

const calling = (name: string, called: string, version: number | null = null) =>
  readDocument({
    name,
    nodes: { call: { do: "call_workflow", with: { workflow: called, version } } },
    edges: ["start -> call"],
  });
const to = (name: string, pinned: number | null = null) => ({ name, pinned });
const on = (call: string, name: string, pinned: number | null = null): Called => ({
  call,
  ...to(name, pinned),
  workflowId: name,
  version: 1,
  flow: emptyFlow(name),
});

test("calls go deeper; into a workflow that is on the way already they lead back to it", () => {
  expect(callsInto([], "call", to("Inner"))).toEqual(["call"]);
  expect(callsInto([on("call", "Inner")], "deeper", to("Innermost"))).toEqual(["call", "deeper"]);
  const trail = [on("call", "Inner"), on("deeper", "Innermost")];
  expect(callsInto(trail, "again", to("Inner"))).toEqual(["call"]);
  expect(callsInto(trail, "again", to("Innermost"))).toEqual(["call", "deeper"]);
  expect(callsInto(trail, "again", to("Inner", 2))).toEqual(["call", "deeper", "again"]);
  expect(callsInto([...trail, on("again", "Inner", 2)], "more", to("Inner", 2))).toEqual(["call", "deeper", "again"]);
});

test("a trail goes through the versions that were called at its moment", async () => {
  const at = "2026-11-20T10:00:00Z";
  const client = new QueryClient();
  const version = (name: string, number: number, called: string, pinned: number | null) =>
    client.setQueryData(["called-version", name, pinned, at], {
      workflowId: name,
      version: number,
      flow: calling(name, called),
    });
  version("Inner", 3, "Innermost", null);
  version("Innermost", 7, "Nothing", null);
  version("Inner", 2, "Innermost", 2);
  const root = calling("Root", "Inner");
  const trail = await client.fetchQuery(trailQuery(root, ["call", "call"], at));
  expect(trail.map(({ name, version }) => `${name} ${version}`)).toEqual(["Inner 3", "Innermost 7"]);
  const pinned = await client.fetchQuery(trailQuery(calling("Root", "Inner", 2), ["call", "call"], at));
  expect(pinned.map(({ name, version, pinned }) => `${name} ${version} ${pinned}`)).toEqual([
    "Inner 2 2",
    "Innermost 7 null",
  ]);
  const nowhere = client.fetchQuery({ ...trailQuery(root, ["call", "other"], at), retry: false });
  await expect(nowhere).rejects.toThrow("There is no step other that calls a workflow.");
});

import { expect, test } from "vitest";
import { actorWords, detailWords, thingWords } from "@/features/audit/words";

test("a thing has the name that it has now, and the one it had when it is gone", () => {
  expect(thingWords({ resource_name: "Orders", details: { name: "Order" } })).toBe("Orders");
  expect(thingWords({ resource_name: null, details: { name: "Order" } })).toBe("Order");
  expect(thingWords({ resource_name: null, details: { email: "ada@example.org" } })).toBe("ada@example.org");
  expect(thingWords({ resource_name: null, details: { number: 3 } })).toBe("");
});

test("every detail has its name, and what the thing is called is not said twice", () => {
  const details = { number: 3, name: "Orders", tags: ["a", "b"], old_role: null };
  expect(detailWords({ resource_name: "Orders", details })).toBe("number: 3 · tags: a, b · old role: none");
  expect(detailWords({ resource_name: "Orders now", details: { name: "Orders" } })).toBe("name: Orders");
  expect(detailWords({ resource_name: null, details: { size: 400_000_000 } })).toBe("size: 400 MB");
  expect(detailWords({ resource_name: null, details: null })).toBe("");
});

test("whoever is no person is called what it is", () => {
  expect(actorWords({ actor_kind: "user", actor_name: "ada@example.org" })).toBe("ada@example.org");
  expect(actorWords({ actor_kind: "runner", actor_name: "Accounting 1" })).toBe("Accounting 1 (runner)");
  expect(actorWords({ actor_kind: "system", actor_name: "system" })).toBe("system");
});

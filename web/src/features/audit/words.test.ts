import { expect, test } from "vitest";
import { actorWords, detailWords } from "@/features/audit/words";

test("the thing's name comes first, and every other detail has its own", () => {
  expect(detailWords({ details: { number: 3, name: "Orders", tags: ["a", "b"], old_role: null } })).toBe(
    "Orders · number: 3 · tags: a, b · old role: none",
  );
  expect(detailWords({ details: null })).toBe("");
});

test("whoever is no person is called what it is", () => {
  expect(actorWords({ actor_kind: "user", actor_name: "ada@example.org" })).toBe("ada@example.org");
  expect(actorWords({ actor_kind: "runner", actor_name: "Accounting 1" })).toBe("Accounting 1 (runner)");
  expect(actorWords({ actor_kind: "system", actor_name: "system" })).toBe("system");
});

import { expect, test } from "vitest";
import { labelsProblem } from "@/shared/format/labels";

test("labels are short names without spaces", () => {
  expect(labelsProblem(["excel", "site:vienna/2", "a_b.c-d", "9"])).toBeNull();
  expect(labelsProblem(["excel", "two words"])).toContain("two words");
  expect(labelsProblem(["-first"])).toContain("-first");
  expect(labelsProblem(["x".repeat(64)])).not.toBeNull();
  expect(labelsProblem([])).toBeNull();
});

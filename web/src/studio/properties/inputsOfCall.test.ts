import { expect, test } from "vitest";
import { fieldOf, withInput } from "@/studio/properties/inputsOfCall";
import { shapeOf } from "@/studio/form/schema";

test("an input becomes a field of its type, required where it has no default", () => {
  const amount = fieldOf("inputs", "amount", { type: "number", description: "How much." });
  expect(amount).toMatchObject({ name: "inputs.amount", title: "amount", description: "How much.", required: true });
  expect(shapeOf(amount.schema).widget).toBe("number");
  const anything = fieldOf("inputs", "anything", { default: null });
  expect(anything).toMatchObject({ required: false, default: null });
  expect(shapeOf(anything.schema).widget).toBe("any");
});

test("an empty input is not given, and without inputs there is no object", () => {
  expect(withInput({ rate: 2 }, "amount", "{price}")).toEqual({ rate: 2, amount: "{price}" });
  expect(withInput({ rate: 2, amount: 1 }, "amount", "")).toEqual({ rate: 2 });
  expect(withInput({ rate: 2 }, "amount", undefined)).toEqual({ rate: 2 });
  expect(withInput({ amount: 1 }, "amount", undefined)).toBeUndefined();
  expect(withInput({ rate: 2 }, "amount", false)).toEqual({ rate: 2, amount: false });
  expect(withInput({ rate: 2 }, "amount", null)).toEqual({ rate: 2, amount: null });
});

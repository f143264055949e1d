import { expect, it } from "vitest";
import { wholeText } from "@/studio/canvas/pastedText";

const NODES = "nodes:\n  tell:\n    do: general.log\n    with: {message: hello}\nedges:\n- start -> tell";
const ADDED = "\nformat: exekra.flow/1\nname: Pasted";

it("leaves a whole workflow as it is", () => {
  const whole = `format: exekra.flow/1\nname: Greeting\n${NODES}`;
  expect(wholeText(whole)).toBe(whole);
  const json = '{\n  "nodes": {"tell": {"do": "general.log"}}\n}';
  expect(wholeText(`\n${json}\n`)).toBe(json);
});

it("completes a part as documentation shows it, however it is indented", () => {
  expect(wholeText(NODES)).toBe(NODES + ADDED);
  expect(wholeText(`\n\n${NODES.replaceAll(/^/gm, "    ")}\n\n`)).toBe(NODES + ADDED);
  expect(wholeText(NODES.replaceAll("\n", "\r\n"))).toBe(NODES + ADDED);
});

it("finds what stands in a message", () => {
  const message = `Try this:\n\`\`\`sh\nexekra up\n\`\`\`\nand then\n\`\`\`yaml\n${NODES}\n\`\`\`\nBye`;
  expect(wholeText(message)).toBe(NODES + ADDED);
});

it("takes steps alone", () => {
  expect(wholeText("  tell:\n    do: general.log\n\n  wait: {do: general.wait}\n")).toBe(
    `nodes:\n  tell:\n    do: general.log\n\n  wait: {do: general.wait}${ADDED}`,
  );
});

it.each(["", " \n ", "Please call me back.", "https://example.org/?nodes=1", "{}", "[1, 2]"])(
  "sees no steps in %j",
  (text) => {
    expect(wholeText(text)).toBeNull();
  },
);

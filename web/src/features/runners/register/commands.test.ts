import { expect, test } from "vitest";
import { commandsFor, likelySystem } from "@/features/runners/register/commands";

const CONNECT = "exekra runner --hub-url http://127.0.0.1:4545 --machine-key FC-1 --remember";

test("the commands install, connect and start, in this order", () => {
  const lines = commandsFor("linux", CONNECT, "exekra runner").split("\n");
  expect(lines.at(-2)).toBe(CONNECT);
  expect(lines.at(-1)).toBe("exekra runner");
  expect(lines[0]).toContain("python3 -m venv");
});

test("on Windows they are for PowerShell", () => {
  expect(commandsFor("windows", CONNECT, "exekra runner")).toContain("Activate.ps1");
});

test("the browser's system is recognised", () => {
  expect(likelySystem("Win32")).toBe("windows");
  expect(likelySystem("MacIntel")).toBe("macos");
  expect(likelySystem("Linux x86_64")).toBe("linux");
});

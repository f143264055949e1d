import { expect, test } from "vitest";
import { commandsFor, likelySystem } from "@/features/runners/register/commands";

const CONNECT = "exekra runner --hub-url http://127.0.0.1:4545 --machine-key FC-1 --remember";

test("the commands install and connect; nothing stands after the one that asks for the secret", () => {
  for (const system of ["linux", "macos", "windows"] as const) {
    const lines = commandsFor(system, CONNECT).split("\n");
    expect(lines[0]).toContain("-m venv");
    expect(lines.at(-1)).toBe(CONNECT);
  }
});

test("on Windows they are for PowerShell", () => {
  expect(commandsFor("windows", CONNECT)).toContain('& "$HOME\\exekra-runner\\Scripts\\Activate.ps1"');
});

test("the browser's system is recognised", () => {
  expect(likelySystem("Win32")).toBe("windows");
  expect(likelySystem("MacIntel")).toBe("macos");
  expect(likelySystem("Linux x86_64")).toBe("linux");
});

/** The systems that a Runner can be started on. */
export type System = "linux" | "macos" | "windows";

export const SYSTEMS: readonly { system: System; label: string }[] = [
  { system: "linux", label: "Linux" },
  { system: "macos", label: "macOS" },
  { system: "windows", label: "Windows" },
];

/** The commands that install a Runner and connect it, to be pasted into a terminal. The last one asks for the secret. */
export function commandsFor(system: System, connect: string): string {
  if (system === "windows") {
    const folder = "$HOME\\exekra-runner";
    return [
      `py -m venv "${folder}"`,
      `& "${folder}\\Scripts\\Activate.ps1"`,
      'pip install "exekra[runner]"',
      connect,
    ].join("\n");
  }
  const folder = "$HOME/exekra-runner";
  return [`python3 -m venv "${folder}"`, `. "${folder}/bin/activate"`, 'pip install "exekra[runner]"', connect].join(
    "\n",
  );
}

/** The system that this browser runs on: the likeliest one for the Runner too. */
export function likelySystem(platform: string): System {
  if (/win/i.test(platform)) return "windows";
  return /mac|iphone|ipad/i.test(platform) ? "macos" : "linux";
}

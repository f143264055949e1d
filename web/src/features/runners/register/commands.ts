/** The systems that a Runner can be started on. */
export type System = "linux" | "macos" | "windows";

export const SYSTEMS: readonly { system: System; label: string }[] = [
  { system: "linux", label: "Linux" },
  { system: "macos", label: "macOS" },
  { system: "windows", label: "Windows" },
];

/** The commands that install a Runner, connect it and start it, one after the other, to be pasted into a terminal. */
export function commandsFor(system: System, connect: string, start: string): string {
  const python = system === "windows" ? "py" : "python3";
  const folder = system === "windows" ? '"$HOME\\exekra-runner"' : '"$HOME/exekra-runner"';
  const activate =
    system === "windows" ? '& "$HOME\\exekra-runner\\Scripts\\Activate.ps1"' : `. ${folder}/bin/activate`;
  return [`${python} -m venv ${folder}`, activate, 'pip install "exekra[runner]"', connect, start].join("\n");
}

/** The system that this browser runs on: the likeliest one for the Runner too. */
export function likelySystem(platform: string): System {
  if (/win/i.test(platform)) return "windows";
  return /mac|iphone|ipad/i.test(platform) ? "macos" : "linux";
}

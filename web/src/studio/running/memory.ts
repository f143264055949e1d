/** What one gave the last time, kept in this browser. */

function read<Value>(key: string, otherwise: Value): Value {
  try {
    const text = localStorage.getItem(key);
    return text === null ? otherwise : (JSON.parse(text) as Value);
  } catch {
    return otherwise;
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Without room, or where the browser keeps nothing, it is asked for again the next time.
  }
}

/** The texts of a workflow's inputs, by name. */
export const rememberedInputs = {
  read: (workflow: string) => read<Record<string, string>>(`exekra-inputs:${workflow}`, {}),
  write: (workflow: string, texts: Record<string, string>) => write(`exekra-inputs:${workflow}`, texts),
};

/** The Runner for interactive runs; null is any that is free. */
export const rememberedRunner = {
  read: () => read<string | null>("exekra-runner", null),
  write: (runner: string | null) => write("exekra-runner", runner),
};

/** The expressions that are watched while a workflow is debugged. */
export const rememberedWatches = {
  read: (workflow: string) => read<string[]>(`exekra-watches:${workflow}`, []),
  write: (workflow: string, watches: readonly string[]) => write(`exekra-watches:${workflow}`, watches),
};

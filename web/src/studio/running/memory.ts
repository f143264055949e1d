/** What somebody gave the last time, kept in this browser for each user apart. */

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

/** Whose memory, and of which workflow. */
interface Place {
  readonly userId: string;
  readonly workflowId: string;
}

const keyOf = (kind: string, { userId, workflowId }: Place) => `exekra-${kind}:${userId}:${workflowId}`;

/** The texts of a workflow's inputs, by name. */
export const rememberedInputs = {
  read: (place: Place) => read<Record<string, string>>(keyOf("inputs", place), {}),
  write: (place: Place, texts: Record<string, string>) => write(keyOf("inputs", place), texts),
};

/** The Runner for interactive runs; null is any that is free. */
export const rememberedRunner = {
  read: ({ userId }: Pick<Place, "userId">) => read<string | null>(`exekra-runner:${userId}`, null),
  write: ({ userId }: Pick<Place, "userId">, runner: string | null) => write(`exekra-runner:${userId}`, runner),
};

/** The expressions that are watched while a workflow is debugged. */
export const rememberedWatches = {
  read: (place: Place) => read<string[]>(keyOf("watches", place), []),
  write: (place: Place, watches: readonly string[]) => write(keyOf("watches", place), watches),
};

const RETRY_MILLISECONDS = 2_000;

async function hubAnswers(): Promise<boolean> {
  try {
    await fetch("/api/health");
    return true;
  } catch {
    return false;
  }
}

/**
 * Loads a part of the application that is fetched when it is first wanted. While the Hub is away it waits and tries
 * again: a part that cannot be had would take the page with it, and all that is unsaved there.
 */
export async function patiently<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch {
      if (await hubAnswers()) return load();
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS));
    }
  }
}

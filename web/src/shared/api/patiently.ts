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
 * Loads a part of the application that is fetched when it is first wanted; while the Hub is away it waits. The Hub is
 * asked first, because a browser never again fetches a module that once could not be had, and the page that wants it
 * would be gone with all that is unsaved there.
 */
export async function patiently<T>(load: () => Promise<T>): Promise<T> {
  while (!(await hubAnswers())) await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS));
  return load();
}

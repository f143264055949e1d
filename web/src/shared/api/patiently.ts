import { fetchBrokenStyles } from "@/shared/api/styleSheets";

const RETRY_MILLISECONDS = 2_000;
const TRUSTED_MILLISECONDS = 5_000;

/** When the Hub last answered, since the page itself was fetched from it. */
let heardAt = 0;

async function hubAnswers(): Promise<boolean> {
  try {
    await fetch("/api/health");
    heardAt = performance.now();
    return true;
  } catch {
    return false;
  }
}

/**
 * Loads a part of the application that is fetched when it is first wanted; while the Hub is away it waits. The Hub is
 * asked first, unless it answered just now, because not every browser fetches a module again that once could not be had.
 * What fails although the Hub answers is an error.
 */
export async function patiently<T>(load: () => Promise<T>): Promise<T> {
  let answers = performance.now() - heardAt < TRUSTED_MILLISECONDS || (await hubAnswers());
  for (;;) {
    while (!answers) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS));
      answers = await hubAnswers();
    }
    try {
      await fetchBrokenStyles();
      return await load();
    } catch (error) {
      answers = await hubAnswers();
      if (answers) throw error;
    }
  }
}

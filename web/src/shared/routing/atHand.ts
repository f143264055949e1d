import type { FetchQueryOptions, QueryClient, QueryKey } from "@tanstack/react-query";

const PATIENCE_MILLISECONDS = 150;

/**
 * Asks for what a page shows while the page itself is loaded, and lets the navigation wait for it for a moment: what
 * comes at once is drawn at once, without a skeleton before it. What is known already is not waited for, and what fails
 * or takes longer is shown by the page itself.
 */
export async function atHand<Data, Key extends QueryKey>(
  client: QueryClient,
  options: FetchQueryOptions<Data, Error, Data, Key>,
): Promise<void> {
  if (client.getQueryData(options.queryKey) !== undefined) return;
  await Promise.race([
    client.prefetchQuery(options),
    new Promise((resolve) => setTimeout(resolve, PATIENCE_MILLISECONDS)),
  ]);
}

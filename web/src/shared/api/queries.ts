import { QueryClient } from "@tanstack/react-query";
import { isPassing } from "@/shared/api/errors";

const FRESH_MILLISECONDS = 5_000;

/** The cache of what the Hub answered. A Hub that is away is asked again for as long as somebody looks. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MILLISECONDS,
      retry: (_failures, error) => isPassing(error),
      retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 5_000),
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

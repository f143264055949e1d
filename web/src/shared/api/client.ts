import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "@/generated/api";
import { ApiError, HubAwayError } from "@/shared/api/errors";

/** The shapes that the Hub's API takes and gives, by name. */
export type Schemas = components["schemas"];

type Listener = () => void;
const expiryListeners = new Set<Listener>();
const awayListeners = new Set<Listener>();

/** Calls `listener` whenever the Hub says that nobody is signed in any more. Gives the way to end that. */
export function onSessionExpired(listener: Listener): () => void {
  expiryListeners.add(listener);
  return () => expiryListeners.delete(listener);
}

/** Calls `listener` whenever a request finds no Hub. Gives the way to end that. */
export function onHubAway(listener: Listener): () => void {
  awayListeners.add(listener);
  return () => awayListeners.delete(listener);
}

/** A request found no Hub: tells the listeners, and gives the error. */
export function hubAway(): HubAwayError {
  awayListeners.forEach((listener) => listener());
  return new HubAwayError();
}

/** The Hub said that nobody is signed in any more. */
export function sessionExpired(): void {
  expiryListeners.forEach((listener) => listener());
}

async function fetchOrAway(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw hubAway();
  }
}

const refusals: Middleware = {
  async onResponse({ response, schemaPath }) {
    if (response.ok) return;
    if (response.status === 401 && schemaPath !== "/api/session") sessionExpired();
    throw await refusalOf(response);
  },
};

/** The Hub's refusal as an error. */
export async function refusalOf(response: Response): Promise<ApiError | HubAwayError> {
  const body: unknown = await response.json().catch(() => null);
  const error = (body as { error?: Partial<Schemas["ErrorDetail"]> } | null)?.error;
  if (error?.message === undefined) {
    return response.status >= 502 && response.status <= 504
      ? new HubAwayError()
      : new ApiError(response.status, "unknown", `The Hub answered with status ${response.status}.`);
  }
  const problems = (error as { problems?: [] }).problems ?? [];
  return new ApiError(response.status, error.code ?? "unknown", error.message, error.where, error.hint, problems);
}

/**
 * The Hub's API, typed by its own description. Every refusal is thrown as `ApiError`, silence as `HubAwayError`, so
 * `const { data } = await api.GET(...)` has data.
 */
export const api = createClient<paths>({ baseUrl: "", fetch: fetchOrAway });
api.use(refusals);

/** The data of an answer; a refusal was thrown before it came here. */
export async function dataOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

/** One thing that the Hub found wrong, as its answers list them. */
export interface ProblemDetail {
  message?: string;
  code?: string;
  node?: string | null;
  field?: string | null;
  [name: string]: unknown;
}

/** The Hub refused a request. The message is a sentence for people. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly where: string | null = null,
    readonly hint: string | null = null,
    readonly problems: readonly ProblemDetail[] = [],
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** No answer came: the Hub is stopped, or the network is. */
export class HubAwayError extends Error {
  constructor() {
    super("The Hub does not answer. Your work stays here; it is sent again when the Hub is back.");
    this.name = "HubAwayError";
  }
}

/** A part of the application could not be fetched although the Hub answers: the network failed, or the Hub is a newer one. */
export class PartMissingError extends Error {
  /** `forget` lets the part be fetched again when it is drawn next. */
  constructor(
    readonly forget: () => void,
    cause: unknown,
  ) {
    super("This part of the page could not be fetched.", { cause });
    this.name = "PartMissingError";
  }
}

/** Whether waiting and asking again can help. */
export function isPassing(error: unknown): boolean {
  return error instanceof HubAwayError || (error instanceof ApiError && [429, 502, 503, 504].includes(error.status));
}

/** The error in words, with what to do where the Hub says it. */
export function inWords(error: unknown): string {
  if (error instanceof ApiError) return error.hint ? `${error.message} ${error.hint}` : error.message;
  return error instanceof Error ? error.message : String(error);
}

/** What a stream of server-sent events tells. */
export interface StreamHandlers {
  /** `name` is the event's name, `data` its parsed body, `id` its sequence. */
  onEvent: (name: string, data: unknown, id: string) => void;
  /** Whether the connection is there; it is opened again by itself. */
  onConnected?: (connected: boolean) => void;
}

export interface StreamOptions {
  /** Keep the connection while nobody sees the page. A browser has only six of them for all its tabs. */
  whileHidden?: boolean;
}

const HIDDEN_MILLISECONDS = 10_000;
const RETRY_MILLISECONDS = 2_000;

/** Opens one of the Hub's streams for the events with these names. Gives the way to close it. */
export function openStream(
  url: string,
  names: readonly string[],
  handlers: StreamHandlers,
  { whileHidden = false }: StreamOptions = {},
): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastId = "";

  const disconnect = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const connect = () => {
    disconnect();
    const address = lastId === "" ? url : `${url}${url.includes("?") ? "&" : "?"}last_event_id=${lastId}`;
    const opened = new EventSource(address);
    source = opened;
    opened.onopen = () => handlers.onConnected?.(true);
    opened.onerror = () => {
      handlers.onConnected?.(false);
      // After an answer that is no stream (a proxy's 502) the browser gives up: then it is for us to try again.
      if (opened.readyState === EventSource.CLOSED) timer = setTimeout(connect, RETRY_MILLISECONDS);
    };
    for (const name of names) {
      opened.addEventListener(name, (message: MessageEvent<string>) => {
        lastId = message.lastEventId || lastId;
        handlers.onEvent(name, JSON.parse(message.data), message.lastEventId);
      });
    }
  };
  const onVisibility = () => {
    clearTimeout(timer);
    if (document.visibilityState === "hidden") timer = setTimeout(disconnect, HIDDEN_MILLISECONDS);
    else if (source === null || source.readyState === EventSource.CLOSED) connect();
  };

  connect();
  if (!whileHidden) document.addEventListener("visibilitychange", onVisibility);
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    disconnect();
  };
}

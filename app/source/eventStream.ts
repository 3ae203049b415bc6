interface EventStreamOptions {
  /** What takes the data of each event, by the event's name. */
  readonly receive: Readonly<Record<string, (data: string) => void>>;
  readonly online: (online: boolean) => void;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 10_000;

/** Listens to server-sent events and connects again by itself, waiting longer each time; returns the function that stops it. */
export function eventStream(url: string, {receive, online}: EventStreamOptions): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = FIRST_WAIT_MS;

  const connect = (): void => {
    source = new EventSource(url);
    for (const [event, take] of Object.entries(receive))
      source.addEventListener(event, (message) => take((message as MessageEvent<string>).data));
    source.onopen = () => {
      wait = FIRST_WAIT_MS;
      online(true);
    };
    source.onerror = () => {
      online(false);
      source?.close(); // the browser's own retry gives up on some answers; ours never does
      clearTimeout(timer);
      timer = setTimeout(connect, wait);
      wait = Math.min(LONGEST_WAIT_MS, wait * 1.6);
    };
  };
  const connectNow = (): void => {
    if (source?.readyState === EventSource.OPEN) return;
    clearTimeout(timer);
    source?.close();
    connect();
  };
  connect();
  addEventListener("online", connectNow);
  return () => {
    clearTimeout(timer);
    removeEventListener("online", connectNow);
    source?.close();
  };
}

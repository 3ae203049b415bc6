import type {Response} from "express";

interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

interface SendEventsOptions {
  /** What is told at once, so that a page that comes back knows where things stand. */
  readonly first: readonly ServerEvent[];
  /** Begins to call with every further event; answers with the function that stops it. */
  readonly watch: (send: (event: ServerEvent) => void) => () => void;
}

const MOST_UNREAD = 4 * 2 ** 20; // bytes that wait for a slow listener
const HEARTBEAT_MS = 15_000; // shorter than the idle limits of proxies

/** Server-sent events until the listener is gone. */
export function sendEvents(response: Response, {first, watch}: SendEventsOptions): void {
  response.status(200).set({"content-type": "text/event-stream", "cache-control": "no-store, no-transform", "x-accel-buffering": "no"});
  if (response.req.method === "HEAD") {
    response.end();
    return;
  }
  response.flushHeaders(); // neither compressed nor held back on the way
  const send = ({event, data}: ServerEvent): void => {
    if (response.writableLength > MOST_UNREAD)
      response.destroy(); // it takes nothing; a page that comes back is told where things stand
    else response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  for (const event of first) send(event);
  const stop = watch(send);
  const heartbeat = setInterval(() => response.write(": still here\n\n"), HEARTBEAT_MS);
  response.on("close", () => {
    stop();
    clearInterval(heartbeat);
  });
}

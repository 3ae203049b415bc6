import type {Server} from "node:http";
import type {RequestHandler} from "express";

const HEADERS_MS = 20_000; // to say what is asked for
const REQUEST_MS = 120_000; // to send all of it: the largest body over a slow line
const STALLED_MS = 60_000; // without a byte taken, while an answer is on its way; event streams write every 15 s
const MAX_CONNECTIONS = 1000; // each holds memory, whoever it is

/** Bounds what slow and silent clients can hold. How long an answer may be worked on has no limit here: a client that leaves ends it. */
export function limitPatience(server: Server): void {
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = REQUEST_MS;
  server.maxConnections = MAX_CONNECTIONS;
}

/** Hangs up on a client that takes nothing of an answer that is on its way. */
export const dropStalled: RequestHandler = (request, response, next) => {
  const {socket} = request;
  const writeHead = response.writeHead.bind(response);
  response.writeHead = ((...args: Parameters<typeof writeHead>) => {
    socket.setTimeout(STALLED_MS); // the server ends a socket whose time is up
    return writeHead(...args);
  }) as typeof response.writeHead;
  response.on("close", () => socket.setTimeout(0));
  next();
};

import type {Server} from "node:http";
import type {RequestHandler} from "express";

/** How long slow and silent clients are waited for, in milliseconds. How long an answer may be worked on has no limit here: a client that leaves ends it. */
interface Patience {
  /** To say what is asked for. */
  readonly headersMs: number;
  /** To send all of it, but for uploads, which take as long as they go on. */
  readonly requestMs: number;
  /** Without a byte taken, while an answer is on its way, or sent, while an upload is; event streams write every 15 s. */
  readonly stalledMs: number;
}

const PATIENCE: Patience = {
  headersMs: 20_000,
  requestMs: 120_000, // the largest body over a slow line
  stalledMs: 60_000
};
const MAX_CONNECTIONS = 1000; // each holds memory, whoever it is

/** Bounds what slow and silent clients can hold of a server. */
export function limitPatience(server: Server, {headersMs}: Patience = PATIENCE): void {
  server.headersTimeout = headersMs;
  server.requestTimeout = 0; // dropSlow knows what is asked for
  server.maxConnections = MAX_CONNECTIONS;
}

/** Hangs up on a client that does not come to an end with what it sends, or takes nothing of an answer that is on its way. */
export const dropSlow =
  ({requestMs, stalledMs}: Patience = PATIENCE): RequestHandler =>
  (request, response, next) => {
    const {socket} = request;
    const isUpload = request.method === "PUT";
    let seen = socket.bytesRead;
    const watch = setInterval(
      () => {
        if (request.complete || (isUpload && socket.bytesRead > seen)) {
          seen = socket.bytesRead;
          if (request.complete) clearInterval(watch);
          return;
        }
        clearInterval(watch);
        if (!response.headersSent) response.writeHead(408, {connection: "close"}).end();
        else socket.destroy();
      },
      isUpload ? stalledMs : requestMs
    ).unref();
    const writeHead = response.writeHead.bind(response);
    response.writeHead = ((...args: Parameters<typeof writeHead>) => {
      socket.setTimeout(stalledMs); // the server ends a socket whose time is up
      return writeHead(...args);
    }) as typeof response.writeHead;
    response.on("close", () => {
      socket.setTimeout(0);
      clearInterval(watch);
    });
    next();
  };

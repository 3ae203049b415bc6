import {randomUUID} from "node:crypto";
import type {RequestHandler, Response} from "express";
import type {Logger} from "pino";
import {visitorOf} from "./access/visitor.ts";

const MOST_OF_A_URL = 300; // characters
const PROXYS_ID = /^[0-9a-f-]{1,36}$/i; // what proxies make; a token is no such text, and could not be read in a log for one

/** A line for each request when it is over, with an id that the answer carries as `x-request-id`; a proxy's own id is kept. */
export function requestLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const began = performance.now();
    const {remoteAddress: from} = request.socket; // of one that hung up nothing is known any more
    const told = request.headers["x-request-id"];
    const id = typeof told === "string" && PROXYS_ID.test(told) ? told : randomUUID();
    response.locals.requestId = id;
    response.set("x-request-id", id);
    response.on("close", () => {
      const {method, originalUrl} = request;
      log.info(
        {
          id,
          method,
          url: loggedUrl(originalUrl),
          status: response.statusCode,
          ms: Math.round(performance.now() - began),
          from,
          ...(visitorOf(response).name !== null && {user: visitorOf(response).name}),
          ...(!response.writableFinished && {left: true})
        },
        "request"
      );
    });
    next();
  };
}

/** The id under which the log has a request. */
export const requestIdOf = ({locals}: Response): string => String((locals as {requestId?: string}).requestId);

/** An address as it may stand in a log: without the token of a link. */
export function loggedUrl(url: string): string {
  const at = url.indexOf("?");
  if (at < 0) return url.slice(0, MOST_OF_A_URL);
  const query = new URLSearchParams(url.slice(at + 1));
  if (!query.has("token")) return url.slice(0, MOST_OF_A_URL);
  query.set("token", "…");
  return `${url.slice(0, at)}?${query}`.slice(0, MOST_OF_A_URL);
}

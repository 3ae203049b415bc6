import type {RequestHandler} from "express";
import helmet from "helmet";
import {HttpError} from "../contract/httpError.ts";

const LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Refuses what a foreign web page in the researcher's browser could send: a Host that is not this machine (DNS
 * rebinding), an Origin other than the page's own, and cross-site reads of the API. Any port passes, for tunnels.
 */
export function guard({hosts = []}: {readonly hosts?: readonly string[]} = {}): RequestHandler {
  const known = new Set([...LOOPBACK_NAMES, ...hosts]);
  return (request, _response, next) => {
    const {host = "", origin} = request.headers;
    if (!known.has(host.replace(/:\d+$/, "").toLowerCase()))
      throw new HttpError(403, `refused host: ${host || "none"}; one of ${[...known].join(", ")}`);
    if (origin !== undefined && origin !== `http://${host}`) throw new HttpError(403, `refused origin: ${origin}; expected http://${host}`);
    const site = request.headers["sec-fetch-site"];
    if (request.path.startsWith("/api/") && (site === "cross-site" || site === "same-site"))
      throw new HttpError(403, `refused ${site} request; expected one from http://${host}`);
    next();
  };
}

/** POST, PUT and PATCH must say that they carry JSON: a form of a foreign page cannot. */
export const requireJson: RequestHandler = (request, _response, next) => {
  const hasBody = Number(request.headers["content-length"] ?? 0) > 0 || request.headers["transfer-encoding"] !== undefined;
  if (hasBody && !request.is("application/json"))
    throw new HttpError(415, `invalid content type: ${request.headers["content-type"] ?? "none"}; expected application/json`);
  next();
};

/** Headers of every answer: nothing from elsewhere, no framing; inline style attributes are what charts need. */
export const safeHeaders = (): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"]
      }
    },
    strictTransportSecurity: false // plain HTTP on this machine
  });

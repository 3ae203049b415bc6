import type {Request, RequestHandler} from "express";
import helmet from "helmet";
import {HttpError} from "../contract/httpError.ts";
import {hostOf, type Host, type KnownHosts} from "./access/hosts.ts";
import {SIGN_IN_STYLE_HASH} from "./access/signInPage.ts";

/**
 * Refuses what a foreign web page in the researcher's browser could send: a Host that is not this machine (DNS
 * rebinding), an Origin other than the page's own, and whatever another site asks for but the page itself. Each
 * refusal names the option that lets it in.
 */
export function guard(hosts: KnownHosts): RequestHandler {
  return (request, _response, next) => {
    for (const named of namedHosts(request)) refuseUnknown(named, hosts);
    const {origin} = request.headers;
    if (origin !== undefined) refuseForeignOrigin(origin, request, hosts);
    const site = request.headers["sec-fetch-site"];
    if ((site === "cross-site" || site === "same-site") && !isVisit(request))
      throw new HttpError(403, `refused ${site} request; expected one from the page at ${shown(request.headers.host ?? "none")}`);
    next();
  };
}

/** The host that was asked for, and what proxies in front of us say that they were asked for. */
function namedHosts({headers}: Request): string[] {
  const forwarded = headers["x-forwarded-host"];
  return [headers.host ?? "", ...(typeof forwarded === "string" ? forwarded.split(",").map((name) => name.trim()) : [])];
}

function refuseUnknown(text: string, hosts: KnownHosts): void {
  const host = hostOf(text);
  if (!host) throw new HttpError(403, `refused host: ${shown(text) || "none"}; one of ${hosts.names.join(", ")}`);
  if (!hosts.has(host))
    throw new HttpError(403, `refused host: ${shown(text)}; one of ${hosts.names.join(", ")}; --allow-host ${shown(host.name)} adds it`);
}

/**
 * An origin is the page's own where it is the host that was asked for. A proxy may have put another Host in its place: then a known
 * name will do where the browser (or the proxy, which says what it was asked for) vouches that the page asks its own
 * server, or where a person allowed it.
 */
function refuseForeignOrigin(origin: string, request: Request, hosts: KnownHosts): void {
  const host = originHost(origin);
  const own = request.headers.host ?? "none";
  const refusal = `refused origin: ${shown(origin)}; expected http://${shown(own)}`;
  if (!host) throw new HttpError(403, refusal);
  const asked = namedHosts(request).map(hostOf);
  const isOwn = asked.some((one) => one && one.name === host.name && portOf(one, origin) === portOf(host, origin));
  const vouched = request.headers["sec-fetch-site"] === "same-origin" && hosts.has(host);
  if (!isOwn && !vouched && !hosts.wasAllowed(host))
    throw new HttpError(403, `${refusal}; behind a proxy, --allow-host ${shown(hostText(host))} adds it`);
}

const originHost = (origin: string): Host | undefined => {
  const match = /^https?:\/\/(.+)$/.exec(origin);
  return match ? hostOf(match[1]) : undefined;
};
const hostText = ({name, port}: Host): string => (port ? `${name}:${port}` : name);
const portOf = ({port}: Host, origin: string): string => port || (origin.startsWith("https:") ? "443" : "80");

/** Whether somebody opens the page itself, from a link anywhere. */
const isVisit = ({method, path, headers}: Request): boolean =>
  (method === "GET" || method === "HEAD") &&
  path === "/" &&
  headers["sec-fetch-mode"] === "navigate" &&
  headers["sec-fetch-dest"] === "document";

const MOST_SHOWN = 100;
const shown = (text: string): string => text.replace(/[^\x20-\x7e]/g, "?").slice(0, MOST_SHOWN);

/** POST, PUT and PATCH must say that they carry JSON: a form of a foreign page cannot. */
export const requireJson: RequestHandler = (request, _response, next) => {
  const hasBody = Number(request.headers["content-length"] ?? 0) > 0 || request.headers["transfer-encoding"] !== undefined;
  if (hasBody && !request.is("application/json"))
    throw new HttpError(415, `invalid content type: ${shown(request.headers["content-type"] ?? "none")}; expected application/json`);
  next();
};

/** Headers of every answer: nothing from elsewhere, no framing, no address told to others; inline style attributes are what charts need. */
export const safeHeaders = (): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", SIGN_IN_STYLE_HASH],
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
    referrerPolicy: {policy: "same-origin"}, // with none at all, forms come from the origin null
    strictTransportSecurity: false // TLS is the proxy's, if there is one
  });

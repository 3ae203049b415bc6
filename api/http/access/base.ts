import {Refusal} from "../../../capture/trace/refusal.ts";
import type {RequestHandler, Response} from "express";

const PREFIX = /^(\/[\w.~%@:+-]+)+\/?$/;

/** The path that a proxy has put the page below, with a slash at both ends; throws where it is none. */
export function baseOf(path: string): string {
  if (path === "/") return path;
  if (!PREFIX.test(path)) throw new Refusal(`invalid base: ${path}; expected a path such as /user/kim/proxy/4040/`);
  return path.endsWith("/") ? path : `${path}/`;
}

const HEADERS = ["x-forwarded-prefix", "x-forwarded-context", "x-script-name"]; // Traefik and jupyter-server-proxy; the same; older ones

/**
 * Takes the prefix of a proxy off the address: the one that was given, or else the one that the proxy tells. Most
 * proxies took it off already. The page itself asks for everything relative to where it is.
 */
export function withoutBase(given: string | undefined): RequestHandler {
  return (request, response, next) => {
    const told = HEADERS.map((name) => request.headers[name]).find((value) => typeof value === "string" && PREFIX.test(value));
    const base = given ?? (typeof told === "string" ? baseOf(told) : "/");
    const [path] = request.url.split("?", 1);
    const prefix = prefixOf(path, base);
    if (base !== "/") response.locals.base = prefix?.endsWith("/") ? prefix : base;
    if (prefix !== undefined && !prefix.endsWith("/")) {
      response.redirect(308, `${prefix}/${request.url.slice(path.length)}`);
      return;
    }
    if (prefix !== undefined) request.url = `/${request.url.slice(prefix.length)}`;
    next();
  };
}

/** How a path begins that is below a base, as it is spelt there: what is escaped is up to browsers and proxies. Undefined for one that is elsewhere. */
function prefixOf(path: string, base: string): string | undefined {
  const names = base.split("/").slice(1, -1);
  const given = path.split("/").slice(1);
  if (names.some((name, i) => given[i] === undefined || plain(given[i]) !== plain(name))) return undefined;
  return `${["", ...given.slice(0, names.length)].join("/")}${given.length > names.length ? "/" : ""}`;
}

function plain(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The path that the page is below, as its browser sees it; undefined where nobody told it. */
export const pathOfPage = ({locals}: Response): string | undefined => (locals as {base?: string}).base;

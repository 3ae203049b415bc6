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
    response.locals.base = base;
    const [path] = request.url.split("?", 1);
    if (base !== "/" && path === base.slice(0, -1)) {
      response.redirect(308, base + request.url.slice(path.length));
      return;
    }
    if (path.startsWith(base)) request.url = `/${request.url.slice(base.length)}`;
    next();
  };
}

/** The path that the page is below, as its browser sees it. */
export const pathOfPage = ({locals}: Response): string => (locals as {base?: string}).base ?? "/";

import {createHash} from "node:crypto";
import {hostname} from "node:os";
import express, {Router, type Request, type RequestHandler, type Response} from "express";
import {HttpError} from "../../contract/httpError.ts";
import {pathOfPage} from "./base.ts";
import {askAgainPage, signInPage} from "./signInPage.ts";
import type {TokenBook} from "./tokens.ts";
import {isWelcome, visitorOf, welcome} from "./visitor.ts";

const COOKIE_DAYS = 30;
const MAX_FORM = "2kb"; // a token

/** The cookie's name: servers on one host share their cookies, whatever their ports. */
export const cookieName = (runs: string): string =>
  `orrery-${createHash("sha256").update(`${hostname()}:${runs}`).digest("hex").slice(0, 8)}`;

/**
 * Lets in only those who show a token: in a link, once, or the form that is shown without one, from then on in a cookie that no
 * script reads and no other site sends; programs say `Authorization: Bearer TOKEN`.
 */
export function signIn(book: TokenBook, cookie: string): Router {
  const router = Router({caseSensitive: true});

  async function admit(request: Request, response: Response, token: string): Promise<boolean> {
    const visitor = token === "" ? undefined : await book.visitorOf(token);
    if (!visitor) return false;
    setCookie(request, response, {name: cookie, value: token, seconds: COOKIE_DAYS * 24 * 3600});
    return true;
  }

  router.post("/sign-in", express.urlencoded({extended: false, limit: MAX_FORM}), async (request, response) => {
    const {token} = (request.body ?? {}) as {token?: unknown};
    if (await admit(request, response, typeof token === "string" ? token.trim() : "")) response.redirect(303, "./");
    else refuse(response, "This token is not known here.");
  });

  router.post("/sign-out", (request, response) => {
    setCookie(request, response, {name: cookie, value: "", seconds: 0});
    response.redirect(303, "./");
  });

  router.get("/", async (request, response, next) => {
    const {token, ...rest} = request.query;
    if (token === undefined) return next();
    if (await admit(request, response, typeof token === "string" ? token : ""))
      response.set("cache-control", "no-store").redirect(302, `./?${new URLSearchParams(rest as Record<string, string>).toString()}`);
    else refuse(response, "The token of this link is not known here: the server may have been started anew.");
  });

  router.use(async (request, response, next) => {
    const token = bearerOf(request) ?? cookieOf(request, cookie);
    const visitor = token === undefined ? undefined : await book.visitorOf(token);
    if (visitor) welcome(response, visitor);
    next();
  });

  router.use((request, response, next) => {
    if (isWelcome(response)) return next();
    if (request.path !== "/" || request.method !== "GET") {
      response.set("www-authenticate", "Bearer");
      throw new HttpError(401, "missing token: open the link that `orrery serve` printed, or send `Authorization: Bearer TOKEN`");
    }
    if (request.headers["sec-fetch-site"] === "cross-site")
      response.status(401).set("cache-control", "no-store").type("html").send(askAgainPage);
    else refuse(response, "This server asks for a token.");
  });

  return router;
}

/**
 * For the page's own path alone: a host may have other people's servers under other paths. Where nobody told it, it is not said, and the browser takes the
 * folder of the address that it asked for, which is the same.
 */
function setCookie(
  {headers}: Request,
  response: Response,
  {name, value, seconds}: {readonly name: string; readonly value: string; readonly seconds: number}
): void {
  const path = pathOfPage(response);
  const secure = headers["x-forwarded-proto"] === "https";
  response.append(
    "set-cookie",
    [
      `${name}=${encodeURIComponent(value)}`,
      `Max-Age=${seconds}`,
      ...(path === undefined ? [] : [`Path=${path}`]),
      "HttpOnly",
      ...(secure ? ["Secure"] : []),
      "SameSite=Strict"
    ].join("; ")
  );
}

/** A guest changes nothing; asking how a text is cut, or what ids read, is no change though it comes as POST. */
export const refuseGuests: RequestHandler = ({method, path}, response, next) => {
  const changes = !["GET", "HEAD", "OPTIONS"].includes(method) && !/^\/models\/[^/]+\/(tokens|words)$/.test(path);
  if (changes && visitorOf(response).readOnly) throw new HttpError(403, `refused ${method}: your token is read-only`);
  next();
};

function refuse(response: Response, problem: string): void {
  response.status(401).set("cache-control", "no-store").type("html").send(signInPage(problem));
}

const bearerOf = ({headers}: Request): string | undefined => /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];

function cookieOf({headers}: Request, name: string): string | undefined {
  const own = (headers.cookie ?? "")
    .split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`));
  try {
    return own && decodeURIComponent(own.slice(name.length + 1));
  } catch {
    return undefined; // not ours
  }
}

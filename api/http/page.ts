import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {promisify} from "node:util";
import {gzip} from "node:zlib";
import express, {type Express, type RequestHandler} from "express";
import {HttpError} from "../contract/httpError.ts";
import {fileStamp} from "../files/fileStamp.ts";

/** The page is at `/` alone, as all its views are in the query; whatever else is asked for is a file of it, or not there. */
export function servePage(app: Express, page: string): void {
  app.use("/assets", packedAssets(join(page, "assets")));
  app.use("/assets", express.static(join(page, "assets"), {redirect: false, immutable: true, maxAge: "1y"})); // named by their contents
  app.use(express.static(page, {redirect: false, setHeaders: (response) => void response.setHeader("cache-control", "no-cache")}));
  app.get("/", (_request, response) => {
    response.status(503).type("text/plain").send("The page is not built: run `npm run build`, then reload.\n");
  });
  app.use(({method, path}) => {
    throw new HttpError(
      404,
      `unknown address: ${method} ${path.slice(0, 200)}; the page is at /, or below a proxy's prefix with --base PREFIX`
    );
  });
}

/** Scripts and styles as gzip, a third of their size, where the browser takes it: a page comes over slow lines, too. Each is packed once. */
function packedAssets(folder: string): RequestHandler {
  const packed = new Map<string, Promise<Buffer>>();
  return async (request, response, next) => {
    const [, name, kind] = /^\/([\w-]+\.(js|css))$/.exec(request.path) ?? [];
    response.vary("Accept-Encoding");
    if (name === undefined || !request.acceptsEncodings("gzip")) return next();
    const file = packed.get(name) ?? readFile(join(folder, name)).then((bytes) => gzipped(bytes));
    packed.set(name, file);
    try {
      const bytes = await file;
      response.set({"Content-Encoding": "gzip", "Cache-Control": "public, max-age=31536000, immutable"}).type(kind).send(bytes);
    } catch {
      packed.delete(name); // a build may bring it yet
      next();
    }
  };
}

const gzipped = promisify<Buffer, Buffer>(gzip);

/** The name of the script that the page begins with, by which a tab knows whether it is of this build; null where the page is not built. */
export function pageScript(page: string): () => Promise<string | null> {
  const index = join(page, "index.html");
  let read: {readonly stamp: string | undefined; readonly name: string | null} | undefined;
  return async () => {
    const stamp = await fileStamp(index);
    if (stamp === undefined) return null;
    if (read?.stamp !== stamp) read = {stamp, name: scriptOf(await readFile(index, "utf8").catch(() => ""))}; // nobody is shown one that cannot be read
    return read.name;
  };
}

const scriptOf = (html: string): string | null => /<script[^>]+type="module"[^>]+src="([^"]+)"/.exec(html)?.[1].split("/").at(-1) ?? null;

import {readFile} from "node:fs/promises";
import {join} from "node:path";
import compression from "compression";
import express, {type Express} from "express";
import {HttpError} from "../contract/httpError.ts";
import {fileStamp} from "../files/fileStamp.ts";

/** The page is at `/` alone, as all its views are in the query; whatever else is asked for is a file of it, or not there. */
export function servePage(app: Express, page: string): void {
  app.use("/assets", compression()); // a third of the bytes: the page comes over slow lines, too
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

import {readFile} from "node:fs/promises";
import {createServer} from "node:http";
import type {AddressInfo} from "node:net";
import {extname, join, normalize} from "node:path";
import {onTestFinished} from "vitest";

/** A request that a static server was sent, and how it answered. */
export interface StaticRequest {
  readonly path: string;
  readonly range: string | undefined;
  readonly status: number;
}

export interface StaticServer {
  /** Of the folder, without the slash at its end. */
  readonly url: string;
  readonly requests: readonly StaticRequest[];
}

interface StaticServerOptions {
  /** The path that the folder is given out below; defaults to the root. */
  readonly below?: string;
  /** Whether parts of a file are given; defaults to yes. Python's http.server gives none. */
  readonly ranges?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml"
};

/** Gives out a folder's files and nothing else, until the test is over. */
export async function staticServer(
  folder: string,
  {below = "/", ranges = true, headers = {}}: StaticServerOptions = {}
): Promise<StaticServer> {
  const requests: StaticRequest[] = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url!, "http://static").pathname);
    const {range} = request.headers;
    const name = path.startsWith(below) ? normalize(`/${path.slice(below.length)}`).replace(/\/$/, "/index.html") : undefined;
    const bytes = name === undefined ? undefined : await readFile(join(folder, name)).catch(() => undefined);
    const [, first, last] = (ranges && bytes && /^bytes=(\d+)-(\d+)$/.exec(range ?? "")) || [];
    const status = !bytes ? 404 : first === undefined ? 200 : 206;
    requests.push({path, range, status});
    const type = TYPES[extname(name ?? "")] ?? "application/octet-stream";
    const part = status === 206 ? bytes!.subarray(Number(first), Number(last) + 1) : bytes;
    const place = status === 206 ? {"content-range": `bytes ${first}-${Number(first) + part!.length - 1}/${bytes!.length}`} : {};
    response.writeHead(status, {"content-type": type, ...headers, ...place}).end(part);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${encodeURI(below.replace(/\/$/, ""))}`, requests};
}

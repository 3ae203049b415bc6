import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {NO_LIMITS, type Limits} from "../../api/captures/quota.ts";
import {hashOf, newToken} from "../../api/http/access/tokens.ts";
import {usersBook} from "../../api/http/access/users.ts";
import {startServer} from "./startServer.ts";
import {temporaryFolder} from "./temporaryFolder.ts";

/** Asks as one person: bytes go as they are, anything else as JSON. */
export type Ask = (method: string, address: string, body?: unknown, signal?: AbortSignal) => Promise<Response>;

/** A server with two people and a guest, and how each of them asks. */
export async function lab(limits: Partial<Limits> = {}) {
  const path = join(await temporaryFolder(), "users.json");
  const own = {kim: newToken(), lee: newToken(), guest: newToken()};
  const write = (...names: (keyof typeof own)[]) =>
    writeFile(path, JSON.stringify({users: names.map((name) => ({name, sha256: hashOf(own[name]), read_only: name === "guest"}))}));
  const warned: string[] = [];
  await write("kim", "lee", "guest");
  const server = await startServer({tokens: usersBook(path, (line) => warned.push(line)), limits: {...NO_LIMITS, ...limits}});
  const as =
    (name: keyof typeof own): Ask =>
    (method, address, body, signal) =>
      server.get(address, {
        method,
        signal,
        headers: {
          authorization: `Bearer ${own[name]}`,
          ...(body !== undefined && {"content-type": body instanceof Uint8Array ? "application/octet-stream" : "application/json"})
        },
        ...(body !== undefined && {body: body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body)})
      });
  return {server, path, warned, write, kim: as("kim"), lee: as("lee"), guest: as("guest")};
}

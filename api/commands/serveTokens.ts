import {readFile, stat} from "node:fs/promises";
import {isLoopback} from "../http/access/hosts.ts";
import {joined, newToken, sharedToken, SHORTEST_TOKEN, type TokenBook} from "../http/access/tokens.ts";
import {readUsers, usersBook} from "../http/access/users.ts";
import {ANYONE} from "../http/access/visitor.ts";
import {note} from "./print.ts";
import {UsageError, userPath} from "./usage.ts";

interface TokenOptions {
  /** False lets in whoever comes. */
  readonly token: boolean;
  readonly tokenFile?: string;
  readonly users?: string;
  /** Told, in a line, what the maintainer of the server should know while it runs. */
  readonly warn: (line: string) => void;
}

interface ServedTokens {
  /** Who is let in; undefined for everybody. */
  readonly tokens: TokenBook | undefined;
  /** What a link to the page ends with: the token that was made for it, if one was. */
  readonly link: string;
  /** What the user should know, if anything. */
  readonly line?: string;
}

/** Who is let in by a server on `host`: where other machines reach it, nobody without a token, unless that was said. */
export async function serveTokens(host: string, {token, tokenFile, users, warn}: TokenOptions): Promise<ServedTokens> {
  if (!token) {
    if (tokenFile !== undefined || users !== undefined) throw new UsageError("invalid options: --no-token beside --token-file or --users");
    return {
      tokens: undefined,
      link: "",
      ...(!isLoopback(host) && {line: "--no-token: whoever reaches this address can read, change and delete"})
    };
  }
  const books: TokenBook[] = [];
  if (tokenFile !== undefined) books.push(sharedToken(await readToken(userPath(tokenFile)), ANYONE));
  if (users !== undefined) {
    await readUsers(userPath(users)); // refused now, not when somebody comes
    books.push(usersBook(userPath(users), warn));
  }
  if (books.length > 0)
    return {tokens: joined(books), link: "", line: "asking for a token; add ?token=… to the address, or enter it in the page"};
  if (isLoopback(host)) return {tokens: undefined, link: ""};
  const made = newToken();
  return {tokens: sharedToken(made, ANYONE), link: `?token=${made}`};
}

async function readToken(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? new Error(`missing token file: ${path}; openssl rand -hex 24 > ${path} makes one`) : error;
  });
  const token = text.trim();
  if (!/^[\x21-\x7e]+$/.test(token)) throw new Error(`invalid token file: ${path}; expected one token, without spaces`);
  if (token.length < SHORTEST_TOKEN)
    throw new Error(`invalid token file: ${path} has ${token.length} characters; expected at least ${SHORTEST_TOKEN}`);
  if ((await stat(path)).mode & 0o077) note(`${path} can be read by others on this machine; chmod 600 ${path}`);
  return token;
}

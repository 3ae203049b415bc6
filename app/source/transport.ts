import {parseSafetensors, type Tensors} from "./safetensors.ts";

/** The server refused or failed: its one line, and the status. */
export class ServerError extends Error {
  override name = "ServerError";
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Questions to the server: each path is one below `base`, and a refusal is a ServerError. */
export interface Transport {
  readonly base: string;
  ask(path: string, options?: RequestInit): Promise<Response>;
  json<T>(path: string, options?: RequestInit): Promise<T>;
  send<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T>;
  tensors(path: string, signal?: AbortSignal): Promise<Tensors>;
}

export interface TransportOptions {
  readonly base: string;
  readonly fetch: typeof globalThis.fetch;
}

export function createTransport({base, fetch}: TransportOptions): Transport {
  const ask = async (path: string, options: RequestInit = {}): Promise<Response> => {
    const response = await answerOf(fetch(`${base}${path}`, options));
    if (!response.ok) throw await refusalOf(response);
    return response;
  };
  const json = async <T>(path: string, options?: RequestInit): Promise<T> => (await (await ask(path, options)).json()) as T;
  const send = <T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> =>
    json<T>(path, {method, signal, ...(body !== undefined && {headers: {"content-type": "application/json"}, body: JSON.stringify(body)})});
  const tensors = async (path: string, signal?: AbortSignal) => parseSafetensors(await (await ask(path, {signal})).arrayBuffer());
  return {base, ask, json, send, tensors};
}

/** The answer that comes; where none does, an Error that says so and not the browser's own words. A cancelled question's error is as it was. */
export async function answerOf(asked: Promise<Response>): Promise<Response> {
  try {
    return await asked;
  } catch (error) {
    throw error instanceof TypeError ? new Error("the server does not answer", {cause: error}) : error;
  }
}

/** What a refusing answer says. */
export const refusalOf = async (response: Response): Promise<ServerError> => new ServerError(response.status, await messageOf(response));

/** Of an answer that is not JSON, and so not the server's. */
const whatProxiesMean: Readonly<Record<number, string>> = {
  413: "a proxy on the way takes nothing so large (nginx: client_max_body_size)",
  502: "a proxy on the way finds no server behind it",
  504: "a proxy on the way waited no longer for the answer (nginx: proxy_read_timeout)"
};

async function messageOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as {error?: unknown};
    if (typeof body.error === "string") return body.error;
  } catch {
    const said = `${response.status} ${response.statusText || text.slice(0, 200)}`;
    const why = whatProxiesMean[response.status];
    return why ? `${said}: ${why}` : said;
  }
  return `${response.status} ${response.statusText}`;
}

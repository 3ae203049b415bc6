import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {pino} from "pino";
import {afterAll, beforeAll, onTestFinished} from "vitest";
import type {Job} from "../../api/contract/contract.ts";
import {createServer, type OrreryServer, type ServerOptions} from "../../api/http/server.ts";
import {readEvents} from "../../app/source/readEvents.ts";
import {temporaryFolder, useTemporaryFolder} from "./temporaryFolder.ts";

const fixtures = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

/** A real server on a free port, with runs of its own and the shipped models, until the test is over. */
export interface RunningServer {
  readonly url: string;
  readonly server: OrreryServer;
  /** Folder of the runs. */
  readonly runs: string;
  get(path: string, init?: RequestInit): Promise<Response>;
  /** POST, PATCH or DELETE with JSON. */
  send(method: string, path: string, body?: unknown): Promise<Response>;
  /** Asks for a capture; throws where it is refused. */
  capture(order: Readonly<Record<string, unknown>>): Promise<Job>;
  /** The job as it is once `isWanted` holds for it. */
  until(job: Job, isWanted: (job: Job) => boolean): Promise<Job>;
}

export async function startServer(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const running = await openServer({...options, runs: options.runs ?? join(await temporaryFolder(), "runs")});
  onTestFinished(() => running.server.close());
  return running;
}

/** One server for all tests of a block, with runs of its own, begun before them and ended after them; `prepare` may capture what they look at. */
export function useServer<T>(
  optionsOf: () => Partial<ServerOptions>,
  prepare: (server: RunningServer) => Promise<T>
): {readonly server: RunningServer; readonly prepared: T} {
  let running: RunningServer;
  let prepared: T;
  const folder = useTemporaryFolder();
  beforeAll(async () => {
    running = await openServer({...optionsOf(), runs: join(folder.path, "runs")});
    prepared = await prepare(running);
  });
  afterAll(() => running?.server.close());
  return {
    get server() {
      return running;
    },
    get prepared() {
      return prepared;
    }
  };
}

async function openServer({runs, ...options}: Partial<ServerOptions> & Pick<ServerOptions, "runs">): Promise<RunningServer> {
  const server = createServer({models: [fixtures("models")], log: pino({level: "silent"}), ...options, runs});
  const url = await server.listen({port: 0});
  const get = (path: string, init?: RequestInit) => fetch(`${url}${path}`, init);
  const send = (method: string, path: string, body?: unknown) =>
    get(path, {method, ...(body === undefined ? {} : {headers: {"content-type": "application/json"}, body: JSON.stringify(body)})});
  return {
    url,
    server,
    runs,
    get,
    send,
    async capture(order) {
      const response = await send("POST", "/api/captures", {model: "tiny-arithmetic", prompt: "1+2=", inits: 1, ...order});
      if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
      return (await response.json()) as Job;
    },
    async until({id}, isWanted) {
      for await (const job of jobEvents(await get(`/api/captures/${id}/events`))) if (isWanted(job)) return job;
      throw new Error(`the events of ${id} ended early`);
    }
  };
}

/** Whether a job is over. */
export const isOver = ({position}: Job): boolean => position === null;

/** The jobs that an event stream tells; leaving the loop closes it. */
export async function* jobEvents(response: Response): AsyncGenerator<Job, void, undefined> {
  for await (const {event, data} of readEvents(response)) if (event === "job") yield data as Job;
}

import {Refusal} from "../../capture/trace/refusal.ts";
import {createServer as createHttpServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import type {Logger} from "pino";
import type {Lease} from "../../capture/trace/lease.ts";
import type {TokenBook} from "./access/tokens.ts";
import {limitPatience} from "./patience.ts";
import {NO_LIMITS, type Limits} from "../captures/quota.ts";
import {openRooms} from "./rooms.ts";
import {httpApp} from "./httpApp.ts";
import {ownRuns} from "./ownRuns.ts";

export interface ServerOptions {
  /** Folder of the runs; made when the first capture starts. */
  readonly runs: string;
  /** Folder of the experiments; defaults to `experiments` beside that of the runs. */
  readonly experiments?: string;
  /** Folder of the evaluations; defaults to `evaluations` beside that of the runs. */
  readonly evaluations?: string;
  /** Folder of the censuses; defaults to `censuses` beside that of the runs. */
  readonly censuses?: string;
  /** Folder of the training runs; defaults to `trainings` beside that of the runs. */
  readonly trainings?: string;
  /** The address of the Redis or Valkey that work goes through; it is done here where it is left out. */
  readonly sharedQueue?: string;
  /** Where workers of that queue put runs, a folder or `s3://bucket/prefix`; runs are captured here where it is left out. */
  readonly results?: string;
  /** Folders of checkpoint folders; the first one of a name counts. */
  readonly models: readonly string[];
  /** Folder of runs to show read-only. */
  readonly examples?: string;
  /** Folder of the built page; defaults to the one that `npm run build` makes. */
  readonly page?: string;
  /** The address that it will listen on; what is not this machine's alone is known by further names. Defaults to 127.0.0.1. */
  readonly address?: string;
  /** Further names that a request's Host may have: `NAME`, `NAME:PORT`, or `.NAME` with all below it. */
  readonly hosts?: readonly string[];
  /** The path that a proxy keeps the page below; defaults to what a proxy tells. */
  readonly base?: string;
  /** Who is let in; everybody, where it is left out. */
  readonly tokens?: TokenBook;
  /** What each person whose token has a name may take; defaults to all there is. */
  readonly limits?: Limits;
  readonly log: Logger;
  readonly now?: () => Date;
}

/** A server that is built and not yet heard. */
export interface OrreryServer {
  /** Listens, ends the runs that a killed server left, empties the trash of old ones, and answers with the address. Throws where the port is taken. */
  listen(address: {readonly port: number; readonly host?: string}): Promise<string>;
  /** Looks at the runs, and starts the capture service and the analysis processes, before the first question comes. */
  warm(): void;
  /** The capture service's process that is there now. */
  readonly servicePid: number | undefined;
  /** Cancels what runs, keeps it as partial runs, and stops listening. */
  close(): Promise<void>;
}

const builtPage = fileURLToPath(new URL("../../app/dist/", import.meta.url));

export function createServer({
  runs,
  experiments = join(dirname(runs), "experiments"),
  evaluations = join(dirname(runs), "evaluations"),
  censuses = join(dirname(runs), "censuses"),
  trainings = join(dirname(runs), "trainings"),
  sharedQueue,
  results,
  models,
  examples,
  page = builtPage,
  address = "127.0.0.1",
  hosts = [],
  base,
  tokens,
  limits = NO_LIMITS,
  log,
  now = () => new Date()
}: ServerOptions): OrreryServer {
  const folders = {runs, experiments, evaluations, censuses, trainings, models, examples};
  const rooms = openRooms({folders, sharedQueue, results, limits, log});
  const warn = (line: string) => log.warn(line);
  let lease: Pick<Lease, "release"> | undefined;
  let stopping = false;
  const app = httpApp(rooms, {runs, page, address, hosts, base, tokens, log, now, isStopping: () => stopping});
  const server = createHttpServer(app);
  limitPatience(server);
  return {
    warm() {
      void rooms.index.list().catch(() => {}); // who asks for it is told what is wrong
      rooms.workers.service.warm();
      rooms.workers.pool.warm();
    },
    get servicePid() {
      return rooms.workers.service.pid;
    },
    async listen({port, host = address}) {
      const url = await listening(server, {port, host});
      lease = await ownRuns(runs, {address: `${url}${base ?? "/"}`, log: warn}).catch(async (error: unknown) => {
        await new Promise((resolve) => server.close(resolve));
        throw error;
      });
      await rooms.runs.recover(warn);
      await rooms.restore();
      await rooms.emptyTrash(now());
      return url;
    },
    async close() {
      stopping = true;
      const deaf = server.listening ? new Promise<void>((resolve) => server.close(() => resolve())) : undefined; // nothing new comes in
      await rooms.close();
      server.closeAllConnections(); // event streams never end by themselves
      await deaf;
      await lease?.release();
    }
  };
}

function listening(server: Server, {port, host}: {port: number; host: string}): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(unheard(cause, {port, host}));
    });
    server.listen(port, host, () => {
      const {port: actual} = server.address() as AddressInfo;
      resolve(`http://${host.includes(":") ? `[${host}]` : host}:${actual}`);
    });
  });
}

/** Why nothing is listened to, with what was asked for. */
function unheard(cause: NodeJS.ErrnoException, {port, host}: {readonly port: number; readonly host: string}): Error {
  const {code, message} = cause;
  if (code === "EADDRINUSE") return new Refusal(`port in use: ${port} on ${host}; choose another with --port`, {cause, kind: "conflict"});
  if (code === "EACCES")
    return new Refusal(`port not allowed: ${port} on ${host}; choose another with --port, from 1024 on`, {cause, kind: "forbidden"});
  return new Refusal(`invalid --host: ${host}; expected an address or a name of this machine (${code ?? message})`, {cause});
}

import {EventEmitter} from "node:events";
import {readdir} from "node:fs/promises";
import {join} from "node:path";
import {errorLine} from "../../capture/errorLine.ts";
import {ifThere} from "../../capture/trace/ifThere.ts";
import {nameSchema} from "../contract/contract.ts";
import {HttpError} from "../contract/httpError.ts";
import {folderBytes} from "../files/folderBytes.ts";
import type {Owner} from "./fairPlace.ts";
import type {JobEnd} from "./jobRunner.ts";
import type {Lease, Queue, Ticket} from "./queue.ts";

/** What of a long job in a folder of its own is told wherever it is listed; `partial`: it was interrupted and can be gone on with. */
interface FolderJob {
  readonly id: string;
  readonly owner: Owner;
  readonly status: "queued" | "running" | "complete" | "cancelled" | "failed" | "partial";
  /** How many of its parts are done. */
  readonly finished: number;
  readonly seconds_left: number | null;
  readonly error: string | null;
}

/** Jobs by name: those that run or wait here, one at a time, and those that lie in the folder. */
export interface FolderJobs<O, J extends FolderJob> {
  /** Puts a job in the queue, new or to be gone on with. */
  start(ticket: Ticket<O>): Promise<J>;
  /** Newest first; `broken` are folders that hold no readable job, with the reason. */
  list(): Promise<{readonly jobs: J[]; readonly broken: {id: string; error: string}[]}>;
  /** Those that were started here, without a look into the folder. */
  known(): J[];
  /** Throws a 404 HttpError that names the job. */
  get(id: string): Promise<J>;
  /** What the jobs of somebody take on the disk. */
  bytesOf(owner: string): Promise<number>;
  /** Throws a 404 HttpError for what can be no name. */
  folderOf(id: string): string;
  /** Cancels one that waits or runs, and answers when it is over; another stays as it is. */
  cancel(id: string): Promise<J>;
  /** Calls `listener` with a job whenever it changes; answers with the function that stops it. */
  watch(listener: (job: J) => void): () => void;
  /** Cancels what runs, and answers when it is over; what waits goes on waiting, for the next process too. */
  close(): Promise<void>;
}

interface FolderJobsParts<O, J extends FolderJob> {
  /** What a job is called in errors, in the singular. */
  readonly noun: string;
  readonly queue: Queue<O, JobEnd>;
  /** A job that waits. */
  readonly jobOf: (ticket: Ticket<O>, finished: number) => J;
  /** A job as its folder says it. Throws a 404 HttpError where there is none. */
  readonly readJob: (id: string) => Promise<J>;
  readonly run: (
    ticket: Ticket<O>,
    options: {readonly signal: AbortSignal; readonly onProgress: (finished: number, secondsLeft: number | null) => void}
  ) => Promise<JobEnd>;
  /** Whether one that is ended because the server closes waits for the next. */
  readonly goesOn: (id: string) => Promise<boolean>;
  readonly log?: (line: string) => void;
}

const MAX_WAITING = 100;
const RETRY_MS = 1000; // after the queue itself failed

export function createFolderJobs<O, J extends FolderJob>(
  root: string,
  {noun, queue, jobOf, readJob, run, goesOn, log = () => {}}: FolderJobsParts<O, J>
): FolderJobs<O, J> {
  const known = new Map<string, J>();
  const running = new Map<string, AbortController>();
  const changes = new EventEmitter().setMaxListeners(0);
  const closing = new AbortController();

  function change(id: string, changed: Partial<FolderJob>): void {
    const job = {...known.get(id)!, ...changed};
    known.set(id, job);
    changes.emit("job", job);
  }

  const queued = (ticket: Ticket<O>): J => jobOf(ticket, known.get(ticket.id)?.finished ?? 0);

  queue.watch((event) => {
    if (event.type === "over") return;
    for (const ticket of queue.waiting()) if (known.get(ticket.id)?.status !== "queued") known.set(ticket.id, queued(ticket));
  });

  async function perform(lease: Lease<O, JobEnd>): Promise<void> {
    const {id} = lease;
    const abort = new AbortController();
    running.set(id, abort);
    change(id, {status: "running"});
    const end = await ended(lease, abort.signal);
    running.delete(id);
    if (closing.signal.aborted && end.status === "cancelled" && (await goesOn(id))) return lease.release(); // it waits for the next process
    await lease.finish(end);
    change(id, {...end, seconds_left: null});
  }

  async function ended(lease: Lease<O, JobEnd>, signal: AbortSignal): Promise<JobEnd> {
    const onProgress = (finished: number, secondsLeft: number | null) => change(lease.id, {finished, seconds_left: secondsLeft});
    try {
      return await run(lease, {signal, onProgress});
    } catch (error) {
      return {status: "failed", error: errorLine(error)};
    }
  }

  async function work(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await perform(await queue.take(closing.signal));
      } catch (error) {
        if (closing.signal.aborted) return;
        log(errorLine(error));
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  const get = async (id: string): Promise<J> => known.get(id) ?? readJob(id);

  /** Resolves when one that runs is over. */
  function isOver(id: string): Promise<void> {
    return new Promise((resolve) => {
      const listener = (job: J) => {
        if (job.id !== id || job.status === "running") return;
        changes.off("job", listener);
        resolve();
      };
      changes.on("job", listener);
    });
  }

  const working = work();

  return {
    get,
    folderOf(id) {
      if (!nameSchema.safeParse(id).success) throw new HttpError(404, `unknown ${noun}: ${id.slice(0, 128)}`);
      return join(root, id);
    },
    async start(ticket) {
      const {id} = ticket;
      if (queue.waiting().length >= MAX_WAITING) throw new HttpError(429, `too many ${noun}s: ${MAX_WAITING} wait already`);
      const before = known.get(id);
      if (before && (before.status === "queued" || before.status === "running"))
        throw new HttpError(409, `${noun} ${id} is ${before.status} already`);
      known.set(id, queued(ticket));
      try {
        await queue.add(ticket);
      } catch (error) {
        if (before) known.set(id, before);
        else known.delete(id);
        throw error;
      }
      changes.emit("job", known.get(id));
      return known.get(id)!;
    },
    known: () => [...known.values()],
    async list() {
      const names = await ifThere(readdir(root), []);
      const ids = [...new Set([...known.keys(), ...names.filter((name) => nameSchema.safeParse(name).success)])].sort().reverse(); // names begin with the time
      const jobs: J[] = [];
      const broken: {id: string; error: string}[] = [];
      for (const id of ids) {
        try {
          jobs.push(await get(id));
        } catch (error) {
          broken.push({id, error: errorLine(error)});
        }
      }
      return {jobs, broken};
    },
    async bytesOf(owner) {
      let sum = 0;
      for (const name of (await ifThere(readdir(root), [])).filter((one) => nameSchema.safeParse(one).success)) {
        const found = await get(name).catch(() => undefined); // one that cannot be read is nobody's
        if (found?.owner === owner) sum += await folderBytes(join(root, name));
      }
      return sum;
    },
    async cancel(id) {
      if (await queue.remove(id)) change(id, {status: "cancelled"});
      else if (running.has(id)) {
        const over = isOver(id);
        running.get(id)!.abort(new Error("cancelled"));
        await over;
      }
      return get(id);
    },
    watch(listener) {
      changes.on("job", listener);
      return () => changes.off("job", listener);
    },
    async close() {
      closing.abort(new Error("the server is closing"));
      for (const abort of running.values()) abort.abort(new Error("cancelled"));
      await working;
    }
  };
}

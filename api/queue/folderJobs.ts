import {join} from "node:path";
import {errorLine} from "../../capture/errorLine.ts";
import {nameSchema} from "../contract/contract.ts";
import {HttpError} from "../contract/httpError.ts";
import {folderBytes} from "../files/folderBytes.ts";
import {checkFolderName, folderNames} from "../files/folderNames.ts";
import type {Owner} from "./fairPlace.ts";
import {forgetFailure, keepFailure, keptFailure} from "./failureFile.ts";
import {createJobBook, type JobBook} from "./jobBook.ts";
import type {JobEnd} from "./jobRunner.ts";
import {startLineWorker, type LineWorker} from "./lineWorker.ts";
import type {Queue, Ticket} from "./queue.ts";
import type {Room} from "./room.ts";

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

/** Jobs by name: those that run or wait here, and those that lie in the folder. */
export interface FolderJobs<O, J extends FolderJob> {
  /** Puts a job in the queue, new or to be gone on with. */
  start(ticket: Ticket<O>): Promise<J>;
  /** Newest first; `broken` are folders that hold no readable job, or have a name that no address can have, with the reason. */
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
  /** Its folder is gone: nothing is told of it any more. */
  forget(id: string): void;
  /** Cancels what runs, and answers when it is over; what waits goes on waiting, for the next process too. */
  close(): Promise<void>;
}

interface FolderJobsParts<O, J extends FolderJob> {
  /** What a job is called in errors, in the singular. */
  readonly noun: string;
  /** Defaults to the noun with an s. */
  readonly plural?: string;
  readonly queue: Queue<O, JobEnd>;
  /** Which run at once; defaults to one at a time. */
  readonly room?: Room<O>;
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

export function createFolderJobs<O, J extends FolderJob>(root: string, parts: FolderJobsParts<O, J>): FolderJobs<O, J> {
  const {noun, plural = `${noun}s`, queue, jobOf, readJob} = parts;
  const book = createJobBook<J>();
  const queued = (ticket: Ticket<O>): J => jobOf(ticket, book.get(ticket.id)?.finished ?? 0);
  queue.watch((event) => {
    if (event.type === "over") return;
    for (const ticket of queue.waiting()) if (book.get(ticket.id)?.status !== "queued") book.set(ticket.id, queued(ticket));
  });
  const worker = startJobs(root, {parts, book});
  const get = async (id: string): Promise<J> => book.get(id) ?? withFailure(join(root, id), await readJob(id));

  return {
    get,
    folderOf(id) {
      if (!nameSchema.safeParse(id).success) throw new HttpError(404, `unknown ${noun}: ${id.slice(0, 128)}`);
      return join(root, id);
    },
    async start(ticket) {
      const {id} = ticket;
      if (queue.waiting().length >= MAX_WAITING) throw new HttpError(429, `too many ${plural}: ${MAX_WAITING} wait already`);
      const before = book.get(id);
      if (before && (before.status === "queued" || before.status === "running"))
        throw new HttpError(409, `${noun} ${id} is ${before.status} already`);
      book.set(id, queued(ticket));
      try {
        await queue.add(ticket);
      } catch (error) {
        if (before) book.set(id, before);
        else book.forget(id);
        throw error;
      }
      book.tell(id);
      return book.get(id)!;
    },
    known: book.list,
    async list() {
      const ids = new Set([...book.list().map(({id}) => id), ...(await folderNames(root))]);
      return told([...ids].sort().reverse(), async (id) => {
        checkFolderName(id, noun);
        return get(id);
      }); // names begin with the time
    },
    bytesOf: (owner) => bytesOf(root, owner, get),
    async cancel(id) {
      if (await queue.remove(id)) book.change(id, {status: "cancelled"} as Partial<J>);
      else if (worker.isRunning(id)) {
        const over = book.until(id, ({status}) => status !== "running");
        worker.cancel(id);
        await over;
      }
      return get(id);
    },
    watch: book.watch,
    forget: book.forget,
    close: worker.close
  };
}

/** One that was interrupted, as failed where it stands as it did when it failed. */
async function withFailure<J extends FolderJob>(dir: string, job: J): Promise<J> {
  const failure = job.status === "partial" ? await keptFailure(dir) : undefined;
  return failure && failure.finished === job.finished ? {...job, status: "failed", error: failure.error} : job;
}

function startJobs<O, J extends FolderJob>(
  root: string,
  {parts, book}: {readonly parts: FolderJobsParts<O, J>; readonly book: JobBook<J>}
): LineWorker {
  const {queue, room, run, readJob, goesOn, log = () => {}} = parts;
  const change = (id: string, changed: Partial<FolderJob>): void => book.change(id, changed as Partial<J>);
  const kept = async (id: string, end: JobEnd): Promise<JobEnd> => {
    if (end.status !== "failed") return end;
    try {
      await keepFailure(join(root, id), {error: end.error ?? "", finished: (await readJob(id)).finished});
    } catch (error) {
      log(`the failure of ${id} is not kept: ${errorLine(error)}`); // its folder may be what failed
    }
    return end;
  };
  return startLineWorker(queue, {
    room,
    begun: (id) => change(id, {status: "running"}),
    async run(lease, signal): Promise<JobEnd> {
      const onProgress = (finished: number, secondsLeft: number | null) => change(lease.id, {finished, seconds_left: secondsLeft});
      try {
        await forgetFailure(join(root, lease.id));
        return await kept(lease.id, await run(lease, {signal, onProgress}));
      } catch (error) {
        return kept(lease.id, {status: "failed", error: errorLine(error)});
      }
    },
    waitsAgain: (id, {status}) => status === "cancelled" && goesOn(id),
    over: (id, end) => change(id, {...end, seconds_left: null}),
    cancelled: () => new Error("cancelled"),
    log
  });
}

/** Those of these ids that can be told, and those that cannot, with the reason. */
async function told<J>(
  ids: readonly string[],
  get: (id: string) => Promise<J>
): Promise<{jobs: J[]; broken: {id: string; error: string}[]}> {
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
}

async function bytesOf(root: string, owner: string, get: (id: string) => Promise<FolderJob>): Promise<number> {
  let sum = 0;
  for (const name of await folderNames(root)) {
    const found = await get(name).catch(() => undefined); // one that cannot be read is nobody's
    if (found?.owner === owner) sum += await folderBytes(join(root, name));
  }
  return sum;
}

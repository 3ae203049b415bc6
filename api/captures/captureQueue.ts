import {EventEmitter} from "node:events";
import {z} from "zod";
import {errorLine} from "../../capture/errorLine.ts";
import type {CaptureSpec} from "../../capture/job/captureSpec.ts";
import type {CaptureEnd, CaptureService} from "../../capture/service/captureService.ts";
import {machineBytes} from "../../capture/service/sizeBounds.ts";
import {captureRequestSchema, type CaptureRequest, type Job} from "../contract/contract.ts";
import {HttpError} from "../contract/httpError.ts";
import type {Owner} from "../queue/fairPlace.ts";
import type {Lease, Queue, Ticket} from "../queue/queue.ts";

/** Captures in turns of those who asked, one at a time. What is over is remembered for a while, so that a page that comes back sees how it ended. */
export interface CaptureQueue {
  /** Resolves once the job outlives a kill of this process; with the one that waits or runs where there is one of that id. */
  add(job: NewJob): Promise<Job>;
  list(): Job[];
  /** Throws a 404 HttpError for a job that is not, or no longer, known. */
  get(id: string): Job;
  /** Cancels a waiting or running job, and answers when it is over; one that is over stays as it is. */
  cancel(id: string): Promise<Job>;
  /** Moves a waiting job to a place, 1 for the next to run, or to the nearest place of its owner; throws a 409 for one that does not wait. */
  move(id: string, position: number): Promise<Job>;
  /** Calls `listener` with a job whenever it changes; answers with the function that stops it. */
  watch(listener: (job: Job) => void): () => void;
  /** Lists a job that a process before had taken and did not end. */
  remember(ticket: Ticket<CaptureOrder>, end: CaptureEnd): void;
  /** Cancels what runs, and answers when it is over; what waits goes on waiting, for the next process too. */
  close(): Promise<void>;
}

/** What waits: the request and not the spec, whose paths are those of one machine and one day. */
export const captureOrderSchema = z.object({run: z.string(), title: z.string(), request: captureRequestSchema, created: z.string()});
export type CaptureOrder = z.infer<typeof captureOrderSchema>;

export interface NewJob {
  readonly id: string;
  readonly run: string;
  readonly title: string;
  /** Who asked for it; null where nobody has a name. */
  readonly owner: Owner;
  readonly request: CaptureRequest;
  readonly created: Date;
}

interface CaptureQueueParts {
  readonly queue: Queue<CaptureOrder, CaptureEnd>;
  readonly service: CaptureService;
  /** What the service is told, once it is the order's turn; rejects where that cannot be had any more, as for a model that is gone. */
  readonly specOf: (ticket: Ticket<CaptureOrder>) => Promise<CaptureSpec>;
  /** Takes what goes wrong with the queue itself. */
  readonly log?: (line: string) => void;
}

const REMEMBERED = 200;
const RETRY_MS = 1000; // after the queue itself failed, as on a disk that does not answer

export function createCaptureQueue({queue, service, specOf, log = () => {}}: CaptureQueueParts): CaptureQueue {
  const jobs = new Map<string, Job>();
  const running = new Map<string, AbortController>();
  const changes = new EventEmitter().setMaxListeners(0);
  const closing = new AbortController();

  function change(id: string, changed: Partial<Job>): void {
    const job = {...jobs.get(id)!, ...changed};
    jobs.set(id, job);
    changes.emit("job", job);
  }

  function jobOf({id, owner, order: {run, title, request, created}}: Ticket<CaptureOrder>): Job {
    const {model, steps} = request;
    return {
      id,
      run,
      title,
      owner,
      model,
      status: "queued",
      step: -1,
      steps,
      position: null,
      seconds_left: null,
      error: null,
      created,
      request
    };
  }

  queue.watch((event) => {
    if (event.type === "over") return;
    for (const [i, ticket] of queue.waiting().entries()) {
      if (!jobs.has(ticket.id)) jobs.set(ticket.id, jobOf(ticket));
      if (jobs.get(ticket.id)!.position !== i + 1) change(ticket.id, {position: i + 1, status: "queued"}); // tells those that wait their places
    }
  });

  async function perform(lease: Lease<CaptureOrder, CaptureEnd>): Promise<void> {
    const {id} = lease;
    const abort = new AbortController();
    running.set(id, abort);
    change(id, {status: "loading", position: 0});
    const end = await run(lease, abort.signal);
    running.delete(id);
    if (closing.signal.aborted && end.status === "cancelled" && end.step < 0) return lease.release(); // nothing of it is there: it waits for the next process
    await lease.finish(end);
    change(id, {status: end.status, step: end.step, error: end.error, position: null, seconds_left: null});
    forgetOldest();
  }

  async function run(lease: Lease<CaptureOrder, CaptureEnd>, signal: AbortSignal): Promise<CaptureEnd> {
    try {
      return await service.run(await specOf(lease), {
        signal,
        memoryBytes: machineBytes(),
        onRunning: () => change(lease.id, {status: "running"}),
        onProgress: (step, secondsLeft) => change(lease.id, {step, seconds_left: secondsLeft})
      });
    } catch (error) {
      return {status: "failed", step: -1, error: errorLine(error)};
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

  function forgetOldest(): void {
    const over = [...jobs.values()].filter(({position}) => position === null);
    for (const {id} of over.slice(0, Math.max(0, over.length - REMEMBERED))) jobs.delete(id);
  }

  function get(id: string): Job {
    const job = jobs.get(id);
    if (!job) throw new HttpError(404, `unknown capture: ${id.slice(0, 128)}`);
    return job;
  }

  /** Resolves when a running job is over. */
  function isOver(id: string): Promise<void> {
    return new Promise((resolve) => {
      const listener = (job: Job) => {
        if (job.id !== id || job.position === 0) return;
        changes.off("job", listener);
        resolve();
      };
      changes.on("job", listener);
    });
  }

  const working = work();

  return {
    async add({id, run: name, title, owner, request, created}) {
      const known = jobs.get(id);
      if (known && known.position !== null) return known; // two who ask for the same at once
      const ticket = {id, owner, order: {run: name, title, request, created: created.toISOString()}};
      jobs.set(id, {...jobOf(ticket), position: queue.waiting().length + 1});
      try {
        await queue.add(ticket);
      } catch (error) {
        jobs.delete(id);
        throw error;
      }
      changes.emit("job", get(id));
      return get(id);
    },
    list: () => [...jobs.values()],
    get,
    async cancel(id) {
      get(id);
      if (await queue.remove(id)) change(id, {status: "cancelled", position: null});
      else if (running.has(id)) {
        const over = isOver(id);
        running.get(id)!.abort("cancelled");
        await over;
      }
      return get(id);
    },
    async move(id, position) {
      const {status} = get(id);
      if (!(await queue.move(id, position)))
        throw new HttpError(409, `invalid move: capture ${id} is ${status}; expected one that is queued`);
      return get(id);
    },
    watch(listener) {
      changes.on("job", listener);
      return () => changes.off("job", listener);
    },
    remember(ticket, {status, step, error}) {
      jobs.set(ticket.id, {...jobOf(ticket), status, step, error});
    },
    async close() {
      closing.abort(new Error("the server is closing"));
      for (const abort of running.values()) abort.abort("cancelled");
      await working;
    }
  };
}

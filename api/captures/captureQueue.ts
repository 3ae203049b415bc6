import {z} from "zod";
import {errorLine} from "../../capture/errorLine.ts";
import type {CaptureSpec} from "../../capture/job/captureSpec.ts";
import type {CaptureEnd, CaptureService} from "../../capture/service/captureService.ts";
import {machineBytes} from "../../capture/service/sizeBounds.ts";
import {captureRequestSchema, type CaptureRequest, type Job} from "../contract/contract.ts";
import {HttpError} from "../contract/httpError.ts";
import type {Owner} from "../queue/fairPlace.ts";
import {createJobBook, type JobBook} from "../queue/jobBook.ts";
import {startLineWorker, type LineWorker} from "../queue/lineWorker.ts";
import type {Queue, Ticket} from "../queue/queue.ts";
import type {Room} from "../queue/room.ts";

/** Captures in turns of those who asked. What is over is remembered for a while, so that a page that comes back sees how it ended. */
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

interface NewJob {
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
  readonly service: Pick<CaptureService, "run">;
  /** Which run at once; defaults to one at a time. */
  readonly room?: Room<CaptureOrder>;
  /** What the service is told, once it is the order's turn; rejects where that cannot be had any more, as for a model that is gone. */
  readonly specOf: (ticket: Ticket<CaptureOrder>) => Promise<CaptureSpec>;
  /** Takes what goes wrong with the queue itself. */
  readonly log?: (line: string) => void;
}

const REMEMBERED = 200;

export function createCaptureQueue({queue, service, room, specOf, log = () => {}}: CaptureQueueParts): CaptureQueue {
  const book = createJobBook<Job>();
  queue.watch((event) => {
    if (event.type === "over") return;
    for (const [i, ticket] of queue.waiting().entries()) {
      if (!book.get(ticket.id)) book.set(ticket.id, jobOf(ticket));
      if (book.get(ticket.id)!.position !== i + 1) book.change(ticket.id, {position: i + 1, status: "queued"}); // tells those that wait their places
    }
  });
  const worker = startCaptures({queue, service, room, specOf, log}, book);

  function get(id: string): Job {
    const job = book.get(id);
    if (!job) throw new HttpError(404, `unknown capture: ${id.slice(0, 128)}`);
    return job;
  }

  return {
    async add({id, run: name, title, owner, request, created}) {
      const known = book.get(id);
      if (known && known.position !== null) return known; // two who ask for the same at once
      const ticket = {id, owner, order: {run: name, title, request, created: created.toISOString()}};
      book.set(id, {...jobOf(ticket), position: queue.waiting().length + 1});
      try {
        await queue.add(ticket);
      } catch (error) {
        book.forget(id);
        throw error;
      }
      book.tell(id);
      return get(id);
    },
    list: book.list,
    get,
    async cancel(id) {
      get(id);
      if (await queue.remove(id)) book.change(id, {status: "cancelled", position: null});
      else if (worker.isRunning(id)) {
        const over = book.until(id, ({position}) => position !== 0);
        worker.cancel(id);
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
    watch: book.watch,
    remember: (ticket, {status, step, error}) => book.set(ticket.id, {...jobOf(ticket), status, step, error}),
    close: worker.close
  };
}

function startCaptures({queue, service, room, specOf, log = () => {}}: CaptureQueueParts, book: JobBook<Job>): LineWorker {
  return startLineWorker(queue, {
    room,
    begun: (id) => book.change(id, {status: "loading", position: 0}),
    async run(lease, signal): Promise<CaptureEnd> {
      try {
        return await service.run(await specOf(lease), {
          signal,
          memoryBytes: machineBytes(),
          onRunning: () => book.change(lease.id, {status: "running"}),
          onProgress: (step, secondsLeft) => book.change(lease.id, {step, seconds_left: secondsLeft})
        });
      } catch (error) {
        return {status: "failed", step: -1, error: errorLine(error)};
      }
    },
    waitsAgain: (_id, {status, step}) => status === "cancelled" && step < 0, // nothing of it is there
    over(id, {status, step, error}) {
      book.change(id, {status, step, error, position: null, seconds_left: null});
      forgetOldest(book);
    },
    cancelled: () => "cancelled",
    log
  });
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

function forgetOldest(book: JobBook<Job>): void {
  const over = book.list().filter(({position}) => position === null);
  for (const {id} of over.slice(0, Math.max(0, over.length - REMEMBERED))) book.forget(id);
}

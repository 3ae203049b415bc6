import {EventEmitter} from "node:events";
import type {CaptureSpec} from "../../capture/job/captureSpec.ts";
import type {CaptureService} from "../../capture/service/captureService.ts";
import {fairPlace, movedAmongOwn, type Owner} from "./fairPlace.ts";
import type {CaptureRequest, Job} from "../contract/contract.ts";
import {HttpError} from "../contract/httpError.ts";

/** Captures in turns of those who asked, one at a time. What is over is remembered for a while, so that a page that comes back sees how it ended. */
export interface CaptureQueue {
  add(job: NewJob): Job;
  list(): Job[];
  /** Throws a 404 HttpError for a job that is not, or no longer, known. */
  get(id: string): Job;
  /** Cancels a waiting or running job, and answers when it is over; one that is over stays as it is. */
  cancel(id: string): Promise<Job>;
  /** Moves a waiting job to a place, 1 for the next to run, or to the nearest place of its owner; throws a 409 for one that does not wait. */
  move(id: string, position: number): Job;
  /** Calls `listener` with a job whenever it changes; answers with the function that stops it. */
  watch(listener: (job: Job) => void): () => void;
  /** Cancels everything, and answers when it is over. */
  close(): Promise<void>;
}

export interface NewJob {
  readonly id: string;
  readonly run: string;
  readonly title: string;
  /** Who asked for it; null where nobody has a name. */
  readonly owner: Owner;
  readonly request: CaptureRequest;
  readonly spec: CaptureSpec;
  readonly created: Date;
}

interface Entry {
  job: Job;
  readonly spec: CaptureSpec;
  readonly abort: AbortController;
}

const REMEMBERED = 200;

export function createCaptureQueue(service: CaptureService): CaptureQueue {
  const entries = new Map<string, Entry>();
  const waiting: Entry[] = [];
  const changes = new EventEmitter().setMaxListeners(0);
  let working: Promise<void> | undefined;

  function change(entry: Entry, changed: Partial<Job>): void {
    entry.job = {...entry.job, ...changed};
    changes.emit("job", entry.job);
  }

  /** Tells those that wait their places, 1 for the next. */
  function renumber(): void {
    for (const [i, entry] of waiting.entries()) if (entry.job.position !== i + 1) change(entry, {position: i + 1});
  }

  async function work(): Promise<void> {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      const current = entry;
      change(current, {status: "loading", position: 0});
      renumber();
      const end = await service.run(current.spec, {
        signal: current.abort.signal,
        onRunning: () => change(current, {status: "running"}),
        onProgress: (step, secondsLeft) => change(current, {step, seconds_left: secondsLeft})
      });
      change(current, {status: end.status, step: end.step, error: end.error, position: null, seconds_left: null});
      forgetOldest();
    }
    working = undefined;
  }

  const ownerOf = ({job}: Entry): Owner => job.owner;
  const running = (): Owner[] => [...entries.values()].filter(({job}) => job.position === 0).map(ownerOf);

  function forgetOldest(): void {
    const over = [...entries.values()].filter(({job}) => job.position === null);
    for (const {job} of over.slice(0, Math.max(0, over.length - REMEMBERED))) entries.delete(job.id);
  }

  function entryOf(id: string): Entry {
    const entry = entries.get(id);
    if (!entry) throw new HttpError(404, `unknown capture: ${id.slice(0, 128)}`);
    return entry;
  }

  async function cancel(entry: Entry): Promise<void> {
    const place = waiting.indexOf(entry);
    if (place >= 0) {
      waiting.splice(place, 1);
      change(entry, {status: "cancelled", position: null});
      renumber();
    } else if (entry.job.position === 0) {
      const over = new Promise<void>((resolve) => {
        const listener = (job: Job) => {
          if (job.id !== entry.job.id || job.position !== null) return;
          changes.off("job", listener);
          resolve();
        };
        changes.on("job", listener);
      });
      entry.abort.abort("cancelled");
      await over;
    }
  }

  return {
    add({id, run, title, owner, request, spec, created}) {
      const place = fairPlace(waiting.map(ownerOf), running(), owner);
      const job: Job = {
        id,
        run,
        title,
        owner,
        model: request.model,
        status: "queued",
        step: -1,
        steps: spec.steps,
        position: place + 1,
        seconds_left: null,
        error: null,
        created: created.toISOString(),
        request
      };
      const entry = {job, spec, abort: new AbortController()};
      entries.set(id, entry);
      waiting.splice(place, 0, entry);
      changes.emit("job", job);
      renumber();
      working ??= work();
      return entry.job;
    },
    list: () => [...entries.values()].map(({job}) => job),
    get: (id) => entryOf(id).job,
    async cancel(id) {
      const entry = entryOf(id);
      await cancel(entry);
      return entry.job;
    },
    move(id, position) {
      const entry = entryOf(id);
      const place = waiting.indexOf(entry);
      if (place < 0) throw new HttpError(409, `invalid move: capture ${id} is ${entry.job.status}; expected one that is queued`);
      waiting.splice(0, waiting.length, ...movedAmongOwn(waiting, {from: place, to: position - 1, ownerOf}));
      renumber();
      return entry.job;
    },
    watch(listener) {
      changes.on("job", listener);
      return () => changes.off("job", listener);
    },
    async close() {
      await Promise.all([...entries.values()].map(cancel));
      await working;
    }
  };
}

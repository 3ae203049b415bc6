import {errorLine} from "../errorLine.ts";
import type {CaptureSpec} from "../job/captureSpec.ts";
import type {LensSpec} from "../loop/lensReadout.ts";
import type {RunSpectrum, SpectrumSpec} from "../spectrum/spectrumSchema.ts";
import {readTrace} from "../trace/reader.ts";
import {sealKilledTrace} from "../trace/sealKilledTrace.ts";
import {removeUnbegun} from "../trace/writer.ts";
import {createChildPool} from "./childPool.ts";
import type {OrderLimits} from "./giveOrder.ts";
import {CLOSING_GRACE_MS, GRACE_MS} from "./grace.ts";
import type {CaptureAnswer, CaptureEnd, CaptureNews, CaptureOrder} from "./protocol.ts";

export type {CaptureEnd} from "./protocol.ts";

interface RunCaptureOptions {
  /** Cancels the job: between two steps where the process still listens, by killing it after the grace time where not. */
  readonly signal?: AbortSignal;
  /** The process is killed when it holds more; defaults to no limit. */
  readonly memoryBytes?: number;
  /** The model is there and the first state is being made. */
  readonly onRunning?: () => void;
  readonly onProgress?: (step: number, secondsLeft: number | null) => void;
}

type InspectOptions = Pick<OrderLimits, "signal" | "deadlineMs" | "memoryBytes">;

/**
 * A process of its own that captures, one job at a time, and keeps the model loaded between jobs. Whatever ends it, the
 * process that started it lives on: the job that ran fails, its run stays as a readable partial one, and the next job
 * starts a new process.
 */
export interface CaptureService {
  /** Never rejects for what goes wrong in the job or its process: that is how the job ended. */
  run(spec: CaptureSpec, options?: RunCaptureOptions): Promise<CaptureEnd>;
  /** Leading eigenvalues at the last state of a run. Rejects with the reason in one line; a signal ends the process at once. */
  spectrum(spec: SpectrumSpec, options?: InspectOptions): Promise<RunSpectrum>;
  /** Reads a run's states through a lens into the file that the order names. Rejects as `spectrum`. */
  lens(spec: LensSpec, options?: InspectOptions): Promise<void>;
  /** Starts the process before the first job asks for it. */
  warm(): void;
  /** The process that was started last. */
  readonly pid: number | undefined;
  /** Cancels what runs and ends the process. */
  close(): Promise<void>;
}

export interface CaptureServiceOptions {
  readonly log?: (line: string) => void;
  /** Defaults to GRACE_MS and, where the service closes, to CLOSING_GRACE_MS. */
  readonly graceMs?: number;
  readonly closingGraceMs?: number;
}

export function startCaptureService({
  log = () => {},
  graceMs = GRACE_MS,
  closingGraceMs = CLOSING_GRACE_MS
}: CaptureServiceOptions = {}): CaptureService {
  const pool = createChildPool<CaptureOrder, CaptureAnswer, CaptureNews>(new URL("captureProcess.ts", import.meta.url), {
    name: "capture service",
    log
  });
  const closing = new AbortController();
  let running: Promise<unknown> | undefined;

  /** One job at a time: whoever has several keeps them in a queue. */
  async function perform(order: CaptureOrder, options: OrderLimits<CaptureNews>): Promise<CaptureAnswer> {
    if (running) throw new Error("invalid order: the capture service takes one job at a time");
    const answer = pool.run(order, options);
    running = answer.catch(() => {});
    try {
      return await answer;
    } finally {
      running = undefined;
    }
  }

  const endingWith = (signal: AbortSignal | undefined): AbortSignal => AbortSignal.any([closing.signal, ...(signal ? [signal] : [])]);

  return {
    warm: () => pool.warm(),
    get pid() {
      return pool.pid;
    },
    async run(spec, {signal, memoryBytes, onRunning, onProgress} = {}) {
      if (running) throw new Error("invalid order: the capture service takes one job at a time");
      const ending = endingWith(signal);
      try {
        const {end} = await perform(
          {type: "capture", spec},
          {
            signal: ending,
            graceMs: () => (closing.signal.aborted ? closingGraceMs : graceMs),
            memoryBytes,
            onNews: ({step, secondsLeft}) => (step === -1 ? onRunning?.() : onProgress?.(step, secondsLeft))
          }
        );
        return end!;
      } catch (error) {
        return endAfterDeath(spec.dir, ending.aborted ? undefined : errorLine(error));
      }
    },
    async spectrum(spec, {signal, ...options} = {}) {
      return (await perform({type: "spectrum", spec}, {...options, signal: endingWith(signal)})).spectrum!;
    },
    async lens(spec, {signal, ...options} = {}) {
      await perform({type: "lens", spec}, {...options, signal: endingWith(signal)});
    },
    async close() {
      closing.abort("cancelled");
      await running;
      await pool.close();
    }
  };
}

/** How a job ended whose process is dead: what it left of its run is sealed. `error` is undefined where it was to be ended. */
async function endAfterDeath(dir: string, error: string | undefined): Promise<CaptureEnd> {
  try {
    const step = await stepAfterDeath(dir, error === undefined ? "cancelled" : "killed");
    if (error === undefined) return {status: "cancelled", step, error: null};
    return {status: "failed", step, error: `${error}; ${step < 0 ? "nothing was written" : `steps 0 to ${step} are kept`}`};
  } catch (cause) {
    return {status: "failed", step: -1, error: errorLine(cause)};
  }
}

/** The last step on disk, −1 where the run was not begun. */
async function stepAfterDeath(dir: string, reason: string): Promise<number> {
  if (await removeUnbegun(dir)) return -1;
  const begun = await readTrace(dir).then(
    () => true,
    () => false
  );
  return begun ? (await sealKilledTrace(dir, reason)).steps_written : -1;
}

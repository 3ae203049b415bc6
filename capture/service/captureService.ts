import {fork, type ChildProcess} from "node:child_process";
import {once} from "node:events";
import {createRequire} from "node:module";
import {createInterface} from "node:readline";
import {fileURLToPath, pathToFileURL} from "node:url";
import type {CaptureSpec} from "../job/captureSpec.ts";
import type {LensSpec} from "../loop/lensReadout.ts";
import type {RunSpectrum, SpectrumSpec} from "../spectrum/spectrumSchema.ts";
import {readTrace} from "../trace/reader.ts";
import {errorOf, Refusal, type Fault} from "../trace/refusal.ts";
import {sealKilledTrace} from "../trace/sealKilledTrace.ts";
import {reportSchema, type Order, type Report} from "./protocol.ts";

/** How a job ended; `step` is the last one on disk, −1 where there is none. */
export interface CaptureEnd {
  readonly status: "complete" | "cancelled" | "failed";
  readonly step: number;
  /** One line, for a failed job. */
  readonly error: string | null;
  /** The same as data. */
  readonly fault?: Fault;
}

export interface RunCaptureOptions {
  /** Cancels the job: between two steps where the process still listens, by killing it after the grace time where not. */
  readonly signal?: AbortSignal;
  /** The model is there and the first state is being made. */
  readonly onRunning?: () => void;
  readonly onProgress?: (step: number, secondsLeft: number | null) => void;
}

/**
 * A process of its own that captures, one job at a time, and keeps the model loaded between jobs. Whatever ends it, the
 * process that started it lives on: the job that ran fails, its run stays as a readable partial one, and the next job
 * starts a new process.
 */
export interface CaptureService {
  /** Never rejects for what goes wrong in the job or its process: that is how the job ended. */
  run(spec: CaptureSpec, options?: RunCaptureOptions): Promise<CaptureEnd>;
  /** Leading eigenvalues at the last state of a run. Rejects with the reason in one line. */
  spectrum(spec: SpectrumSpec, options?: {readonly signal?: AbortSignal}): Promise<RunSpectrum>;
  /** Reads a run's states through a lens into the file that the order names. Rejects with the reason in one line. */
  lens(spec: LensSpec, options?: {readonly signal?: AbortSignal}): Promise<void>;
  /** Starts the process before the first job asks for it. */
  warm(): void;
  /** The process that is there now. */
  readonly pid: number | undefined;
  /** Cancels what runs and ends the process. */
  close(): Promise<void>;
}

export interface CaptureServiceOptions {
  readonly log?: (line: string) => void;
  /** How long a cancelled job may take to its next step before its process is killed; defaults to 10 s. */
  readonly graceMs?: number;
}

const GRACE_MS = 10_000;

export function startCaptureService({log = () => {}, graceMs = GRACE_MS}: CaptureServiceOptions = {}): CaptureService {
  let child: ChildProcess | undefined;
  let jobs = 0;
  let running: Promise<CaptureEnd> | undefined;
  const closing = new AbortController();

  function currentChild(): ChildProcess {
    if (!child || child.exitCode !== null || child.signalCode !== null || !child.connected) child = startProcess(log);
    return child;
  }

  async function perform(
    order: Job,
    {signal, ...options}: Omit<JobOptions, "graceMs" | "signal"> & {signal?: AbortSignal}
  ): Promise<CaptureEnd> {
    if (running) throw new Error("invalid order: the capture service takes one job at a time");
    const stop = AbortSignal.any([closing.signal, ...(signal ? [signal] : [])]);
    running = runJob(currentChild(), order, {...options, signal: stop, graceMs});
    try {
      return await running;
    } finally {
      running = undefined;
    }
  }

  return {
    warm: () => void currentChild(),
    get pid() {
      return child?.pid;
    },
    run: (spec, options = {}) => perform({type: "capture", id: `${++jobs}`, spec}, {...options, dir: spec.dir}),
    async spectrum(spec, {signal} = {}) {
      let answer: RunSpectrum | undefined;
      const {error, fault} = await perform(
        {type: "spectrum", id: `${++jobs}`, spec},
        {signal, onSpectrum: (spectrum) => (answer = spectrum)}
      );
      signal?.throwIfAborted();
      if (answer === undefined) throw failure(error, fault);
      return answer;
    },
    async lens(spec, {signal} = {}) {
      const {status, error, fault} = await perform({type: "lens", id: `${++jobs}`, spec}, {signal});
      signal?.throwIfAborted();
      if (status !== "complete") throw failure(error, fault);
    },
    async close() {
      closing.abort();
      await running;
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    }
  };
}

const failure = (error: string | null, fault: Fault | undefined): Error =>
  fault ? errorOf(fault) : new Refusal(error ?? "cancelled", {kind: "killed"});

/** The loader that lets a child read TypeScript, found from here: the working folder may be anywhere. */
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

function startProcess(log: (line: string) => void): ChildProcess {
  const child = fork(fileURLToPath(new URL("captureProcess.ts", import.meta.url)), {
    execArgv: ["--import", tsx],
    stdio: ["ignore", "pipe", "pipe", "ipc"]
  });
  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface({input: stream}).on("line", log);
  child.on("message", (message) => {
    const report = reportSchema.safeParse(message);
    if (report.success && report.data.type === "log") log(report.data.line);
  });
  child.on("error", (error) => log(`capture service: ${error.message}`));
  child.on("exit", (code, signal) => log(`capture service ended: ${signal ?? `status ${code}`}`));
  return child;
}

type Job = Exclude<Order, {type: "cancel"}>;

interface JobOptions extends RunCaptureOptions {
  /** The trace folder that a killed process may leave half-written. */
  readonly dir?: string;
  readonly onSpectrum?: (spectrum: RunSpectrum) => void;
  readonly signal: AbortSignal;
  readonly graceMs: number;
}

function runJob(child: ChildProcess, job: Job, {signal, dir, onRunning, onProgress, onSpectrum, graceMs}: JobOptions): Promise<CaptureEnd> {
  const {id} = job;
  return new Promise((resolve) => {
    let grace: NodeJS.Timeout | undefined;
    const send = (order: Order) => {
      if (child.connected) child.send(order);
    };
    const cancel = () => {
      send({type: "cancel", id});
      grace = setTimeout(() => child.kill("SIGKILL"), graceMs);
    };
    const onMessage = (message: unknown) => {
      const report: Report = reportSchema.parse(message);
      if (!("id" in report) || report.id !== id) return;
      if (report.type === "running") onRunning?.();
      else if (report.type === "progress") onProgress?.(report.step, report.secondsLeft);
      else if (report.type === "spectrum") onSpectrum?.(report.spectrum);
      else finish({status: report.status, step: report.step, error: report.error, ...(report.fault && {fault: report.fault})});
    };
    const onExit = (code: number | null, exitSignal: NodeJS.Signals | null) => {
      const reason = signal.aborted ? "cancelled" : "killed";
      void stepAfterDeath(dir, reason).then(
        (step) =>
          finish(
            signal.aborted
              ? {status: "cancelled", step, error: null}
              : {status: "failed", step, error: `the capture service ended with ${exitSignal ?? `status ${code}`}${kept(dir, step)}`}
          ),
        (error: Error) => finish({status: "failed", step: -1, error: error.message})
      );
    };
    const onError = (error: Error) => {
      if (child.pid === undefined) finish({status: "failed", step: -1, error: `the capture service did not start: ${error.message}`}); // else it exits, too
    };
    const finish = (end: CaptureEnd) => {
      clearTimeout(grace);
      signal.removeEventListener("abort", cancel);
      child.off("message", onMessage);
      child.off("exit", onExit);
      child.off("error", onError);
      resolve(end);
    };
    child.on("message", onMessage);
    child.on("exit", onExit);
    child.on("error", onError);
    signal.addEventListener("abort", cancel);
    if (signal.aborted) return finish({status: "cancelled", step: -1, error: null});
    if (child.exitCode !== null || child.signalCode !== null) onExit(child.exitCode, child.signalCode);
    else send(job);
  });
}

const kept = (dir: string | undefined, step: number): string =>
  dir === undefined ? "" : step < 0 ? "; nothing was written" : `; steps 0 to ${step} are kept`;

/** Seals what a dead process left of its run; the last step on disk, −1 where the run was not begun. */
async function stepAfterDeath(dir: string | undefined, reason: string): Promise<number> {
  if (dir === undefined) return -1;
  const begun = await readTrace(dir).then(
    () => true,
    () => false
  );
  return begun ? (await sealKilledTrace(dir, reason)).steps_written : -1;
}

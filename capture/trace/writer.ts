import {mkdir, readdir, rename, statfs, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {ifThere} from "./ifThere.ts";
import {Refusal} from "./refusal.ts";
import {createStepFile, sealStepFile, stepFileBytes, type StepTensor} from "./stepFile.ts";
import type {Trace} from "./schema.ts";
import {markWriter, unmarkWriter} from "./writerMark.ts";

/** The names of a trace folder's files. */
export const TRACE_FILE = "trace.json";
export const STATES_FILE = "states.safetensors";
export const READOUT_FILE = "readout.safetensors";

/** What a run announces before its first step; status and progress are the writer's own. */
export type TraceAnnouncement = Omit<Trace, "status" | "stopped" | "steps_written" | "step_ms">;

export interface TraceWriterOptions {
  /** Tensors of states.safetensors, constants first. */
  readonly states: readonly StepTensor[];
  /** Tensors of readout.safetensors; none, and the file is not made. Defaults to none. */
  readonly readout?: readonly StepTensor[];
}

/** Writes one run. Until `complete` resolves, the folder says that it is partial. */
export interface TraceWriter {
  readonly dir: string;
  readonly trace: Trace;
  writeState(name: string, data: Float32Array, step?: number): Promise<void>;
  writeReadout(name: string, data: Float32Array | Int32Array, step?: number): Promise<void>;
  /** Says that everything of `step` is on disk (0 is the initial state) and how long it took. */
  finishStep(step: number, milliseconds: number): Promise<void>;
  complete(): Promise<Trace>;
  /** Closes a run that stopped early; its files are cut to the steps that are there, so that any reader opens them. */
  stop(reason: string): Promise<Trace>;
}

/**
 * Starts a trace folder. Throws where the folder already holds something, or where the disk has too little room for
 * the announced tensors (with both numbers), before anything is written.
 */
export async function createTrace(
  dir: string,
  announcement: TraceAnnouncement,
  {states, readout = []}: TraceWriterOptions
): Promise<TraceWriter> {
  await refuseOccupied(dir);
  await refuseFullDisk(dir, stepFileBytes(states) + (readout.length > 0 ? stepFileBytes(readout) : 0));
  await mkdir(dir, {recursive: true});
  await markWriter(dir);
  let trace: Trace = {...announcement, status: "partial", stopped: null, steps_written: -1, step_ms: []};
  await writeTraceJson(dir, trace);
  const stateFile = await createStepFile(join(dir, STATES_FILE), states, {schema: trace.schema});
  const readoutFile = readout.length > 0 ? await createStepFile(join(dir, READOUT_FILE), readout, {schema: trace.schema}) : undefined;
  let lastSaved = 0;

  async function save(changes: Partial<Trace>): Promise<Trace> {
    trace = {...trace, ...changes};
    await writeTraceJson(dir, trace);
    lastSaved = performance.now();
    return trace;
  }
  const close = () => Promise.all([stateFile.close(), readoutFile?.close()]);

  return {
    dir,
    get trace() {
      return trace;
    },
    writeState: (name, data, step) => stateFile.write(name, data, step),
    async writeReadout(name, data, step) {
      if (!readoutFile) throw new RangeError(`invalid readout tensor: ${name}; this run was announced without a readout`);
      await readoutFile.write(name, data, step);
    },
    async finishStep(step, milliseconds) {
      const progress = {steps_written: step, step_ms: step === 0 ? [] : [...trace.step_ms, milliseconds]};
      if (performance.now() - lastSaved < SAVE_INTERVAL_MS) trace = {...trace, ...progress};
      else await save(progress);
    },
    async complete() {
      if (trace.steps_written !== trace.steps)
        throw new RangeError(`invalid completion: ${trace.steps_written} steps written; expected ${trace.steps}`);
      await close();
      await save({status: "complete"});
      await unmarkWriter(dir);
      return trace;
    },
    async stop(reason) {
      await close();
      await save({stopped: reason});
      if (trace.steps_written >= 0) await sealTrace(dir, trace.steps_written, {states, readout});
      await unmarkWriter(dir);
      return trace;
    }
  };
}

const SAVE_INTERVAL_MS = 200; // a killed run then loses at most this much of what it had written

/** Cuts the files of a run that stopped early to the steps it wrote. */
export async function sealTrace(dir: string, stepsWritten: number, {states, readout = []}: TraceWriterOptions): Promise<void> {
  await sealStepFile(join(dir, STATES_FILE), states, stepsWritten);
  if (readout.length > 0) await sealStepFile(join(dir, READOUT_FILE), readout, stepsWritten);
}

/** Replaces trace.json in one rename, so that a reader never sees half of it. */
export async function writeTraceJson(dir: string, trace: Trace): Promise<void> {
  const path = join(dir, TRACE_FILE);
  await writeFile(`${path}.new`, `${JSON.stringify(trace, undefined, 1)}\n`);
  await rename(`${path}.new`, path);
}

async function refuseOccupied(dir: string): Promise<void> {
  const names = await ifThere(readdir(dir), []).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOTDIR"
      ? new Refusal(`invalid run folder: ${dir}; expected a folder, found a file`, {kind: "conflict", cause: error})
      : error;
  });
  if (names.length > 0) throw new Refusal(`invalid run folder: ${dir} is not empty; expected a new or an empty one`, {kind: "conflict"});
}

async function refuseFullDisk(dir: string, bytes: number): Promise<void> {
  const {bavail, bsize} = await statfs(await existingParentOf(dir));
  const free = bavail * bsize;
  if (bytes > free) throw new Refusal(`too little disk: the trace takes ${bytes} bytes; ${free} are free at ${dir}`, {kind: "full"});
}

async function existingParentOf(dir: string): Promise<string> {
  for (let path = dir; ; path = dirname(path)) {
    const isThere = await readdir(path).then(
      () => true,
      () => false
    );
    if (isThere || path === dirname(path)) return path;
  }
}

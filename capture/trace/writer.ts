import {readdir, rename, rm, rmdir, statfs, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {ensureFolder} from "./ensureFolder.ts";
import {ifThere} from "./ifThere.ts";
import type {Lease} from "./lease.ts";
import {diskFault, lastingPlace, Refusal} from "./refusal.ts";
import {createStepFile, sealStepFile, stepFileBytes, type StepFile, type StepTensor} from "./stepFile.ts";
import type {Trace} from "./schema.ts";
import {isLeftBehind} from "./processIdentity.ts";
import {isBeingWritten, isWriterMark, markWriter} from "./writerMark.ts";

/** The names of a trace folder's files. */
export const TRACE_FILE = "trace.json";
export const STATES_FILE = "states.safetensors";
export const READOUT_FILE = "readout.safetensors";
export const TEXTS_FILE = "readout_texts.json";

/** What a run announces before its first step; status and progress are the writer's own. */
export type TraceAnnouncement = Omit<Trace, "status" | "stopped" | "steps_written" | "step_ms" | "prefix" | "state_is"> &
  Partial<Pick<Trace, "prefix" | "state_is">>;

interface TraceWriterOptions {
  /** Tensors of states.safetensors, constants first. */
  readonly states: readonly StepTensor[];
  /** Tensors of readout.safetensors; none, and the file is not made. Defaults to none. */
  readonly readout?: readonly StepTensor[];
}

/** Writes one run. Until `complete` resolves, the folder says that it is partial. */
export interface TraceWriter {
  readonly dir: string;
  readonly trace: Trace;
  /** One step's slab, a constant where `step` is undefined, or the part of either that begins at element `from`. */
  writeState(name: string, data: Float32Array, step?: number, from?: number): Promise<void>;
  writeReadout(name: string, data: Float32Array | Int32Array, step?: number, from?: number): Promise<void>;
  /** How the readout's tokens read, by id; written in one go, at the end. */
  writeTexts(texts: ReadonlyMap<number, string>): Promise<void>;
  /** Says that everything of `step` is on disk (0 is the initial state) and how long it took. */
  finishStep(step: number, milliseconds: number): Promise<void>;
  complete(): Promise<Trace>;
  /** Closes a run that stopped early; its files are cut to the steps that are there, so that any reader opens them. */
  stop(reason: string): Promise<Trace>;
}

/**
 * Starts a trace folder. Throws where the folder already holds something, or where the disk has too little room for
 * the announced tensors (with both numbers), before anything is written. A folder is a run once trace.json is in it, which comes last.
 */
export async function createTrace(
  dir: string,
  announcement: TraceAnnouncement,
  {states, readout = []}: TraceWriterOptions
): Promise<TraceWriter> {
  await refuseOccupied(dir);
  await refuseFullDisk(dir, stepFileBytes(states) + (readout.length > 0 ? stepFileBytes(readout) : 0));
  const isNew = (await ensureFolder(dir)) !== undefined;
  const files: StepFile[] = [];
  let lease: Lease | undefined;
  try {
    lease = await markWriter(dir);
    const trace: Trace = {prefix: 0, state_is: null, ...announcement, status: "partial", stopped: null, steps_written: -1, step_ms: []};
    await writeFile(
      join(dir, RESERVE_FILE),
      new Uint8Array(JSON.stringify(trace, undefined, 1).length + rowsOf(states) * STEP_MS_BYTES + 4096)
    );
    files.push(await createStepFile(join(dir, STATES_FILE), states, {schema: trace.schema}));
    if (readout.length > 0) files.push(await createStepFile(join(dir, READOUT_FILE), readout, {schema: trace.schema}));
    await writeTraceJson(dir, trace);
    return writerOf(dir, trace, {lease, files, tensors: {states, readout}});
  } catch (error) {
    await Promise.all(files.map((file) => file.close()));
    if (lease) await Promise.all(BEGUN_FILES.map((name) => rm(join(dir, name), {force: true}))); // without it they are another's
    await lease?.release();
    if (isNew) await rmdir(dir).catch(() => {}); // somebody else put something there
    throw diskFault(error, dir);
  }
}

interface WriterParts {
  readonly lease: Lease;
  readonly files: readonly StepFile[];
  readonly tensors: TraceWriterOptions;
}

/** A run that is being written: what of it is on the disk, and when its description was last saved. */
interface Written extends WriterParts {
  readonly dir: string;
  readonly stepMs: number[];
  trace: Trace;
  lastSaved: number;
  isOpen: boolean;
}

function writerOf(dir: string, trace: Trace, parts: WriterParts): TraceWriter {
  const run: Written = {...parts, dir, trace, stepMs: [], lastSaved: 0, isOpen: true};
  const [stateFile, readoutFile] = parts.files;
  return {
    dir,
    get trace() {
      return run.trace;
    },
    writeState: (name, data, step, from) => writing(run, () => stateFile.write(name, data, step, from)),
    async writeReadout(name, data, step, from) {
      if (!readoutFile) throw new RangeError(`invalid readout tensor: ${name}; this run was announced without a readout`);
      await writing(run, () => readoutFile.write(name, data, step, from));
    },
    writeTexts: (texts) => writing(run, () => replaceFile(join(dir, TEXTS_FILE), JSON.stringify(Object.fromEntries(texts)))),
    async finishStep(step, milliseconds) {
      if (step === 0) run.stepMs.length = 0;
      else run.stepMs.push(milliseconds); // one array that grows: copies would cost the square of the steps
      const progress = {steps_written: step, step_ms: run.stepMs};
      if (performance.now() - run.lastSaved < SAVE_INTERVAL_MS) run.trace = {...run.trace, ...progress};
      else await writing(run, () => save(run, progress));
    },
    async complete() {
      const {steps_written, steps} = run.trace;
      if (steps_written !== steps) throw new RangeError(`invalid completion: ${steps_written} steps written; expected ${steps}`);
      await writing(run, async () => {
        await close(run);
        await save(run, {status: "complete"});
      });
      await leave(run);
      return run.trace;
    },
    stop: (reason) => stopped(run, reason)
  };
}

async function save(run: Written, changes: Partial<Trace>): Promise<void> {
  run.trace = {...run.trace, ...changes};
  await writeTraceJson(run.dir, run.trace);
  run.lastSaved = performance.now();
}

async function close(run: Written): Promise<void> {
  if (run.isOpen) await Promise.all(run.files.map((file) => file.close()));
  run.isOpen = false;
}

/** What the disk says names the run; a run that another process took over is not written any more. */
async function writing<T>({dir, lease}: Written, work: () => Promise<T>): Promise<T> {
  if (lease.lost) throw new Refusal(`folder in use: ${dir}: another process took this run for a dead one's`, {kind: "conflict"});
  return work().catch((error: unknown) => {
    throw diskFault(error, dir);
  });
}

async function leave({dir, lease}: Written): Promise<void> {
  await rm(join(dir, RESERVE_FILE), {force: true});
  await lease.release();
}

async function stopped(run: Written, reason: string): Promise<Trace> {
  await close(run);
  if (run.lease.lost) return run.trace;
  try {
    await rm(join(run.dir, RESERVE_FILE), {force: true}); // on a full disk, the room to say so
    await sealTrace(run.dir, run.trace.steps_written, run.tensors); // first: a kill before the next line leaves a run to be ended
    await save(run, {status: "partial", stopped: reason});
  } finally {
    await leave(run);
  }
  return run.trace;
}

/** As long as anything that ends a run may have to say, kept free for the moment when the disk is full. */
const RESERVE_FILE = "trace.json.reserve";
const STEP_MS_BYTES = 24; // of one number in step_ms, its line break and indent with it

/** What a run that never came to its trace.json may have left. */
const BEGUN_FILES = [RESERVE_FILE, `${TRACE_FILE}.new`, STATES_FILE, `${STATES_FILE}.new`, READOUT_FILE, `${READOUT_FILE}.new`];

/** Removes a folder in which a dead process began a run and did not come to its trace.json, and says whether it did. */
export async function removeUnbegun(dir: string): Promise<boolean> {
  const names: readonly string[] = await readdir(dir).catch(() => []);
  const isUnbegun = names.length > 0 && names.every((name) => isWriterMark(name) || BEGUN_FILES.includes(name) || isLeftBehind(name));
  if (!isUnbegun || (await isBeingWritten(dir))) return false;
  await rm(dir, {recursive: true, force: true});
  return true;
}

const SAVE_INTERVAL_MS = 200; // a killed run then loses at most this much of what it had written

/** Cuts the files of a run that stopped early to the steps it wrote. */
async function sealTrace(dir: string, stepsWritten: number, {states, readout = []}: TraceWriterOptions): Promise<void> {
  await sealStepFile(join(dir, STATES_FILE), states, stepsWritten);
  if (readout.length > 0) await sealStepFile(join(dir, READOUT_FILE), readout, stepsWritten);
}

/** Replaces trace.json in one rename, so that a reader never sees half of it. */
export async function writeTraceJson(dir: string, trace: Trace): Promise<void> {
  await replaceFile(join(dir, TRACE_FILE), JSON.stringify(trace, undefined, 1));
}

async function replaceFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(`${path}.new`, `${text}\n`);
    await rename(`${path}.new`, path);
  } catch (error) {
    await rm(`${path}.new`, {force: true});
    throw error;
  }
}

/** Removes what a dead writer kept free for the end of its run. */
export const removeReserve = (dir: string): Promise<void> => rm(join(dir, RESERVE_FILE), {force: true});

/** Throws a Refusal where a folder holds something else than what a killed writer had begun, which is removed: no trace can be made there. */
export async function refuseOccupied(dir: string): Promise<void> {
  if (await removeUnbegun(dir)) return;
  const names = await ifThere(readdir(dir), []).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOTDIR"
      ? new Refusal(`invalid run folder: ${dir}; expected a folder, found a file`, {kind: "conflict", cause: error})
      : error;
  });
  if (names.length > 0) throw new Refusal(`invalid run folder: ${dir} is not empty; expected a new or an empty one`, {kind: "conflict"});
}

/** Steps that can be written: an import's description may promise any number, its tensors hold so many. */
const rowsOf = (tensors: readonly StepTensor[]): number => tensors.reduce((most, {steps = 0}) => Math.max(most, steps), 0);

/** Throws a Refusal, with both numbers, where so many bytes have no room at a place that need not be there yet. `what` begins the line: defaults to the trace. */
export async function refuseFullDisk(dir: string, bytes: number, what = "the trace takes"): Promise<void> {
  const {bavail, bsize} = await statfs(await existingParentOf(dir));
  const free = bavail * bsize;
  if (bytes > free) throw new Refusal(`too little disk: ${what} ${bytes} bytes; ${free} are free at ${lastingPlace(dir)}`, {kind: "full"});
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

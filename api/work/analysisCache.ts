import {createHash} from "node:crypto";
import {join} from "node:path";
import {rulesHash} from "../../analysis/patterns/rules.ts";
import {software} from "../../capture/software.ts";
import {readTrace} from "../../capture/trace/reader.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import type {Computation, ComputeProgress} from "./compute.ts";
import type {LensQuestion, SpectrumQuestion} from "./inspectionDesk.ts";
import {statesWritten} from "../files/statesWritten.ts";
import type {RunPlace} from "../runs/runPlace.ts";
import {readKept, saveKept} from "../files/kept.ts";
import type {Owner} from "../queue/fairPlace.ts";
import type {Asker} from "../queue/fairTurns.ts";

/** An analysis of a run as plain data: everything that its answer depends on beside the run. */
export type Question =
  | Computation
  | {readonly kind: "spectrum"; readonly question: SpectrumQuestion}
  | {readonly kind: "readout"; readonly question: LensQuestion};

/** Computes an answer: JSON for patterns and spectra, else a safetensors message. */
type Answerer = (
  dir: string,
  question: Question,
  options: {
    readonly trace: Trace;
    readonly others: readonly string[];
    readonly onProgress: (progress: ComputeProgress) => void;
  } & Required<Asker>
) => Promise<Uint8Array>;

interface AnswerOptions extends Asker {
  /** Runs that this one is compared with; defaults to none. */
  readonly others?: readonly RunPlace[];
}

/** Answers analyses, each computed once: kept beside the run but where it still grows or is read-only, and in memory for as long as there is room. */
export interface AnalysisCache {
  /** A computation is ended soon after nobody waits for it any more: when the signals of all who asked are aborted. */
  answer(place: RunPlace, question: Question, options?: AnswerOptions): Promise<Uint8Array>;
  /** How far an answer about one run is that is being computed; undefined where it is not, or has not told yet. */
  progress(place: RunPlace, question: Question): Promise<AnswerProgress | undefined>;
}

export interface AnswerProgress extends ComputeProgress {
  /** By the pace so far; null for the first of it. */
  readonly secondsLeft: number | null;
}

interface Pending {
  readonly answer: Promise<Uint8Array>;
  readonly abort: AbortController;
  waiting: number;
  /** As it was told first and last, and when. */
  told?: {readonly first: Told; readonly last: Told};
}

interface Told extends ComputeProgress {
  readonly at: number;
}

/** A question with what it is about: the traces of the run and of those it is compared with, and the name of the answer. */
interface Asked {
  readonly key: string;
  readonly traces: readonly Trace[];
  readonly others: readonly RunPlace[];
  /** When the states of all of them were last written. */
  readonly since: number;
  /** Whose turn it takes: the first one's who asks. */
  readonly owner: Owner;
}

const MEMORY_BYTES = 128 * 2 ** 20;
const ANSWER_FORMAT = 5; // grows when an answer gets other parts: what was kept before is then worked out again
const RULES = rulesHash(); // a label that was kept under other rules is not this program's
const PATIENCE_MS = 300; // who asks again at once, as a page that is drawn anew, finds it underway; a computation nobody wants is gone within a second

export function createAnalysisCache(answerer: Answerer): AnalysisCache {
  const pending = new Map<string, Pending>();
  const memory = createMemory();

  async function computed(
    place: RunPlace,
    question: Question,
    {key, traces, others, since, owner, signal, onProgress}: Asked & {signal: AbortSignal; onProgress: (progress: ComputeProgress) => void}
  ): Promise<Uint8Array> {
    const isKept = traces.every(({status}) => status === "complete") && !place.example && !isPassing(question);
    const kept = fileOf(place.dir, question, key);
    const saved = isKept ? await readKept(...kept, since) : undefined;
    const bytes =
      saved ?? (await answerer(place.dir, question, {trace: traces[0], others: others.map(({dir}) => dir), owner, signal, onProgress}));
    if (isKept && !saved) await saveKept(...kept, bytes);
    memory.set(heldKey(key, since), bytes);
    return bytes;
  }

  function begin(place: RunPlace, question: Question, asked: Asked): Pending {
    const key = pendingKey(place, asked.key);
    const abort = new AbortController();
    const begun: Pending = {
      abort,
      waiting: 0,
      answer: computed(place, question, {
        ...asked,
        signal: abort.signal,
        onProgress(progress) {
          const last = {...progress, at: performance.now()};
          begun.told = {first: begun.told?.first ?? last, last};
        }
      }).finally(() => {
        if (pending.get(key) === begun) pending.delete(key);
      })
    };
    pending.set(key, begun);
    return begun;
  }

  return {
    async answer(place, question, {others = [], owner = null, signal} = {}) {
      const places = [place, ...others];
      const traces = await Promise.all(places.map(({dir}) => readTrace(dir)));
      const since = Math.max(...(await Promise.all(places.map(({dir}) => statesWritten(dir)))));
      const key = keyOf(traces, question);
      const held = memory.get(heldKey(key, since));
      if (held) return held;
      signal?.throwIfAborted();
      const found = pending.get(pendingKey(place, key));
      return waitFor(found && !found.abort.signal.aborted ? found : begin(place, question, {key, traces, others, since, owner}), signal);
    },
    async progress(place, question) {
      const told = pending.get(pendingKey(place, keyOf([await readTrace(place.dir)], question)))?.told;
      return told && {done: told.last.done, of: told.last.of, secondsLeft: secondsLeft(told)};
    }
  };
}

/** The answer that a server kept beside a run, to a question about it alone; undefined where it kept none. */
export const keptAnswer = async (dir: string, trace: Trace, question: Question): Promise<Uint8Array | undefined> =>
  trace.status === "complete" ? readKept(...fileOf(dir, question, keyOf([trace], question)), await statesWritten(dir)) : undefined;

/** Folder, name and ending of a kept answer. */
const fileOf = (dir: string, question: Question, key: string): readonly [string, string, string] => [
  join(dir, "analysis"),
  `${question.kind}-${key}`,
  question.kind === "patterns" || question.kind === "spectrum" ? "json" : "safetensors"
];

const secondsLeft = ({first, last}: NonNullable<Pending["told"]>): number | null =>
  last.done > first.done ? (((last.of - last.done) / (last.done - first.done)) * (last.at - first.at)) / 1000 : null;

/** Answers by key, as many as there is room for: those that were used last. */
function createMemory() {
  const answers = new Map<string, Uint8Array>(); // oldest use first
  let held = 0;
  return {
    get(key: string): Uint8Array | undefined {
      const bytes = answers.get(key);
      if (bytes) {
        answers.delete(key);
        answers.set(key, bytes);
      }
      return bytes;
    },
    set(key: string, bytes: Uint8Array): void {
      if (bytes.length > MEMORY_BYTES / 4) return;
      held += bytes.length - (answers.get(key)?.length ?? 0);
      answers.set(key, bytes);
      for (const [oldest, {length}] of answers) {
        if (held <= MEMORY_BYTES) break;
        answers.delete(oldest);
        held -= length;
      }
    }
  };
}

/** Two copies of a run may have other states under the same trace.json: an answer that is held is about those that were written when its own were. */
const heldKey = (key: string, since: number): string => `${key} ${since}`;

/** Two copies of a run have not the same faults. */
const pendingKey = ({dir}: RunPlace, key: string): string => `${key} ${dir}`;

/** What is worked out in less time than a file of its own is worth: one token of many, or one state. */
const isPassing = (question: Question): boolean =>
  question.kind === "portrait" || question.kind === "near" || (question.kind === "patterns" && question.only !== undefined);

async function waitFor(pending: Pending, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const leave = () => {
    pending.waiting -= 1;
    setTimeout(() => pending.waiting === 0 && pending.abort.abort(signal?.reason), PATIENCE_MS).unref();
  };
  pending.waiting += 1;
  signal?.addEventListener("abort", leave, {once: true});
  try {
    return await pending.answer;
  } finally {
    signal?.removeEventListener("abort", leave);
  }
}

/** Names an answer by everything that it was computed from: the run and how far it came, those it is compared with, the question, the program. */
const keyOf = (traces: readonly Trace[], question: Question): string =>
  createHash("sha256")
    .update(JSON.stringify([...traces.map(hashOfTrace), question, software.version, RULES, ANSWER_FORMAT]))
    .digest("hex")
    .slice(0, 16);

const traceHashes = new WeakMap<Trace, string>(); // a trace with many edits takes long to write out, and every question asks

function hashOfTrace(trace: Trace): string {
  const hash = traceHashes.get(trace) ?? createHash("sha256").update(JSON.stringify(trace)).digest("hex");
  traceHashes.set(trace, hash);
  return hash;
}

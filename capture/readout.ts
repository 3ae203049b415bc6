import type {Engine, Lens} from "./engine.ts";
import {divergenceOf, entropyOf, logSoftmax, topOf} from "./readoutRow.ts";
import {noTaps, type Taps} from "./sites.ts";

/** What the model would say at one step, for every position: arrays [inits, tokens], the top ones [inits, tokens, top]. */
export interface StepReadout {
  readonly topIds: Int32Array;
  readonly topLogprobs: Float32Array;
  /** Nats. */
  readonly entropy: Float32Array;
  /** KL(p at the step read before ‖ p now) in nats, the exit rule's direction; NaN at the first one, which has none before it. */
  readonly klPrev: Float32Array;
  /** Log-probability of the token that follows in the sequence; NaN at the last position, which has none. */
  readonly targetLogprob: Float32Array;
}

/** Reads states one after the other. */
export interface Readout {
  /** Reads the state of the next step. `logits`, where the caller has them, spare the pass through the coda. */
  read(step: number, state: Float32Array, logits?: Float32Array): Promise<StepReadout>;
  /**
   * KL(p at each step ‖ p at the last one read) in nats, [inits, tokens] per step in the order in which they were read.
   * `stateAt` gives a state again; it is asked only where the distributions did not fit the budget.
   */
  klFinal(stateAt: (step: number) => Promise<Float32Array>): AsyncGenerator<Float32Array, void, undefined>;
}

export interface ReadoutOptions {
  readonly ids: readonly number[];
  readonly inits: number;
  /** Steps that will be read, the initial state included: decides whether all distributions fit the budget. */
  readonly states: number;
  /** Most likely tokens to keep; defaults to 5, at most the vocabulary. */
  readonly top?: number;
  /** Defaults to coda. */
  readonly lens?: Lens;
  /** Edits of the readout's own sites; defaults to none. */
  readonly edits?: Taps;
  /** Memory for distributions of past steps; defaults to 256 MB. */
  readonly budgetBytes?: number;
}

const CHUNK_BYTES = 32_000_000; // logits that are in memory at once where positions are independent

/** A step that was read: its distributions, or, where they take too much, what the head makes them of again. */
interface Reading {
  readonly step: number;
  readonly logprobs?: Float32Array;
  readonly rows?: Float32Array;
}

/** Readouts of a run's states through the engine's coda and head (or the head alone: the logit lens). */
export function readoutOf(engine: Engine, {ids, inits, states, top = 5, lens = "coda", edits = noTaps, budgetBytes = 256_000_000}: ReadoutOptions): Readout {
  const {vocab, width} = engine.config;
  const tokens = ids.length;
  const positions = inits * tokens;
  const kept = Math.min(top, vocab);
  const stateBytes = positions * vocab * Float32Array.BYTES_PER_ELEMENT;
  const keepsAll = states * stateBytes <= budgetBytes;
  const keepsOne = 2 * stateBytes <= budgetBytes;
  const editsLogits = edits.changes.includes("logits");
  const taps: Taps = {...edits, records: [], changes: edits.changes.filter((site) => site !== "logits")};
  const chunk = editsLogits ? positions : Math.max(1, Math.floor(CHUNK_BYTES / (vocab * Float32Array.BYTES_PER_ELEMENT)));
  const history: Reading[] = [];
  let steps: number[] = [];

  const decode = (step: number, state: Float32Array) => engine.decode(state, {inits, tokens, step, lens, taps});
  /** Log-probabilities of some positions of a reading, a view where it keeps them. */
  const logprobsOf = async ({step, logprobs, rows}: Reading, from: number, to: number): Promise<Float32Array> => {
    if (logprobs) return logprobs.subarray(from * vocab, to * vocab);
    if (!rows) throw new Error(`nothing kept of step ${step}`);
    const made = await engine.head(rows.subarray(from * width, to * width));
    const logits = editsLogits ? edits.tap("logits", step, made) ?? made : made;
    const probabilities = new Float32Array(logits.length);
    for (let i = 0; i < logits.length; i += vocab) logSoftmax(logits.subarray(i, i + vocab), probabilities.subarray(i, i + vocab));
    return probabilities;
  };
  const readingOf = async (step: number, state: Float32Array, logits?: Float32Array): Promise<Reading> => {
    if (!logits) return {step, rows: await decode(step, state)};
    const logprobs = new Float32Array(logits.length);
    for (let i = 0; i < logits.length; i += vocab) logSoftmax(logits.subarray(i, i + vocab), logprobs.subarray(i, i + vocab));
    return {step, logprobs};
  };
  const eachChunk = async (visit: (from: number, to: number) => Promise<void>) => {
    for (let from = 0; from < positions; from += chunk) await visit(from, Math.min(from + chunk, positions));
  };
  /** KL(p ‖ q) of every position. */
  const divergences = async (p: Reading, q: Reading): Promise<Float32Array> => {
    const divergence = new Float32Array(positions);
    await eachChunk(async (from, to) => {
      const [of, against] = [await logprobsOf(p, from, to), await logprobsOf(q, from, to)];
      for (let i = from; i < to; ++i) divergence[i] = divergenceOf(of.subarray((i - from) * vocab, (i - from + 1) * vocab), against.subarray((i - from) * vocab, (i - from + 1) * vocab));
    });
    return divergence;
  };

  return {
    async read(step, state, logits) {
      const reading = await readingOf(step, state, logits);
      const previous = history.at(-1);
      const keeps = keepsAll || keepsOne;
      const all = reading.logprobs ?? (keeps ? new Float32Array(positions * vocab) : undefined);
      const result: StepReadout = {
        topIds: new Int32Array(positions * kept),
        topLogprobs: new Float32Array(positions * kept),
        entropy: new Float32Array(positions),
        klPrev: new Float32Array(positions).fill(NaN),
        targetLogprob: new Float32Array(positions).fill(NaN)
      };
      await eachChunk(async (from, to) => {
        const now = await logprobsOf(reading, from, to);
        const before = previous && (await logprobsOf(previous, from, to));
        for (let i = from; i < to; ++i) {
          const row = now.subarray((i - from) * vocab, (i - from + 1) * vocab);
          topOf(row, result.topIds.subarray(i * kept, (i + 1) * kept), result.topLogprobs.subarray(i * kept, (i + 1) * kept));
          result.entropy[i] = entropyOf(row);
          if (before) result.klPrev[i] = divergenceOf(before.subarray((i - from) * vocab, (i - from + 1) * vocab), row);
          if ((i + 1) % tokens !== 0) result.targetLogprob[i] = row[ids[(i % tokens) + 1]];
        }
        if (all && all !== reading.logprobs) all.set(now, from * vocab);
      });
      if (!keepsAll) history.length = 0;
      history.push(keeps ? {step, logprobs: all} : {step, rows: reading.rows ?? (await decode(step, state))});
      steps.push(step);
      return result;
    },
    async *klFinal(stateAt) {
      const last = history.at(-1);
      if (!last) return;
      for (const [i, step] of steps.entries()) {
        const reading = step === last.step ? last : keepsAll ? history[i] : {step, rows: await decode(step, await stateAt(step))};
        yield await divergences(reading, last);
      }
      steps = [];
      history.length = 0;
    }
  };
}

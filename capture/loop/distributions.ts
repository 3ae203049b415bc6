import type {Engine} from "../engine/engine.ts";
import {divergenceOf, logSoftmax} from "./readoutRow.ts";
import {LOGITS, type Taps} from "../model/site.ts";

/** A step that was read: its log-probabilities [positions, vocab], or, where they take too much, the rows that the head makes them of again. */
export interface Reading {
  readonly step: number;
  readonly logprobs?: Float32Array;
  readonly rows?: Float32Array;
}

/** Log-probabilities of readings, made a chunk of positions at a time, so that a large vocabulary need never be held for all of them. */
interface Distributions {
  /** Decodes a state, or takes the logits that the caller has. */
  reading(step: number, state: Float32Array, logits?: Float32Array): Promise<Reading>;
  /** Calls with each chunk of positions and the log-probabilities of the readings there, in their order. */
  eachChunk(readings: readonly Reading[], visit: (from: number, to: number, logprobs: readonly Float32Array[]) => void): Promise<void>;
  /** KL(p ‖ q) in nats at every position. */
  divergences(p: Reading, q: Reading): Promise<Float32Array>;
}

interface DistributionsOptions {
  readonly inits: number;
  readonly tokens: number;
  readonly lens: string;
  /** Edits of the readout's own sites. */
  readonly edits: Taps;
}

const CHUNK_BYTES = 32_000_000; // logits that are in memory at once where positions are independent

export function distributionsOf(engine: Engine, {inits, tokens, lens, edits}: DistributionsOptions): Distributions {
  const {vocab, width} = engine.model;
  const positions = inits * tokens;
  const editsLogits = edits.changes.includes(LOGITS);
  const taps: Taps = {...edits, records: [], changes: edits.changes.filter((site) => site !== LOGITS)};
  // An edit of the logits is made to all of them at once.
  const chunk = editsLogits ? positions : Math.max(1, Math.floor(CHUNK_BYTES / (vocab * Float32Array.BYTES_PER_ELEMENT)));

  const logprobsOf = async ({step, logprobs, rows}: Reading, from: number, to: number): Promise<Float32Array> => {
    if (logprobs) return logprobs.subarray(from * vocab, to * vocab);
    if (!rows) throw new Error(`nothing kept of step ${step}`);
    const logits = await engine.head(rows.subarray(from * width, to * width));
    return softmaxRows(editsLogits ? (edits.tap(LOGITS, step, logits) ?? logits) : logits, vocab);
  };
  const eachChunk: Distributions["eachChunk"] = async (readings, visit) => {
    for (let from = 0; from < positions; from += chunk) {
      const to = Math.min(from + chunk, positions);
      const logprobs: Float32Array[] = [];
      for (const reading of readings) logprobs.push(await logprobsOf(reading, from, to));
      visit(from, to, logprobs);
    }
  };
  return {
    eachChunk,
    async reading(step, state, logits) {
      if (logits) return {step, logprobs: softmaxRows(logits, vocab)};
      return {step, rows: await engine.decode(state, {inits, tokens, step, lens, taps})};
    },
    async divergences(p, q) {
      const divergence = new Float32Array(positions);
      await eachChunk([p, q], (from, to, [of, against]) => {
        for (let i = from; i < to; ++i) divergence[i] = divergenceOf(rowOf(of, i - from, vocab), rowOf(against, i - from, vocab));
      });
      return divergence;
    }
  };
}

/** The i-th row, a view. */
export const rowOf = (values: Float32Array, i: number, width: number): Float32Array => values.subarray(i * width, (i + 1) * width);

function softmaxRows(logits: Float32Array, vocab: number): Float32Array {
  const logprobs = new Float32Array(logits.length);
  for (let i = 0; i * vocab < logits.length; ++i) logSoftmax(rowOf(logits, i, vocab), rowOf(logprobs, i, vocab));
  return logprobs;
}

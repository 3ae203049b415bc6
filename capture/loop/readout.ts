import {distributionsOf, rowOf, type Reading} from "./distributions.ts";
import type {Engine} from "../engine/engine.ts";
import {divergenceOf, entropyOf, topOf} from "./readoutRow.ts";
import {noTaps, type Taps} from "../model/site.ts";
import {curvesOf, type ReadoutCurve} from "../trace/readoutNames.ts";

/** What the model would say at one step, for every position: arrays [inits, tokens], the top ones [inits, tokens, top]. */
export interface StepReadout {
  readonly topIds: Int32Array;
  readonly topLogprobs: Float32Array;
  /**
   * In nats. `kl_prev` is KL(p at the step read before ‖ p now), the exit rule's direction, NaN at the first one; `kl_final` is NaN until the last step is known;
   * `target_logprob` is of the token that follows in the sequence, NaN at the last position.
   */
  readonly curves: Readonly<Record<ReadoutCurve, Float32Array>>;
}

/** Reads states one after the other. */
export interface Readout {
  /** Reads the state of the next step. `logits`, where the caller has them, spare the pass through the lens. */
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
  /** Defaults to the model's own. */
  readonly lens?: string;
  /** Edits of the readout's own sites; defaults to none. */
  readonly edits?: Taps;
  /** Memory for distributions of past steps; defaults to 256 MB. */
  readonly budgetBytes?: number;
}

/** Readouts of a run's states through one of the model's lenses and the head. */
export function readoutOf(
  engine: Engine,
  {ids, inits, states, top = 5, lens = engine.model.lenses[0], edits = noTaps, budgetBytes = 256_000_000}: ReadoutOptions
): Readout {
  const {vocab} = engine.model;
  const tokens = ids.length;
  const distributions = distributionsOf(engine, {inits, tokens, lens, edits});
  const bytes = inits * tokens * vocab * Float32Array.BYTES_PER_ELEMENT;
  const keepsAll = states * bytes <= budgetBytes;
  const keepsOne = 2 * bytes <= budgetBytes; // the last one, beside the one that is being read
  const steps: number[] = [];
  const history: Reading[] = []; // all readings, or the last one

  return {
    async read(step, state, logits) {
      const reading = await distributions.reading(step, state, logits);
      const previous = history.at(-1);
      const result = emptyReadout(inits * tokens, Math.min(top, vocab));
      const kept = keepsAll || keepsOne ? new Float32Array(inits * tokens * vocab) : undefined;
      await distributions.eachChunk(previous ? [reading, previous] : [reading], (from, to, [now, before]) => {
        kept?.set(now, from * vocab);
        for (let i = from; i < to; ++i) {
          const target = (i + 1) % tokens === 0 ? undefined : ids[(i % tokens) + 1];
          summarise(result, i, {now: rowOf(now, i - from, vocab), before: before && rowOf(before, i - from, vocab), target});
        }
      });
      if (!keepsAll) history.length = 0;
      history.push(kept ? {step, logprobs: kept} : reading.rows ? reading : await distributions.reading(step, state));
      steps.push(step);
      return result;
    },
    async *klFinal(stateAt) {
      const last = history.at(-1);
      for (const [i, step] of steps.entries()) {
        if (!last) return;
        const reading = step === last.step ? last : keepsAll ? history[i] : await distributions.reading(step, await stateAt(step));
        yield await distributions.divergences(reading, last);
      }
    }
  };
}

const emptyReadout = (positions: number, top: number): StepReadout => ({
  topIds: new Int32Array(positions * top),
  topLogprobs: new Float32Array(positions * top),
  curves: curvesOf(() => new Float32Array(positions).fill(NaN))
});

/** Writes one position's numbers. */
function summarise(
  {topIds, topLogprobs, curves}: StepReadout,
  position: number,
  {now, before, target}: {readonly now: Float32Array; readonly before?: Float32Array; readonly target?: number}
): void {
  const top = topIds.length / curves.entropy.length;
  topOf(now, topIds.subarray(position * top, (position + 1) * top), topLogprobs.subarray(position * top, (position + 1) * top));
  curves.entropy[position] = entropyOf(now);
  if (before) curves.kl_prev[position] = divergenceOf(before, now);
  if (target !== undefined) curves.target_logprob[position] = now[target];
}

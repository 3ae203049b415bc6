import type {Engine} from "../engine/engine.ts";
import {iterate, type Moment} from "../loop/iterate.ts";
import {Refusal} from "../trace/refusal.ts";

/** All starts at one step. */
interface StartsMoment {
  /** 0 for the initial states. */
  readonly step: number;
  /** [starts, tokens, width]; the receiver's to read until it asks for the next step. */
  readonly states: Float32Array;
}

interface RunStartsOptions {
  readonly ids: readonly number[];
  /** [starts, tokens, width] */
  readonly initial: Float32Array;
  readonly starts: number;
  readonly steps: number;
  /** Starts that are computed in one pass; what a start does is the same, bit for bit, in any company. Defaults to all. */
  readonly batch?: number;
  /** Stops between two steps with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Runs the recurrence from many starts at once and keeps nothing but the step at hand. */
export async function* runStarts(
  engine: Engine,
  {ids, initial, starts, steps, batch = starts, signal}: RunStartsOptions
): AsyncGenerator<StartsMoment, void, undefined> {
  if (!(Number.isInteger(batch) && batch >= 1)) throw new Refusal(`invalid batch: ${batch}; expected a whole number from 1`);
  const size = ids.length * engine.model.carriedWidth;
  if (initial.length !== starts * size)
    throw new Refusal(
      `invalid initial states: ${initial.length} numbers; expected ${starts} × ${ids.length} × ${engine.model.carriedWidth}`
    );
  const runs: {first: number; moments: AsyncGenerator<Moment, void, undefined>}[] = [];
  for (let first = 0; first < starts; first += batch) {
    const inits = Math.min(batch, starts - first);
    runs.push({first, moments: iterate(engine, {ids, initial: initial.slice(first * size, (first + inits) * size), inits, steps, signal})});
  }
  const states = new Float32Array(starts * size);
  try {
    for (let step = 0; step <= steps; ++step) {
      for (const {first, moments} of runs) {
        const {value} = await moments.next();
        states.set(value!.carried, first * size);
      }
      yield {step, states};
    }
  } finally {
    for (const {moments} of runs) await moments.return();
  }
}

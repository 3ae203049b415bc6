import {randomNormal} from "d3-random";
import {uniformFloat64} from "pure-rand/distribution/uniformFloat64";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import type {Engine} from "../engine/engine.ts";
import {initialStates} from "../loop/initialState.ts";
import {Refusal} from "../trace/refusal.ts";
import {answerLogits} from "./answerLogits.ts";
import {runStarts} from "./runStarts.ts";
import {mixed} from "./starts.ts";

interface SensitivityOptions {
  readonly ids: readonly number[];
  readonly steps: number;
  /** Disturbed starts. */
  readonly draws: number;
  /** Size of the disturbance, as a share of the start's root mean square. */
  readonly epsilon: number;
  readonly seed: number;
  /** Starts computed in one pass; defaults to all. */
  readonly batch?: number;
  readonly signal?: AbortSignal;
}

/** What becomes of a small change of the start, token by token. */
export interface TokenSensitivity {
  /** Relative distance from the undisturbed path at each step, the start included: the geometric mean over the draws. */
  readonly distance: readonly number[];
  /**
   * Slope of the natural logarithm of the difference's own length, per step, while the relative distance is small and above rounding;
   * NaN where it is so at fewer than three steps.
   */
  readonly growth: number;
  /** Share of the draws whose likeliest token at the end is that of the undisturbed path. */
  readonly kept: number;
}

const SMALL = 0.1; // beyond it the paths are no neighbours any more
const FLOOR = 1e-5; // relative rounding of float32 after a few blocks

/** Runs the model from its own start and from that start with a little noise on all of it. */
export async function sensitivityOf(
  engine: Engine,
  {ids, steps, draws, epsilon, seed, batch, signal}: SensitivityOptions
): Promise<TokenSensitivity[]> {
  if (!(epsilon > 0)) throw new Refusal(`invalid sensitivity: ${epsilon}; expected a number above 0`);
  const {carriedWidth: width} = engine.model;
  const tokens = ids.length;
  const {start} = await engine.begin(ids);
  const own = initialStates(engine.model, {inits: 1, tokens, seed, start});
  const initial = disturbed(own, {draws, epsilon, seed: mixed(seed, 0)});
  const steppedLogs: Logs[] = [];
  let last = initial;
  for await (const {states} of runStarts(engine, {ids, initial, starts: draws + 1, steps, batch, signal})) {
    steppedLogs.push(logDistances(states, {draws, tokens, width}));
    last = states;
  }
  const kept = await keptAnswers(engine, last, {draws, tokens});
  return ids.map((_, token) => {
    const relative = steppedLogs.map((logs) => logs.relative[token]);
    const length = steppedLogs.map((logs) => logs.length[token]);
    return {distance: relative.map(Math.exp), growth: slopeWhileSmall(length, relative), kept: kept[token]};
  });
}

/** The start, and after it the same with noise, `draws` times. */
function disturbed(start: Float32Array, {draws, epsilon, seed}: {draws: number; epsilon: number; seed: number}): Float32Array {
  const random = xoroshiro128plus(seed);
  const normal = randomNormal.source(() => uniformFloat64(random))(0, 1);
  const size = epsilon * Math.sqrt(start.reduce((sum, x) => sum + x * x, 0) / start.length);
  const all = new Float32Array((draws + 1) * start.length);
  for (let draw = 0; draw <= draws; ++draw)
    for (let i = 0; i < start.length; ++i) all[draw * start.length + i] = start[i] + (draw > 0 ? size * normal() : 0);
  return all;
}

/** Means over the draws at one step, by token: log ‖difference‖, and log ‖difference‖ / ‖own‖. */
interface Logs {
  readonly length: Float64Array;
  readonly relative: Float64Array;
}

function logDistances(states: Float32Array, {draws, tokens, width}: {draws: number; tokens: number; width: number}): Logs {
  const size = tokens * width;
  const logs: Logs = {length: new Float64Array(tokens), relative: new Float64Array(tokens)};
  for (let token = 0; token < tokens; ++token) {
    for (let draw = 1; draw <= draws; ++draw) {
      let [squares, own] = [0, 0];
      for (let i = token * width; i < (token + 1) * width; ++i) {
        squares += (states[draw * size + i] - states[i]) ** 2;
        own += states[i] ** 2;
      }
      const length = Math.log(Math.max(Number.MIN_VALUE, squares)) / 2;
      logs.length[token] += length / draws;
      logs.relative[token] += (length - Math.log(Math.max(Number.MIN_VALUE, own)) / 2) / draws;
    }
  }
  return logs;
}

async function keptAnswers(engine: Engine, states: Float32Array, {draws, tokens}: {draws: number; tokens: number}): Promise<number[]> {
  const {vocab} = engine.model;
  const kept = new Array<number>(tokens).fill(0);
  for await (const {firstToken, tokens: some, logits} of answerLogits(engine, states, {starts: draws + 1, tokens})) {
    const likeliest = (start: number, token: number): number => {
      const row = logits.subarray((start * some + token) * vocab, (start * some + token + 1) * vocab);
      return row.reduce((best, value, i) => (value > row[best] ? i : best), 0);
    };
    for (let token = 0; token < some; ++token)
      for (let draw = 1; draw <= draws; ++draw) if (likeliest(draw, token) === likeliest(0, token)) kept[firstToken + token] += 1 / draws;
  }
  return kept;
}

/** Least squares over the steps from the start until the distance is large or lost in rounding. */
function slopeWhileSmall(logs: readonly number[], relative: readonly number[]): number {
  const end = relative.findIndex((log) => log > Math.log(SMALL) || log < Math.log(FLOOR));
  const n = end < 0 ? logs.length : end;
  if (n < 3) return NaN;
  const middle = (n - 1) / 2;
  const mean = logs.slice(0, n).reduce((sum, log) => sum + log, 0) / n;
  let [along, squares] = [0, 0];
  for (let step = 0; step < n; ++step) {
    along += (step - middle) * (logs[step] - mean);
    squares += (step - middle) ** 2;
  }
  return along / squares;
}

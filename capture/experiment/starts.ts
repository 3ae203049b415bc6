import {randomNormal} from "d3-random";
import {uniformFloat64} from "pure-rand/distribution/uniformFloat64";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import {initialStates} from "../loop/initialState.ts";
import type {Model} from "../model/family.ts";
import {partOf, withPart} from "../model/parts.ts";

/** Where a trajectory begins; names as in `startKinds` of the analysis. */
export interface ExperimentStart {
  readonly kind: "normal" | "noise" | "swap" | "zero" | "constant";
  /** Multiple of the model's own initial spread for `normal`, the constant for `constant`; 1 for `noise` and `swap`, 0 for `zero`. */
  readonly scale: number;
}

/** How many starts of each kind a prompt gets. */
export interface StartPlan {
  /** As the model itself starts; at least one. They are the first. */
  readonly inits: number;
  /** Normal numbers with the spread of the injected input. */
  readonly noise: number;
  /** Final states of other prompts; fewer where there are fewer other prompts. */
  readonly swaps: number;
  /** Further scales of the initial state, each with `scaleInits` starts along the directions of the first own starts. */
  readonly scales: readonly number[];
  readonly scaleInits: number;
  /** Constants, one start each. */
  readonly constants: readonly number[];
}

/** A prompt's starts in their order: own, noise, swap, zero, scales, constants. */
export function startsOf({inits, noise, swaps, scales, scaleInits, constants}: StartPlan, donors: number): readonly ExperimentStart[] {
  const repeated = (count: number, start: ExperimentStart): ExperimentStart[] => Array.from({length: count}, () => start);
  return [
    ...repeated(inits, {kind: "normal", scale: 1}),
    ...repeated(noise, {kind: "noise", scale: 1}),
    ...repeated(Math.min(swaps, donors), {kind: "swap", scale: 1}),
    ...repeated(scales.includes(0) ? 1 : 0, {kind: "zero", scale: 0}),
    ...scales.filter((scale) => scale !== 0).flatMap((scale) => repeated(scaleInits, {kind: "normal", scale})),
    ...constants.map((scale): ExperimentStart => ({kind: "constant", scale}))
  ];
}

interface StartStatesOptions {
  /** A 32-bit integer; own starts are those of a capture with this seed, bit for bit. */
  readonly seed: number;
  readonly tokens: number;
  /** The injected input [tokens, width], for its spread. */
  readonly input: Float32Array;
  /** The model's own start [tokens, carriedWidth], of one whose start is not all drawn. */
  readonly start?: Float32Array;
  /** Where this prompt's loop ends [tokens, carriedWidth], of a model that is tested from noise of that size. */
  readonly end?: Float32Array;
  /** Final states [tokens′, carriedWidth] of other prompts, one for each swap, in their order; of any number of tokens. */
  readonly donors: readonly Float32Array[];
}

/**
 * Initial states [starts, tokens, carriedWidth] of the starts of one prompt. Every kind draws from a stream of its own, so that a plan with
 * more of one kind changes no other. What a model makes of its input stays: another start there would be another input.
 */
export function startStates(model: Model, starts: readonly ExperimentStart[], options: StartStatesOptions): Float32Array {
  const {seed, tokens, start, donors} = options;
  const spreads = starts.some(({kind}) => kind === "noise") ? spreadsOf(model, options) : [];
  const size = tokens * model.carriedWidth;
  const states = new Float32Array(starts.length * size);
  const seen = new Map<string, number>();
  const drawn = new Map<number, Float32Array>(); // normal states by scale
  starts.forEach(({kind, scale}, s) => {
    const key = `${kind} ${scale}`;
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    const state = states.subarray(s * size, (s + 1) * size);
    if (kind === "constant") state.fill(scale);
    else if (kind === "swap") state.set(tiled(donors[nth], size));
    else if (kind === "noise") fillNoise(state, spreads[nth % spreads.length], mixed(seed, nth));
    else if (kind === "normal") {
      const inits = starts.filter((other) => other.kind === kind && other.scale === scale).length;
      if (!drawn.has(scale)) drawn.set(scale, initialStates(model, {inits, tokens, seed, scale, start}));
      state.set(drawn.get(scale)!.subarray(nth * size, (nth + 1) * size));
    }
    for (const part of model.parts)
      if (part.start.from === "input") state.set(withPart(model, state, {name: part.name, value: partOf(model, start!, part.name)}));
  });
  return states;
}

/** Deviations of noise starts, in turn. */
function spreadsOf({testNoise}: Model, {input, end}: StartStatesOptions): readonly number[] {
  if (!testNoise) return [spreadOf(input)];
  return testNoise.map((spread) => (spread === "end" ? sizeOf(end!) : spread));
}

/** Root mean square of all numbers. */
const sizeOf = (values: Float32Array): number => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

/** A 32-bit seed for the k-th of a family of streams, by the finaliser of MurmurHash3 over a step of the golden ratio: neighbours share nothing. */
export function mixed(seed: number, k: number): number {
  let h = (seed ^ Math.imul(k + 1, 0x9e3779b9)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 1; // 31 bits: seeds of captures are not negative
}

/** The donor's positions from the first on, again from the first where it is shorter. */
const tiled = (donor: Float32Array, size: number): Float32Array => Float32Array.from({length: size}, (_, i) => donor[i % donor.length]);

function fillNoise(state: Float32Array, spread: number, seed: number): void {
  const random = xoroshiro128plus(seed);
  const normal = randomNormal.source(() => uniformFloat64(random))(0, spread);
  for (let i = 0; i < state.length; ++i) state[i] = normal();
}

/** Standard deviation over all numbers, denominator n − 1 as in torch's std. */
function spreadOf(values: Float32Array): number {
  let [sum, squares] = [0, 0];
  for (const value of values) sum += value;
  for (const value of values) squares += (value - sum / values.length) ** 2;
  return Math.sqrt(squares / Math.max(1, values.length - 1));
}

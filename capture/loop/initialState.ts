import {randomNormal} from "d3-random";
import {uniformFloat64} from "pure-rand/distribution/uniformFloat64";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import type {Model, StatePart} from "../model/family.ts";
import {openSafetensors} from "../trace/safetensors.ts";
import {TraceFormatError} from "../trace/safetensorsHeader.ts";
import type {TraceInit} from "../trace/schema.ts";
import {initKindRefusal, isDrawn, isMade} from "../model/notOffered.ts";
import {withPart} from "../model/parts.ts";
import {Refusal} from "../trace/refusal.ts";

type Start = Pick<Model, "family" | "parts" | "carriedWidth">;

interface InitialStateOptions {
  readonly inits: number;
  readonly tokens: number;
  /** A 32-bit integer; the same one gives the same states everywhere. */
  readonly seed: number;
  /** As the model itself starts, zeros, or one number everywhere; defaults to normal. */
  readonly kind?: "normal" | "zero" | "constant";
  /** Factor of what is drawn, or the constant itself; defaults to 1. */
  readonly scale?: number;
  /** The model's own start [tokens, carriedWidth], of one whose start is not all drawn. */
  readonly start?: Float32Array;
}

const CUT = 3; // standard deviations, as torch's trunc_normal_ is called in the reference
const NEAR = 1e-3; // of the start's root mean square: far above float32's rounding, far below what another word would change

/**
 * Initial states [inits, tokens, carriedWidth]. Drawn parts are normal, cut at ±3σ by rejection. Init i draws from a stream of its
 * own, so that it is the same however many inits are asked for, and its first tokens are the same however long the prompt is.
 * A model that does not draw has its own start as init 0; further ones (and it, too, at another scale) draw its stored part anew, or,
 * where all of it is made of the input, are that start and a little noise. Throws an Error for zeros or a constant where the input is the start.
 */
export function initialStates(model: Start, options: InitialStateOptions): Float32Array {
  const {inits, tokens, seed, kind = "normal", scale = 1, start} = options;
  if (!(Number.isInteger(inits) && inits >= 1)) throw new Refusal(`invalid inits: ${inits}; expected a whole number from 1`);
  if (!(scale >= 0 || kind === "constant")) throw new Refusal(`invalid scale: ${scale}; expected 0 or more`);
  const refusal = kind === "normal" ? undefined : initKindRefusal(model);
  if (refusal !== undefined) throw new Refusal(`invalid initial state: ${kind}; ${refusal}`);
  const stream = xoroshiro128plus(seed);
  const states = new Float32Array(inits * tokens * model.carriedWidth);
  for (let init = 0; init < inits; ++init) {
    const random = stream.clone();
    const draw = randomNormal.source(() => uniformFloat64(random))(0, 1);
    const cutNormal = () => {
      let z = draw();
      while (Math.abs(z) > CUT) z = draw();
      return z;
    };
    const state = states.subarray(init * tokens * model.carriedWidth, (init + 1) * tokens * model.carriedWidth);
    if (start) state.set(start);
    for (const part of model.parts) {
      const value = startOf(part, {kind, scale, tokens, isFirst: init === 0, normal: cutNormal});
      if (value) state.set(withPart(model, state, {name: part.name, value}));
    }
    if (isMade(model) && init > 0) addNoise(state, NEAR * scale, cutNormal);
    stream.jump(); // 2⁶⁴ numbers on: the streams never meet
  }
  return states;
}

/** How each of them was made, as the trace says it. */
export function initKinds(
  model: Start,
  {inits, seed, kind = "normal", scale = 1}: Omit<InitialStateOptions, "tokens" | "start">
): TraceInit[] {
  return Array.from({length: inits}, (_, init): TraceInit => {
    if (kind !== "normal") return {kind, seed: null, scale: kind === "zero" ? null : scale};
    if (isDrawn(model)) return {kind, seed, scale};
    if (init === 0 && (scale === 1 || isMade(model))) return {kind: "own", seed: null, scale: null};
    return isMade(model) ? {kind: "near", seed, scale: NEAR * scale} : {kind, seed, scale};
  });
}

interface PartStart {
  readonly kind: "normal" | "zero" | "constant";
  readonly scale: number;
  readonly tokens: number;
  readonly isFirst: boolean;
  readonly normal: () => number;
}

/** A part's start where it is not the model's own: [tokens, width]. */
function startOf({width, start}: StatePart, {kind, scale, tokens, isFirst, normal}: PartStart): Float32Array | undefined {
  if (start.from === "input") return undefined;
  if (kind !== "normal") return new Float32Array(tokens * width).fill(kind === "zero" ? 0 : scale);
  if (start.from === "noise")
    return scale === 0 ? new Float32Array(tokens * width) : Float32Array.from({length: tokens * width}, () => start.std * scale * normal());
  if (isFirst && scale === 1) return undefined; // the stored one
  const row = Float32Array.from({length: width}, () => start.std * scale * normal()); // one vector for all positions, as the model has
  return Float32Array.from({length: tokens * width}, (_, i) => row[i % width]);
}

/** Adds noise with a share of the root mean square of all numbers. */
function addNoise(state: Float32Array, share: number, normal: () => number): void {
  const size = Math.sqrt(state.reduce((sum, x) => sum + x * x, 0) / state.length);
  for (let i = 0; i < state.length; ++i) state[i] += share * size * normal();
}

/**
 * Initial states from a safetensors file: `state` [inits, tokens, width], and further parts of the state where the file has them; others
 * start as the model does. Any float dtype. Throws a TraceFormatError for another shape.
 */
export async function readInitialStates(
  path: string,
  model: Start & Pick<Model, "width">,
  {tokens}: {readonly tokens: number}
): Promise<{readonly inits: number; readonly parts: ReadonlyMap<string, Float32Array>}> {
  const file = await openSafetensors(path);
  try {
    const parts = new Map<string, Float32Array>();
    let count: number | undefined;
    for (const {name, width} of model.parts) {
      const info = file.tensors.get(name);
      if (!info && parts.size > 0) continue;
      if (!info)
        throw new TraceFormatError(`missing tensor in ${path}: ${name}; the file holds ${[...file.tensors.keys()].join(", ") || "none"}`);
      const [inits, fileTokens, fileWidth] = info.shape;
      if (info.shape.length !== 3 || inits < 1 || fileTokens !== tokens || fileWidth !== width || inits !== (count ?? inits))
        throw new TraceFormatError(
          `unexpected shape of ${name} in ${path}: [${info.shape.join(", ")}]; expected [${count ?? "inits"}, ${tokens}, ${width}]`
        );
      const values = await file.readFloats(name);
      if (!values.every(Number.isFinite)) throw new TraceFormatError(`invalid ${name} in ${path}: not all numbers are finite`);
      parts.set(name, values);
      count = inits;
    }
    return {inits: count!, parts};
  } finally {
    await file.close();
  }
}

/** Carried rows [inits, tokens, carriedWidth] of parts that were read, the others as the model starts. */
export function statesOfParts(
  model: Start,
  {inits, parts, start}: {readonly inits: number; readonly parts: ReadonlyMap<string, Float32Array>; readonly start: Float32Array}
): Float32Array {
  let states = new Float32Array(inits * start.length);
  for (let init = 0; init < inits; ++init) states.set(start, init * start.length);
  for (const [name, value] of parts) states = withPart(model, states, {name, value}) as Float32Array<ArrayBuffer>;
  return states;
}

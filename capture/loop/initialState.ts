import type {InitKind} from "../bounds.ts";
import {randomNormal} from "d3-random";
import {uniformFloat64} from "pure-rand/distribution/uniformFloat64";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import type {ModelConfig} from "../families/huginn/config.ts";
import {openSafetensors, TraceFormatError} from "../trace/safetensors.ts";
import {Refusal} from "../trace/refusal.ts";

export interface InitialStateOptions {
  readonly inits: number;
  readonly tokens: number;
  /** A 32-bit integer; the same one gives the same states everywhere. */
  readonly seed: number;
  /** The reference's truncated normal, zeros, or one number everywhere; defaults to normal. */
  readonly kind?: InitKind;
  /** Factor of the normal, or the constant itself; defaults to 1. */
  readonly scale?: number;
}

const CUT = 3; // standard deviations, as torch's trunc_normal_ is called in the reference

/**
 * Initial states [inits, tokens, width]. Normal ones are √width · N(0, (scale · σ)²) cut at ±3σ, by rejection.
 * Init i draws from a stream of its own, so that it is the same however many inits are asked for, and its first
 * tokens are the same however long the prompt is.
 */
export function initialStates(
  {width, stateStd}: ModelConfig,
  {inits, tokens, seed, kind = "normal", scale = 1}: InitialStateOptions
): Float32Array {
  if (!(Number.isInteger(inits) && inits >= 1)) throw new Refusal(`invalid inits: ${inits}; expected a whole number from 1`);
  if (!(scale >= 0 || kind === "constant")) throw new Refusal(`invalid scale: ${scale}; expected 0 or more`);
  const states = new Float32Array(inits * tokens * width);
  if (kind === "zero" || scale === 0) return states;
  if (kind === "constant") return states.fill(scale);
  const factor = Math.sqrt(width) * stateStd * scale;
  const stream = xoroshiro128plus(seed);
  for (let i = 0; i < inits; ++i) {
    const random = stream.clone();
    const normal = randomNormal.source(() => uniformFloat64(random))(0, 1);
    for (let j = i * tokens * width; j < (i + 1) * tokens * width; ++j) {
      let z = normal();
      while (Math.abs(z) > CUT) z = normal();
      states[j] = factor * z;
    }
    stream.jump(); // 2⁶⁴ numbers on: the streams never meet
  }
  return states;
}

/** Initial states from a safetensors file's `state` [inits, tokens, width], any float dtype. Throws a TraceFormatError for another shape. */
export async function readInitialStates(
  path: string,
  {width}: ModelConfig,
  {tokens}: {readonly tokens: number}
): Promise<{readonly inits: number; readonly states: Float32Array}> {
  const file = await openSafetensors(path);
  try {
    const info = file.tensors.get("state");
    if (!info)
      throw new TraceFormatError(`missing tensor in ${path}: state; the file holds ${[...file.tensors.keys()].join(", ") || "none"}`);
    const [inits, fileTokens, fileWidth] = info.shape;
    if (info.shape.length !== 3 || inits < 1 || fileTokens !== tokens || fileWidth !== width)
      throw new TraceFormatError(`unexpected shape of state in ${path}: [${info.shape.join(", ")}]; expected [inits, ${tokens}, ${width}]`);
    const states = await file.readFloats("state");
    if (!states.every(Number.isFinite)) throw new TraceFormatError(`invalid state in ${path}: not all numbers are finite`);
    return {inits, states};
  } finally {
    await file.close();
  }
}

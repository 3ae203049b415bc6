import {randomNormal} from "d3-random";
import {uniformFloat64} from "pure-rand/distribution/uniformFloat64";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import type {Engine} from "../engine/engine.ts";
import type {Tap} from "../model/site.ts";
import type {NoiseType} from "./editSchema.ts";

interface NoiseOptions {
  readonly amount: number;
  readonly type: NoiseType;
  readonly seed: number;
}

/**
 * The share c of noise in the state that step t (from 0) of R reads, with n = amount · spread: n (fixed), n / (t + 1)
 * (geom), n / √(t + 1) (sqrt), max(n, (R − t) / R) (line), 2 u n with u uniform in [0, 1) (chi).
 */
export function noiseShare(
  {amount, type}: Pick<NoiseOptions, "amount" | "type">,
  spread: number,
  {t, steps, uniform}: {readonly t: number; readonly steps: number; readonly uniform: () => number}
): number {
  const n = amount * spread;
  switch (type) {
    case "fixed":
      return n;
    case "geom":
      return n / (t + 1);
    case "sqrt":
      return n / Math.sqrt(t + 1);
    case "line":
      return Math.max(n, (steps - t) / steps);
    case "chi":
      return 2 * uniform() * n;
  }
}

/**
 * The reference's test-time noise: x becomes norm((1 − c) x + c N(0, 1)), with the norm that the family names, before the
 * step reads it. Throws an Error for a model whose reference has none. Each step draws from a stream of its own, so that a step's noise does not depend on the calls before it.
 */
export async function testTimeNoise(engine: Engine, {amount, type, seed}: NoiseOptions, {steps}: {readonly steps: number}): Promise<Tap> {
  const {testTimeNoise, family, width} = engine.model;
  if (!testTimeNoise) throw new Error(`no test-time noise in ${family}; expected checkEdits to say so`);
  const {spread, norm} = testTimeNoise;
  const weight = norm.weight === undefined ? undefined : await engine.weight(norm.weight);
  return (_, step, value) => {
    const stream = xoroshiro128plus(seed);
    for (let i = 1; i < step; ++i) stream.jump();
    const uniform = () => uniformFloat64(stream);
    const share = noiseShare({amount, type}, spread, {t: step - 1, steps, uniform});
    const normal = randomNormal.source(uniform)(0, 1);
    const mixed = value.map((x) => x * (1 - share) + share * normal());
    for (let at = 0; at < mixed.length; at += width) normalise(mixed.subarray(at, at + width), weight, norm.eps);
    return mixed;
  };
}

/** RMSNorm in place. */
function normalise(row: Float32Array, weight: Float32Array | undefined, eps: number): void {
  let squares = 0;
  for (let i = 0; i < row.length; ++i) squares += row[i] * row[i];
  const factor = 1 / Math.sqrt(squares / row.length + eps);
  for (let i = 0; i < row.length; ++i) row[i] *= factor * (weight?.[i] ?? 1);
}

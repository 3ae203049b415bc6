import {randomNormal} from "d3-random";
import {uniformFloat64} from "pure-rand/distribution/uniformFloat64";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import type {Engine} from "../engine/engine.ts";
import type {ModelConfig} from "../families/huginn/config.ts";
import type {Tap} from "../families/huginn/sites.ts";
import type {NoiseType} from "./editSchema.ts";

export interface NoiseOptions {
  readonly amount: number;
  readonly type: NoiseType;
  readonly seed: number;
}

/**
 * The share c of noise in the state that step t (from 0) of R reads, with n = amount · σ · √width: n (fixed), n / (t + 1)
 * (geom), n / √(t + 1) (sqrt), max(n, (R − t) / R) (line), 2 u n with u uniform in [0, 1) (chi).
 */
export function noiseShare(
  {amount, type}: Pick<NoiseOptions, "amount" | "type">,
  {stateStd, width}: Pick<ModelConfig, "stateStd" | "width">,
  {t, steps, uniform}: {readonly t: number; readonly steps: number; readonly uniform: () => number}
): number {
  const n = amount * stateStd * Math.sqrt(width);
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
 * The reference's test-time noise: x becomes norm_4((1 − c) x + c N(0, 1)), with the norm of the last core block, before
 * the adapter reads it. Each step draws from a stream of its own, so that a step's noise does not depend on the calls before it.
 */
export async function testTimeNoise(engine: Engine, {amount, type, seed}: NoiseOptions, {steps}: {readonly steps: number}): Promise<Tap> {
  const {config} = engine;
  const weight = await engine.weight(`core.${config.coreBlocks - 1}.norm_4`);
  return (_, step, value) => {
    const stream = xoroshiro128plus(seed);
    for (let i = 1; i < step; ++i) stream.jump();
    const uniform = () => uniformFloat64(stream);
    const share = noiseShare({amount, type}, config, {t: step - 1, steps, uniform});
    const normal = randomNormal.source(uniform)(0, 1);
    const mixed = value.map((x) => x * (1 - share) + share * normal());
    for (let at = 0; at < mixed.length; at += config.width) normalise(mixed.subarray(at, at + config.width), weight, config.normEps);
    return mixed;
  };
}

/** RMSNorm in place. */
function normalise(row: Float32Array, weight: Float32Array, eps: number): void {
  let squares = 0;
  for (let i = 0; i < row.length; ++i) squares += row[i] * row[i];
  const factor = 1 / Math.sqrt(squares / row.length + eps);
  for (let i = 0; i < row.length; ++i) row[i] *= factor * weight[i];
}

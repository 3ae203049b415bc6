import {uniformFloat64} from "pure-rand/distribution/uniformFloat64";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import type {Engine} from "../engine/engine.ts";
import {leadingEigenvalues, type Spectrum} from "./arnoldi.ts";
import {derivativeOf, tokenBlock, wholeJacobian} from "./jacobian.ts";
import {Refusal} from "../trace/refusal.ts";

interface SpectrumOptions {
  /** Inits that the states hold, [inits, tokens, width]; each is a place of its own. */
  readonly inits: number;
  /** What the step is given, [tokens, width]. */
  readonly input: Float32Array;
  /** Tokens at the start that see one another in both directions; defaults to none. */
  readonly prefix?: number;
  /** Seed of the start vectors. */
  readonly seed: number;
  /** Tokens whose blocks are asked for; defaults to all. */
  readonly tokens?: readonly number[];
  /** Whether the whole sequence's eigenvalues are asked for, too; defaults to true. */
  readonly sequence?: boolean;
  /** Eigenvalues of each; defaults to 8. */
  readonly count?: number;
  /** Most vectors in a basis; defaults to 200. */
  readonly maxBasis?: number;
}

interface JacobianSpectra {
  readonly tokens: readonly (Spectrum & {readonly token: number; readonly init: number})[];
  /** One per init. */
  readonly sequence: readonly Spectrum[];
}

/**
 * Leading eigenvalues of the core step's Jacobian at states [inits, tokens, width]: of each token's own block
 * (d next state of the token / d its state, the others held) and of the whole sequence. Where attention is causal, the whole
 * Jacobian is block triangular, and its eigenvalues are those of the blocks: the one is a check on the other.
 */
export async function jacobianSpectra(
  engine: Engine,
  states: Float32Array,
  {inits, input, prefix, seed, tokens: chosen, sequence = true, count, maxBasis}: SpectrumOptions
): Promise<JacobianSpectra> {
  const {carriedWidth: width} = engine.model;
  const size = states.length / inits;
  const length = size / width;
  if (!Number.isInteger(length) || length < 1)
    throw new Refusal(`invalid states: ${states.length} numbers; expected ${inits} × tokens × ${width}`);
  const tokens = chosen ?? Array.from({length}, (_, token) => token);
  for (const token of tokens)
    if (!(Number.isInteger(token) && token >= 0 && token < length))
      throw new Refusal(`invalid token: ${token}; expected 0 to ${length - 1}`);
  const derivative = derivativeOf(engine, {tokens: length, prefix});
  const places = Array.from({length: inits}, (_, init) => ({state: states.subarray(init * size, (init + 1) * size), input}));
  const solve = (apply: Parameters<typeof leadingEigenvalues>[0], n: number) =>
    leadingEigenvalues(apply, n, {random: seeded(seed), count, maxBasis});
  const blocks = places.flatMap((place, init) =>
    tokens.map(async (token) => ({token, init, ...(await solve(tokenBlock(derivative, place, {token, width}), width))}))
  );
  const whole = sequence ? places.map((place) => solve(wholeJacobian(derivative, place), size)) : [];
  return {tokens: await Promise.all(blocks), sequence: await Promise.all(whole)};
}

/** Uniform numbers from a seed. */
export function seeded(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

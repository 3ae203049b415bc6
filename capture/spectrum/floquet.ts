import type {Engine} from "../engine/engine.ts";
import {leadingEigenvalues, type Operator, type Spectrum} from "./arnoldi.ts";
import {derivativeOf, tokenBlock, wholeJacobian} from "./jacobian.ts";
import {seeded} from "./spectrum.ts";

/** J(last) · … · J(first): the derivative of several steps in a row. */
export const productOf =
  (steps: readonly Operator[]): Operator =>
  async (vector) => {
    let moved = vector;
    for (const step of steps) moved = await step(moved);
    return moved;
  };

interface FloquetOptions {
  /** What the step is given, [tokens, width]. */
  readonly input: Float32Array;
  readonly prefix?: number;
  readonly seed: number;
  /** Tokens whose blocks are asked for. */
  readonly tokens: readonly number[];
  readonly count?: number;
}

/**
 * Floquet multipliers: leading eigenvalues of the product of the core step's Jacobians at the states of one period, each [tokens, width], in their order. Those of a cycle do not depend
 * on where it is entered. A token's block is the product of its own blocks: where attention is causal these are the multipliers of the whole.
 */
export async function floquetMultipliers(
  engine: Engine,
  states: readonly Float32Array[],
  {input, prefix, seed, tokens, count}: FloquetOptions
): Promise<{readonly tokens: readonly Spectrum[]; readonly sequence: Spectrum}> {
  const {carriedWidth: width} = engine.model;
  const size = states[0].length;
  const derivative = derivativeOf(engine, {tokens: size / width, prefix});
  const places = states.map((state) => ({state, input}));
  const solve = (steps: readonly Operator[], n: number) => leadingEigenvalues(productOf(steps), n, {random: seeded(seed), count});
  const blocks = tokens.map((token) =>
    solve(
      places.map((place) => tokenBlock(derivative, place, {token, width})),
      width
    )
  );
  const sequence = solve(
    places.map((place) => wholeJacobian(derivative, place)),
    size
  );
  return {tokens: await Promise.all(blocks), sequence: await sequence};
}

/**
 * How well a turn shuts, of each token: the distance between its ends over its radius, the root mean square distance of its states from their middle; 0 where the ends are one.
 * `turn` holds states [tokens, width], one more than steps in the turn.
 */
export function closingOf(turn: readonly Float32Array[], width: number): number[] {
  const [first, last] = [turn[0], turn.at(-1)!];
  return Array.from({length: first.length / width}, (_, token) => {
    let [gap, spread] = [0, 0];
    for (let k = token * width; k < (token + 1) * width; ++k) {
      const middle = turn.reduce((sum, state) => sum + state[k], 0) / turn.length;
      spread += turn.reduce((sum, state) => sum + (state[k] - middle) ** 2, 0) / turn.length;
      gap += (last[k] - first[k]) ** 2;
    }
    return gap === 0 ? 0 : Math.sqrt(gap / spread);
  });
}

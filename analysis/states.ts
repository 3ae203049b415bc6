import {matrixOf, type Matrix} from "./matrix.ts";
import {Refusal} from "../capture/trace/refusal.ts";

/** The hidden states of one run at one site, layout `[step][init][token][width]`. */
export interface States {
  /** How many states each trajectory has: r + 1 when the initial state is stored as step 0, else r. */
  readonly steps: number;
  readonly inits: number;
  readonly tokens: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** States over existing numbers; throws a Refusal for an empty dimension or a wrong count. */
export function statesOf({steps, inits, tokens, width}: Omit<States, "data">, data: Float32Array): States {
  for (const [name, size] of Object.entries({steps, inits, tokens, width})) {
    if (!(Number.isInteger(size) && size >= 1)) throw new Refusal(`invalid ${name}: ${size}; expected a whole number from 1`);
  }
  const expected = steps * inits * tokens * width;
  if (data.length !== expected)
    throw new Refusal(`invalid states: ${data.length} numbers; expected ${steps} × ${inits} × ${tokens} × ${width} = ${expected}`);
  return {steps, inits, tokens, width, data};
}

/** The state of one token and init at one step, a view into the run. */
export function stateAt({inits, tokens, width, data}: States, step: number, token: number, init: number): Float32Array {
  const start = ((step * inits + init) * tokens + token) * width;
  return data.subarray(start, start + width);
}

/** The trajectory of one token and init, rows = steps. A copy: the states of one trajectory lie far apart in the run. */
export function pathOf(states: States, token: number, init: number): Matrix {
  const {steps, inits, tokens, width} = states;
  if (!(token >= 0 && token < tokens)) throw new Refusal(`invalid token: ${token}; expected 0 to ${tokens - 1}`);
  if (!(init >= 0 && init < inits)) throw new Refusal(`invalid init: ${init}; expected 0 to ${inits - 1}`);
  const data = new Float32Array(steps * width);
  for (let step = 0; step < steps; ++step) data.set(stateAt(states, step, token, init), step * width);
  return matrixOf(steps, width, data);
}

/** States of some of the tokens, each named once and in their order. */
export function ofTokens(states: States, some: readonly number[]): States {
  const {steps, inits, tokens, width} = states;
  if (some.length === tokens) return states;
  const data = new Float32Array(steps * inits * some.length * width);
  for (let row = 0; row < steps * inits; ++row)
    for (const [i, token] of some.entries())
      data.set(states.data.subarray((row * tokens + token) * width, (row * tokens + token + 1) * width), (row * some.length + i) * width);
  return {steps, inits, tokens: some.length, width, data};
}

/** At most `count` of some tokens, evenly spaced: for what costs the square of the tokens. */
export const spaced = (some: readonly number[], count: number): readonly number[] =>
  some.length <= count ? some : Array.from({length: count}, (_, i) => some[Math.floor((i * some.length) / count)]);

/** The tokens whose every state is finite, from every init. */
export function finiteTokens(states: States): number[] {
  const {steps, inits, tokens} = states;
  const isSound = (token: number): boolean => {
    for (let step = 0; step < steps; ++step)
      for (let init = 0; init < inits; ++init) if (!stateAt(states, step, token, init).every(Number.isFinite)) return false;
    return true;
  };
  return Array.from({length: tokens}, (_, token) => token).filter(isSound);
}

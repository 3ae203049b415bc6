import {stateAt, type States} from "../states.ts";

/** What the measures of one trajectory's states are made of, a number for each step, in double precision. */
export interface PathSums {
  /** ‖h_t‖². */
  readonly squares: Float64Array;
  /** ‖h_t − h_{t−1}‖²; 0 at step 0. */
  readonly steps: Float64Array;
  /** (h_t − h_{t−1})·(h_{t−1} − h_{t−2}); 0 at steps 0 and 1. */
  readonly turns: Float64Array;
  /** ‖h_t − h_last‖². */
  readonly toLast: Float64Array;
}

/** A measure of states. */
export interface Curve {
  /** The first step at which it is defined. */
  readonly from: number;
  value(sums: PathSums, step: number): number;
}

/** Curves `[step][init][token]`, NaN before the step from which each is defined. The states are gone through once for all of them. */
export function curvesOf<Name extends string>(states: States, curves: Readonly<Record<Name, Curve>>): Readonly<Record<Name, Float32Array>> {
  const {steps, inits, tokens} = states;
  const named = Object.entries<Curve>(curves).map(([name, curve]) => ({
    name,
    ...curve,
    values: new Float32Array(steps * inits * tokens).fill(NaN)
  }));
  for (let init = 0; init < inits; ++init) {
    for (let token = 0; token < tokens; ++token) {
      const sums = pathSums(Array.from({length: steps}, (_, step) => stateAt(states, step, token, init)));
      for (const {from, value, values} of named)
        for (let step = from; step < steps; ++step) values[(step * inits + init) * tokens + token] = value(sums, step);
    }
  }
  return Object.fromEntries(named.map(({name, values}) => [name, values])) as Record<Name, Float32Array>;
}

function pathSums(path: readonly Float32Array[]): PathSums {
  const sums = () => new Float64Array(path.length);
  const [squares, steps, turns, toLast] = [sums(), sums(), sums(), sums()];
  const last = path[path.length - 1];
  for (let step = 0; step < path.length; ++step) {
    const now = path[step];
    const before = path[Math.max(0, step - 1)];
    const earlier = path[Math.max(0, step - 2)];
    let [square, length, turn, apart] = [0, 0, 0, 0];
    for (let i = 0; i < now.length; ++i) {
      const move = now[i] - before[i];
      const rest = now[i] - last[i];
      square += now[i] * now[i];
      length += move * move;
      turn += move * (before[i] - earlier[i]);
      apart += rest * rest;
    }
    squares[step] = square;
    steps[step] = length;
    turns[step] = turn;
    toLast[step] = apart;
  }
  return {squares, steps, turns, toLast};
}

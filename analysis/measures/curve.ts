import {pathSums, type PathSums} from "../kernel/states.ts";
import {stateAt, type States} from "../states.ts";

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

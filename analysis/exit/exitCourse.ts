import {stateAt, type States} from "../states.ts";
import {watchExit, type ExitMoment, type ExitRule} from "./exitRule.ts";

/** What a rule says along a path that was run to its end. */
interface ExitCourse {
  /** The rule's value at each moment; NaN where it has none. */
  readonly values: readonly number[];
  /** The index of the moment at which it would have left; undefined if it never does. */
  readonly exit?: number;
}

/** A rule's values over moments in their order, and where it would have left. */
export function exitCourse(rule: ExitRule, moments: Iterable<ExitMoment>): ExitCourse {
  const watch = watchExit(rule);
  const values: number[] = [];
  let exit: number | undefined;
  for (const moment of moments) {
    const seen = watch(moment);
    if (seen.exit) exit ??= values.length;
    values.push(seen.value);
  }
  return {values, exit};
}

/** The moments of one init's states: of one token, or of all of them together. States of step 0 on are taken as they are, views. */
export function* momentsOf(
  states: States,
  {init, token}: {readonly init: number; readonly token?: number}
): Generator<ExitMoment, void, undefined> {
  const {steps, inits, tokens, width, data} = states;
  for (let step = 0; step < steps; ++step) {
    const from = (step * inits + init) * tokens * width;
    yield {step, width, state: token === undefined ? data.subarray(from, from + tokens * width) : stateAt(states, step, token, init)};
  }
}

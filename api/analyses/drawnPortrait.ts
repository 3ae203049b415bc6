import {portraitOf, type Portrait} from "../../analysis/portraits/portrait.ts";
import type {Sitter} from "../../analysis/portraits/sitter.ts";
import type {States} from "../../analysis/states.ts";
import type {PortraitInfo} from "../contract/contract.ts";

// Knows of no disk and no server: the pages of a gallery draw by it from the states that they read.

/** What is drawn of a verdict; steps are rows of the states. */
export interface DrawnVerdict extends Omit<Sitter, "init" | "period"> {
  readonly period?: number;
  readonly spiralPeriod?: number;
  readonly driftSpeed?: number;
}

interface Drawn {
  readonly token: number;
  readonly init: number;
  /** The initial states that the states hold, by index. */
  readonly inits: readonly number[];
  /** The step of the first row. */
  readonly firstStep: number;
}

interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The picture of one trajectory's label, out of the states of its token alone; see `portraitInfoSchema`. */
export function drawnPortrait(
  states: States,
  verdict: DrawnVerdict,
  {token, init, inits, firstStep}: Drawn
): {readonly info: PortraitInfo; readonly tensors: Readonly<Record<string, Numbers>>} {
  const period = verdict.period ?? verdict.spiralPeriod;
  const drawn = portraitOf(states, {...verdict, init: inits.indexOf(init), period});
  const {window, rate, driftSpeed, noiseFloor, pattern} = verdict;
  return {
    info: {
      ...{token, init, inits: [...inits], pattern, first_step: firstStep},
      window: [window[0] + firstStep, window[1] + firstStep],
      period: period ?? null,
      rate: rate ?? null,
      drift_speed: driftSpeed ?? null,
      noise_floor: noiseFloor,
      share: drawn.share,
      residual: drawn.residual,
      phase_step: drawn.phaseStep + firstStep,
      great_circle: drawn.greatCircle,
      recurrence_from: drawn.recurrenceFrom + firstStep,
      companions: [...drawn.companions]
    },
    tensors: tensorsOf(drawn, states.steps, inits.length)
  };
}

function tensorsOf({points, along, fitted, curve, recurrence}: Portrait, steps: number, inits: number): Record<string, Numbers> {
  const size = Math.sqrt(recurrence.length);
  return {
    points: {shape: [steps, inits, 2], data: points},
    along: {shape: [steps, inits], data: along},
    fitted: {shape: [fitted.length], data: fitted},
    curve: {shape: [curve.length / 2, 2], data: curve},
    recurrence: {shape: [size, size], data: recurrence}
  };
}

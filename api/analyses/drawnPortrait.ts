import {portraitOf, type Portrait} from "../../analysis/portraits/portrait.ts";
import type {Sitter} from "../../analysis/portraits/sitter.ts";
import type {States} from "../../analysis/states.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {SiteExtent} from "../../capture/trace/slice.ts";
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
      left_out: [...(verdict.weighed ?? [])],
      recurrence_from: drawn.recurrenceFrom + firstStep,
      companions: [...drawn.companions]
    },
    tensors: tensorsOf(drawn, states.steps, inits.length)
  };
}

/** The initial states that are drawn with one: all, or as many of the first as there is room for. Throws a Refusal for one that is not there. */
export function initsDrawn(
  init: number,
  {inits, firstStep, lastStep, width}: SiteExtent & {readonly inits: number},
  mostBytes: number
): number[] {
  const each = Math.max(1, (lastStep - firstStep + 1) * width * Float32Array.BYTES_PER_ELEMENT);
  const all = Array.from({length: inits}, (_, i) => i);
  if (!all.includes(init)) throw new Refusal(`invalid init: ${init}; expected 0 to ${all.length - 1}`);
  const room = Math.max(1, Math.floor(mostBytes / each));
  return all.length <= room ? all : [...new Set([init, ...all])].slice(0, room).sort((a, b) => a - b);
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

import {distance, norm, rowOf} from "../matrix.ts";
import {compareTails, type Relation} from "../paths/compareTails.ts";
import {pathOf, stateAt, statesOf, type States} from "../states.ts";
import {approachPortrait} from "./approachPortrait.ts";
import {orbitPortrait} from "./orbitPortrait.ts";
import type {Drawing, Sitter} from "./sitter.ts";
import {sliderPortrait} from "./sliderPortrait.ts";

/** How another initial state of the token stands to the one that sits, over the window. */
interface Companion {
  readonly relation: Relation;
  /** Steps by which it is shifted in time; 0 unless the relation is `phase`. */
  readonly lag: number;
}

export interface Portrait extends Drawing {
  /** The first step of the recurrence plot, and the distances of its steps to one another, `[i][j]`. */
  readonly recurrenceFrom: number;
  readonly recurrence: Float32Array;
  /** By init; the one that sits is `same` as itself. */
  readonly companions: readonly Companion[];
}

export const RECURRENCE_STEPS = 128; // the last ones: more are finer than a screen, and leaving some out would show periods that are not there
const COMPARED_STEPS = 96; // products of tails are quadratic

const MAKERS = {orbit: orbitPortrait, slider: sliderPortrait, converging: approachPortrait} as const;

/** Draws the pattern of one trajectory, with the other initial states of its token; `given` are that token's alone. */
export function portraitOf(given: States, sitter: Sitter): Portrait {
  if (given.tokens !== 1) throw new RangeError(`invalid states: ${given.tokens} tokens; expected those of one`);
  const states = without(given, sitter.weighed ?? []);
  const {init, window} = sitter;
  if (!(window[0] >= 0 && window[0] < window[1] && window[1] < states.steps))
    throw new RangeError(`invalid window: ${window.join(" to ")}; expected two of the rows 0 to ${states.steps - 1}`);
  const path = pathOf(states, 0, init);
  const unit = norm(rowOf(path, path.rows - 1)) || 1;
  return {
    ...MAKERS[sitter.pattern](states, path, unit, sitter),
    ...recurrenceOf(states, init, unit),
    companions: companionsOf(states, sitter)
  };
}

/** States whose coordinates of these numbers are zero: nothing is seen of them. */
function without(states: States, coordinates: readonly number[]): States {
  if (coordinates.length === 0) return states;
  const data = states.data.slice();
  for (let at = 0; at < data.length; at += states.width) for (const k of coordinates) data[at + k] = 0;
  return {...states, data};
}

function recurrenceOf(states: States, init: number, unit: number): Pick<Portrait, "recurrenceFrom" | "recurrence"> {
  const from = Math.max(0, states.steps - RECURRENCE_STEPS);
  const size = states.steps - from;
  const recurrence = new Float32Array(size * size);
  for (let i = 0; i < size; ++i)
    for (let j = 0; j < i; ++j)
      recurrence[i * size + j] = recurrence[j * size + i] =
        distance(stateAt(states, from + i, 0, init), stateAt(states, from + j, 0, init)) / unit;
  return {recurrenceFrom: from, recurrence};
}

function companionsOf(states: States, {init, window, noiseFloor}: Sitter): Companion[] {
  const {inits, width, data} = states;
  const first = Math.max(window[0], window[1] + 1 - COMPARED_STEPS);
  const row = inits * width;
  const tail = statesOf({steps: window[1] + 1 - first, inits, tokens: 1, width}, data.subarray(first * row, (window[1] + 1) * row));
  return Array.from({length: inits}, (_, other): Companion => {
    if (other === init) return {relation: "same", lag: 0};
    const {relation, lag} = compareTails(tail, 0, other, init, {floor: noiseFloor});
    return {relation, lag: relation === "phase" ? lag : 0};
  });
}

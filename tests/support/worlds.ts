import {answerMoment} from "../../analysis/paths/agreement.ts";
import {recordGaps} from "../../analysis/paths/gaps.ts";
import {pairsOf} from "../../analysis/paths/pairs.ts";
import type {PromptRuns} from "../../analysis/paths/promptPaths.ts";
import {isOwn, type Start} from "../../analysis/paths/start.ts";
import {recordTail, tailLengthOf} from "../../analysis/paths/tail.ts";
import {seededRandom, type Random} from "../../analysis/random.ts";
import {statesOf, type States} from "../../analysis/states.ts";

/** A dynamics whose end is known: the state of one token after `step` steps from a start drawn with `random`. */
export type World = (start: number, random: Random) => (step: number) => readonly number[];

/** States [steps + 1, starts, 1, width] of a world. */
export function statesIn(
  world: World,
  {starts, steps, seed = 1}: {readonly starts: number; readonly steps: number; readonly seed?: number}
): States {
  const random = seededRandom(seed);
  const paths = Array.from({length: starts}, (_, start) => world(start, random));
  const rows = Array.from({length: steps + 1}, (_, step) => paths.map((path) => path(step)));
  return statesOf({steps: steps + 1, inits: starts, tokens: 1, width: rows[0][0].length}, Float32Array.from(rows.flat(2)));
}

/** The last states of a run. */
export const tailOf = ({steps, inits, tokens, width, data}: States, length: number): States =>
  statesOf({steps: length, inits, tokens, width}, data.subarray((steps - length) * inits * tokens * width));

/** Everything that an experiment keeps of states; answers are read from logits = the state's own coordinates. */
export function runsOf(states: States, starts: readonly Start[]): PromptRuns {
  const {steps, inits, tokens, width, data} = states;
  const own = starts.filter(isOwn).length;
  const gaps = recordGaps({tokens, width, pairs: pairsOf(own)});
  const tail = recordTail({starts: inits, tokens, width, length: tailLengthOf(steps - 1)});
  const slabs = Array.from({length: steps}, (_, step) => data.subarray(step * inits * tokens * width, (step + 1) * inits * tokens * width));
  for (const slab of slabs) {
    gaps.push(slab);
    tail.push(slab);
  }
  return {
    starts,
    gaps: gaps.gaps(),
    tail: tail.tail(),
    answers: slabs.map((slab) => answerMoment(slab.subarray(0, own * tokens * width), {starts: own, tokens, vocab: width})),
    finalTop: answerMoment(slabs.at(-1)!, {starts: inits, tokens, vocab: width}).top
  };
}

export const ownStarts = (count: number): Start[] => Array.from({length: count}, () => ({kind: "normal", scale: 1}));

/** A number from −1 to 1. */
export const signed = (random: Random): number => 2 * random() - 1;

/** Contraction to a point far from zero: coordinate k decays with rates[k]. */
export const contraction =
  (rates: readonly number[], centre: readonly number[] = rates.map((_, k) => 3 + k)): World =>
  (_, random) => {
    const offsets = rates.map(() => signed(random));
    return (step) => rates.map((rate, k) => centre[k] + offsets[k] * rate ** step);
  };

/** A circle of a period, reached from outside; the phase at step 0 is given by the start. */
export const circle =
  (period: number, phase: (start: number) => number, rate = 0.5): World =>
  (start, random) => {
    const offset = signed(random);
    return (step) => {
      const angle = (2 * Math.PI * (step + phase(start))) / period;
      return [5, Math.cos(angle), Math.sin(angle), offset * rate ** step];
    };
  };

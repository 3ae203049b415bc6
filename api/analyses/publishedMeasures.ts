import {exitCourse, momentsOf} from "../../analysis/exit/exitCourse.ts";
import {COSINE_DISTANCE, LATENT_ACCELERATION, LATENT_DIFFERENCE, TWO_SCALE_ACCELERATION} from "../../analysis/exit/stateRules.ts";
import {chordOverArc} from "../../analysis/measures/chordOverArc.ts";
import {cosineToFinal} from "../../analysis/measures/cosineToFinal.ts";
import {depthLoopRatio} from "../../analysis/measures/depthLoopRatio.ts";
import {dynamicModes} from "../../analysis/measures/dynamicModes.ts";
import {loopIndexDecodability} from "../../analysis/measures/loopIndexDecodability.ts";
import {recurrenceQuantification} from "../../analysis/measures/recurrenceQuantification.ts";
import {rotationPower} from "../../analysis/measures/rotationPower.ts";
import {stateRank} from "../../analysis/measures/stateRank.ts";
import type {Matrix} from "../../analysis/matrix.ts";
import {finiteTokens, ofTokens, pathOf, spaced, stateAt, type States} from "../../analysis/states.ts";
import type {ExitAnswer, MeasuresAnswer, RunMeasuresAnswer} from "../contract/contract.ts";
import {numberOrNull} from "./numberOrNull.ts";

const ROTATION = {period: 6, tail: 24}; // as published
const MODES = 4;
const LEAST_STATES = 4; // of a path that has steps to compare
const MOST_TOKENS = 128; // of measures that compare tokens with tokens

/** A looped group's states as the next group reads them, and what the next group makes of the last of them, `[1][init][token][width]`. */
export interface HandOff {
  readonly group: States;
  readonly next: States;
}

/** The published measures of every trajectory, in the order [init][token]; null where a path is too short, does not move, or holds a number that is not finite. They have no null hypothesis: labels do not rest on them. */
export function publishedMeasures(
  states: States,
  {firstStep, handOff}: {readonly firstStep: number; readonly handOff?: HandOff}
): MeasuresAnswer[] {
  const {inits, tokens} = states;
  const answers: MeasuresAnswer[] = [];
  for (let init = 0; init < inits; ++init) {
    for (let token = 0; token < tokens; ++token) {
      answers.push({
        ...ofPath(pathOf(states, token, init)),
        two_scale_exit: stepAnswer(exitCourse(TWO_SCALE_ACCELERATION, momentsOf(states, {init, token})).exit, firstStep),
        depth_loop_ratio: handOff ? ratioOf(handOff, token, init) : null
      });
    }
  }
  return answers;
}

const ratioOf = ({group, next}: HandOff, token: number, init: number): number | null =>
  group.steps > 1 ? numberOrNull(depthLoopRatio(pathOf(group, token, init), stateAt(next, 0, token, init))) : null;

/** What is measured of all tokens of a run together: at most 128 of those whose states are all finite, evenly spaced. */
export function runMeasures(states: States): RunMeasuresAnswer {
  const some = ofTokens(states, spaced(finiteTokens(states), MOST_TOKENS));
  const ranks = stateRank(some);
  const decoded = some.tokens > 1 ? loopIndexDecodability(some) : undefined;
  return {
    tokens: some.tokens,
    state_rank: Array.from({length: some.inits}, (_, init) =>
      Array.from({length: some.steps}, (_, step) => ranks[step * some.inits + init])
    ),
    loop_index_decodability: decoded ? {accuracy: [...decoded.accuracy], overall: decoded.overall, chance: decoded.chance} : null
  };
}

type PathMeasures = Omit<MeasuresAnswer, "two_scale_exit" | "depth_loop_ratio">;

/** Of a path with a number that is not finite. */
const UNMEASURED: PathMeasures = {cosine_to_final: "unknown", chord_over_arc: null, rotation_power: null, dmd: [], recurrence: null};

function ofPath(path: Matrix): PathMeasures {
  if (!path.data.every(Number.isFinite)) return UNMEASURED;
  const long = path.rows >= LEAST_STATES;
  const recurrence = long ? recurrenceQuantification(path) : undefined;
  return {
    cosine_to_final: cosineToFinal(path),
    chord_over_arc: path.rows > 1 ? numberOrNull(chordOverArc(path)) : null,
    rotation_power: path.rows >= ROTATION.tail ? numberOrNull(rotationPower(path, ROTATION)) : null,
    dmd: long ? dynamicModes(path, {rank: MODES}) : [],
    recurrence: recurrence
      ? {
          rate: numberOrNull(recurrence.recurrenceRate),
          determinism: numberOrNull(recurrence.determinism),
          mean_line: numberOrNull(recurrence.meanLine),
          longest_line: numberOrNull(recurrence.longestLine),
          entropy: numberOrNull(recurrence.entropy),
          laminarity: numberOrNull(recurrence.laminarity),
          trapping_time: numberOrNull(recurrence.trappingTime)
        }
      : null
  };
}

/** When the authors' criteria that need no readout would have ended the loop, at their default thresholds: a step for each initial state, null where never. */
export function exitsOf(states: States, firstStep: number): ExitAnswer[] {
  return [LATENT_DIFFERENCE, COSINE_DISTANCE, LATENT_ACCELERATION].map((rule) => {
    const steps = Array.from({length: states.inits}, (_, init) => stepAnswer(exitCourse(rule, momentsOf(states, {init})).exit, firstStep));
    return {name: rule.name, formula: rule.formula, threshold: rule.threshold, steps};
  });
}

const stepAnswer = (step: number | undefined, firstStep: number): number | null => (step === undefined ? null : step + firstStep);

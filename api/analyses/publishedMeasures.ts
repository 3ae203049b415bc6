import {chordOverArc} from "../../analysis/measures/chordOverArc.ts";
import {COSINE_DISTANCE, cosineDistance} from "../../analysis/measures/cosineDistance.ts";
import {cosineToFinal} from "../../analysis/measures/cosineToFinal.ts";
import {depthLoopRatio} from "../../analysis/measures/depthLoopRatio.ts";
import {dynamicModes} from "../../analysis/measures/dynamicModes.ts";
import {exitStep, type ExitCriterion} from "../../analysis/measures/exitCriterion.ts";
import {LATENT_ACCELERATION, latentAcceleration} from "../../analysis/measures/latentAcceleration.ts";
import {LATENT_DIFFERENCE, latentDifference} from "../../analysis/measures/latentDifference.ts";
import {loopIndexDecodability} from "../../analysis/measures/loopIndexDecodability.ts";
import {recurrenceQuantification} from "../../analysis/measures/recurrenceQuantification.ts";
import {rotationPower} from "../../analysis/measures/rotationPower.ts";
import {stateRank} from "../../analysis/measures/stateRank.ts";
import {TWO_SCALE_ACCELERATION, twoScaleAcceleration} from "../../analysis/measures/twoScaleAcceleration.ts";
import type {Matrix} from "../../analysis/matrix.ts";
import {pathOf, spacedTokens, stateAt, type States} from "../../analysis/states.ts";
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

/** The published measures of every trajectory, in the order [init][token]; null where a path is too short or does not move. They have no null hypothesis: labels do not rest on them. */
export function publishedMeasures(
  states: States,
  {firstStep, handOff}: {readonly firstStep: number; readonly handOff?: HandOff}
): MeasuresAnswer[] {
  const {steps, inits, tokens} = states;
  const accelerations = twoScaleAcceleration(states);
  const answers: MeasuresAnswer[] = [];
  for (let init = 0; init < inits; ++init) {
    for (let token = 0; token < tokens; ++token) {
      const curve = Float32Array.from({length: steps}, (_, step) => accelerations[(step * inits + init) * tokens + token]);
      answers.push({
        ...ofPath(pathOf(states, token, init)),
        two_scale_exit: stepAnswer(exitStep(curve, TWO_SCALE_ACCELERATION), firstStep),
        depth_loop_ratio: handOff ? ratioOf(handOff, token, init) : null
      });
    }
  }
  return answers;
}

const ratioOf = ({group, next}: HandOff, token: number, init: number): number | null =>
  group.steps > 1 ? numberOrNull(depthLoopRatio(pathOf(group, token, init), stateAt(next, 0, token, init))) : null;

/** What is measured of all tokens of a run together, at most 128 of them, evenly spaced. */
export function runMeasures(states: States): RunMeasuresAnswer {
  const some = spacedTokens(states, MOST_TOKENS);
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

function ofPath(path: Matrix): Omit<MeasuresAnswer, "two_scale_exit" | "depth_loop_ratio"> {
  const long = path.rows >= LEAST_STATES;
  const recurrence = long ? recurrenceQuantification(path) : undefined;
  return {
    cosine_to_final: cosineToFinal(path).label,
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
  const criteria: readonly [ExitCriterion, (states: States) => Float32Array][] = [
    [LATENT_DIFFERENCE, latentDifference],
    [COSINE_DISTANCE, cosineDistance],
    [LATENT_ACCELERATION, latentAcceleration]
  ];
  return criteria.map(([criterion, curve]) => {
    const values = curve(states);
    const steps = Array.from({length: states.inits}, (_, init) => {
      const own = Float32Array.from({length: states.steps}, (_, step) => values[step * states.inits + init]);
      return stepAnswer(exitStep(own, criterion), firstStep);
    });
    return {name: criterion.name, formula: criterion.formula, threshold: criterion.threshold, steps};
  });
}

const stepAnswer = (step: number | undefined, firstStep: number): number | null => (step === undefined ? null : step + firstStep);

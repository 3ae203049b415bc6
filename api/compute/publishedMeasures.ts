import {chordOverArc} from "../../analysis/measures/chordOverArc.ts";
import {COSINE_DISTANCE, cosineDistance} from "../../analysis/measures/cosineDistance.ts";
import {cosineToFinal} from "../../analysis/measures/cosineToFinal.ts";
import {dynamicModes} from "../../analysis/measures/dynamicModes.ts";
import {exitStep, type ExitCriterion} from "../../analysis/measures/exitCriterion.ts";
import {LATENT_ACCELERATION, latentAcceleration} from "../../analysis/measures/latentAcceleration.ts";
import {LATENT_DIFFERENCE, latentDifference} from "../../analysis/measures/latentDifference.ts";
import {recurrenceQuantification} from "../../analysis/measures/recurrenceQuantification.ts";
import {rotationPower} from "../../analysis/measures/rotationPower.ts";
import {TWO_SCALE_ACCELERATION, twoScaleAcceleration} from "../../analysis/measures/twoScaleAcceleration.ts";
import type {Matrix} from "../../analysis/matrix.ts";
import {pathOf, type States} from "../../analysis/states.ts";
import type {ExitAnswer, MeasuresAnswer} from "../contract.ts";
import {numberOrNull} from "./numberOrNull.ts";

const ROTATION = {period: 6, tail: 24}; // as published
const MODES = 4;
const LEAST_STATES = 4; // of a path that has steps to compare

/** The published measures of every trajectory, in the order [init][token]; null where a path is too short or does not move. They have no null hypothesis: labels do not rest on them. */
export function publishedMeasures(states: States, firstStep: number): MeasuresAnswer[] {
  const {steps, inits, tokens} = states;
  const accelerations = twoScaleAcceleration(states);
  const answers: MeasuresAnswer[] = [];
  for (let init = 0; init < inits; ++init) {
    for (let token = 0; token < tokens; ++token) {
      const curve = Float32Array.from({length: steps}, (_, step) => accelerations[(step * inits + init) * tokens + token]);
      answers.push({...ofPath(pathOf(states, token, init)), two_scale_exit: stepAnswer(exitStep(curve, TWO_SCALE_ACCELERATION), firstStep)});
    }
  }
  return answers;
}

function ofPath(path: Matrix): Omit<MeasuresAnswer, "two_scale_exit"> {
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
  const criteria: readonly [ExitCriterion, (states: States) => Float32Array][] = [[LATENT_DIFFERENCE, latentDifference], [COSINE_DISTANCE, cosineDistance], [LATENT_ACCELERATION, latentAcceleration]];
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

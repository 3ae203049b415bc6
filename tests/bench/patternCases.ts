import type {Matrix} from "../../analysis/matrix.ts";
import type {Pattern} from "../../analysis/patterns/labels.ts";
import type {Verdict} from "../../analysis/patterns/verdict.ts";
import {
  autoregressionNull,
  centredNoiseNull,
  covarianceMatched,
  narrowWalkNull,
  noiseNull,
  phaseRandomised,
  walkNull,
  type NullShape
} from "../support/nulls.ts";
import {HARD_NULLS, type HardNull} from "../support/hardNulls.ts";
import {CHAOS_NULLS} from "../support/chaosNulls.ts";
import {AGEING_NULLS} from "../support/ageingNulls.ts";
import {APPROACH_NULLS} from "../support/approachNulls.ts";
import {ENDLESS_NULLS} from "../support/endlessNulls.ts";
import {JUMP_NULLS} from "../support/jumpNulls.ts";
import {MAP_NULLS} from "../support/mapNulls.ts";
import {RESTLESS_NULLS} from "../support/restlessNulls.ts";
import {contractionPath, manyModePath, orbitPath, sliderPath, type Made, type Shape} from "../support/trajectories.ts";

/** A path that is neither orbit nor slider, whatever it looks like. */
export type Null = (shape: NullShape) => Matrix;

const anyShape = ({random, steps, width}: NullShape): Shape => ({random, steps, width, onSphere: true, amplitude: 5});
const reference = (shape: NullShape): Matrix => {
  const kinds = [
    () => contractionPath(anyShape(shape)).path,
    () => manyModePath(anyShape(shape)).path,
    () => walkNull(shape),
    () => sliderPath(anyShape(shape)).path,
    () => autoregressionNull(shape)
  ];
  return kinds[Math.floor(shape.random() * kinds.length)]();
};

const PLAIN_NULLS: Readonly<Record<string, Null>> = {
  "independent noise": noiseNull,
  "noise about a centre": centredNoiseNull,
  "random walk": walkNull,
  "walk in 1 to 5 dimensions": narrowWalkNull,
  autoregression: autoregressionNull,
  "covariance of a contraction": (shape) =>
    covarianceMatched(contractionPath(anyShape(shape), {kind: shape.random() < 0.5 ? "plain" : "spiral"}).path, shape),
  "covariance of an orbit": (shape) => covarianceMatched(orbitPath(anyShape(shape)).path, shape),
  "covariance of a walk or slider": (shape) =>
    covarianceMatched(shape.random() < 0.5 ? walkNull(shape) : sliderPath(anyShape(shape)).path, shape),
  "phases of a walk": (shape) =>
    phaseRandomised(shape.random() < 0.5 ? walkNull(shape) : narrowWalkNull(shape), {random: shape.random, common: shape.random() < 0.5}),
  "phases of a contraction": (shape) =>
    phaseRandomised(contractionPath(anyShape(shape)).path, {random: shape.random, common: shape.random() < 0.5}),
  "phases of anything": (shape) => phaseRandomised(reference(shape), {random: shape.random, common: shape.random() < 0.5})
};

export const NULLS: Readonly<Record<string, HardNull>> = {
  ...Object.fromEntries(Object.entries(PLAIN_NULLS).map(([name, make]) => [name, {make}])),
  ...HARD_NULLS,
  ...MAP_NULLS,
  ...ENDLESS_NULLS,
  ...AGEING_NULLS,
  ...APPROACH_NULLS,
  ...RESTLESS_NULLS,
  ...JUMP_NULLS,
  ...CHAOS_NULLS
};

/** What is known of a path: each class has the figures that its label carries. */
export interface Truth {
  readonly period?: number;
  readonly rate?: number;
  /** Angle per step of a contraction's one mode; undefined where there are many. */
  readonly omega?: number;
  readonly driftSpeed?: number;
  /** Share of an orbit's amplitude, or a slider's speed, kept per step; 1 where it is not said, NaN where no one share is. */
  readonly kept?: number;
}

/** A path whose label and figures are known. */
export interface Positive {
  readonly pattern: Pattern;
  readonly make: (shape: Shape) => Made<Truth>;
  readonly figure?: "period" | "rate" | "driftSpeed";
  /** Largest error that is right: relative, but of a rate absolute. */
  readonly tolerance: number;
}

export const POSITIVES: Readonly<Record<string, Positive>> = {
  orbit: {pattern: "orbit", make: orbitPath, figure: "period", tolerance: 0.02},
  slider: {pattern: "slider", make: sliderPath, figure: "driftSpeed", tolerance: 0.05},
  contraction: {pattern: "converging", make: contractionPath, figure: "rate", tolerance: 0.01},
  spiral: {
    pattern: "converging",
    make: (shape) => contractionPath(shape, {kind: shape.random() < 0.2 ? "alternating" : "spiral"}),
    figure: "rate",
    tolerance: 0.01
  },
  "slow contraction": {pattern: "converging", make: (shape) => contractionPath(shape, {rate: 0.99}), figure: "rate", tolerance: 0.01},
  "many modes": {pattern: "converging", make: manyModePath, figure: "rate", tolerance: 0.01}
};

/** Error of the figure that a label carries. */
export function errorOf({figure}: Pick<Positive, "figure">, verdict: Verdict, truth: Truth): number {
  if (figure === undefined) return NaN;
  const [found, right] = [verdict[figure] ?? NaN, truth[figure] ?? NaN];
  return figure === "rate" ? Math.abs(found - right) : Math.abs(found / right - 1);
}

/** Whether a 95 % interval holds the truth; undefined where there is none. */
const holds = (interval: readonly [number, number] | undefined, truth: number | undefined): boolean | undefined =>
  interval && truth !== undefined && !Number.isNaN(truth) ? interval[0] <= truth && truth <= interval[1] : undefined;

/** The same of the figure that the label carries. */
export const coveredBy = ({figure}: Pick<Positive, "figure">, {rateCi, periodCi}: Verdict, truth: Truth): boolean | undefined =>
  figure === "rate" ? holds(rateCi, truth.rate) : figure === "period" ? holds(periodCi, truth.period) : undefined;

/** The same of the interval of noise alone: a rate's, which takes the path for one mode, and a period's, which takes the loop for one that nothing kicks. */
export const noiseAloneCovered = ({pattern, evidence}: Verdict, truth: Truth): boolean | undefined =>
  pattern === "converging"
    ? holds(evidence.converging.oneModeCi, truth.rate)
    : pattern === "orbit"
      ? holds(evidence.orbit!.steadyCi, truth.period)
      : undefined;

/** The same of what an orbit keeps of its amplitude, or a slider of its speed, a step: all of it, unless the truth says otherwise. */
export const keptCovered = ({pattern, rateCi, evidence}: Verdict, {kept = 1}: Truth): boolean | undefined =>
  pattern === "orbit"
    ? holds(rateCi, kept)
    : pattern === "slider" && !evidence.slider!.uneven
      ? holds(evidence.slider!.rateCi, kept)
      : undefined;

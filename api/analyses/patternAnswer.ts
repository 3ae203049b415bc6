import {argumentsOf} from "../../analysis/patterns/argument.ts";
import {notConverging} from "../../analysis/patterns/approach/contraction.ts";
import type {Collapse} from "../../analysis/measures/collapse.ts";
import type {Verdict} from "../../analysis/patterns/verdict.ts";
import type {PatternAnswer, Patterns} from "../contract/contract.ts";
import {numberOrNull} from "./numberOrNull.ts";

/** The checks behind each label; of those whose value is a step, the run's. */
export const argumentAnswer = (verdict: Verdict, alpha: number, firstStep: number): PatternAnswer["arguments"] =>
  Object.fromEntries(
    Object.entries(argumentsOf(verdict, alpha)).map(([claim, checks]) => [
      claim,
      checks.map(({value, step = false, ...check}) => ({
        ...check,
        value: value === null || !Number.isFinite(value) ? null : step ? value + firstStep : value
      }))
    ])
  );

/** The collapse of all tokens' states, with the run's steps. */
export const collapseAnswer = ({collapsed, since, correlation, most}: Collapse, firstStep: number): Patterns["summary"]["collapse"] => ({
  collapsed,
  since: since === undefined ? null : since + firstStep,
  correlation: numberOrNull(correlation),
  most
});

/** A trajectory's verdict as it is answered, with the run's steps. */
export function answerOf(
  verdict: Verdict,
  {
    text,
    firstStep,
    evidence,
    lastStepNorm,
    measures
  }: {text: string; firstStep: number; evidence: boolean; lastStepNorm: number | null; measures?: PatternAnswer["measures"]}
): PatternAnswer {
  const {
    token,
    init,
    pattern,
    q,
    p,
    rate,
    rateCi,
    noRateCi,
    settledStep,
    spiral,
    spiralPeriod,
    period,
    periodCi,
    noPeriodCi,
    amplitude,
    offCurve,
    driftSpeed,
    noiseFloor,
    window,
    stillFrom,
    badFrom,
    weighed
  } = verdict;
  const stepOf = (step: number | undefined): number | null => (step === undefined ? null : step + firstStep);
  return {
    index: token,
    text,
    init,
    pattern,
    ...(pattern === "unsettled" && badFrom === undefined ? {not_converging: notConverging(verdict.evidence.converging)} : {}),
    q,
    p,
    rate: rate ?? null,
    rate_ci: spanOf(rateCi),
    ...(noRateCi === undefined ? {} : {no_rate_ci: noRateCi}),
    settled_step: stepOf(settledStep),
    spiral,
    spiral_period: spiralPeriod ?? null,
    period: period ?? null,
    period_ci: spanOf(periodCi),
    ...(noPeriodCi === undefined ? {} : {no_period_ci: noPeriodCi}),
    amplitude: amplitude ?? null,
    off_curve: offCurve ?? null,
    drift_speed: driftSpeed ?? null,
    noise_floor: numberOrNull(noiseFloor),
    window: [window[0] + firstStep, window[1] + firstStep],
    last_step_norm: lastStepNorm,
    still_from: stepOf(stillFrom),
    bad_from: stepOf(badFrom),
    weighed: weighed ? [...weighed] : [],
    ...(evidence ? {evidence: snakeCased(verdict.evidence) as Record<string, unknown>} : {}),
    ...(measures ? {measures} : {})
  };
}

const spanOf = (span: readonly [number, number] | undefined): [number | null, number | null] | null =>
  span ? [numberOrNull(span[0]), numberOrNull(span[1])] : null;

/** The same data with the names of the wire: `rateCi` becomes `rate_ci`. */
function snakeCased(value: unknown): unknown {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as ArrayLike<unknown>, snakeCased);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), snakeCased(field)])
  );
}

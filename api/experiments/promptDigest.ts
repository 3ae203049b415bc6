import {valuesByStep, type Curve} from "../../analysis/paths/curveBand.ts";
import type {PromptFacts} from "../../analysis/paths/summary.ts";
import {factsOf} from "./experimentFolder.ts";
import type {ExperimentOverview, PromptResult, PromptRow} from "../contract/experimentSchemas.ts";

/** What is kept in memory of a finished prompt, about a hundredth of its line: enough for the table and the overview. */
export interface PromptDigest {
  readonly row: PromptRow;
  readonly facts: PromptFacts;
  /** Of the whole sequence, by step. */
  readonly gap: Curve;
  readonly noiseFloor: number;
  /** Means over tokens, by step; empty where nothing was decoded. */
  readonly share: Curve;
  readonly kl: Curve;
  /** Tokens on which all own starts agree, by step. */
  readonly agreeing: Curve;
  /** All attractors of the sequence where there are several, else none. */
  readonly attractors: ExperimentOverview["several"][number]["attractors"];
}

export function promptDigest(result: PromptResult): PromptDigest {
  const {tokens, sequence} = result;
  const shares = tokens.map((token) => token.answer_share_by_step);
  return {
    row: rowOf(result),
    facts: factsOf(result),
    gap: sequence.gap,
    noiseFloor: sequence.noise_floor,
    share: meanCurve(shares),
    kl: meanCurve(tokens.map((token) => token.kl_by_step)),
    agreeing: byStep(shares, (values) => values.filter((value) => value === 1).length),
    attractors: sequence.attractors.length > 1 ? sequence.attractors : []
  };
}

function rowOf({index, prompt, answer, tokens, sequence, landscape}: PromptResult): PromptRow {
  const {
    verdict,
    reached,
    phases,
    period,
    aa_noise,
    aa_swap,
    final_cosine,
    rate,
    rate_ci,
    reached_step,
    basin_radius,
    basin_radius_is_bound
  } = sequence;
  const main = sequence.attractors.reduce<(typeof sequence.attractors)[number] | undefined>(
    (best, attractor) => (best && best.share >= attractor.share ? best : attractor),
    undefined
  );
  const steps = tokens.map((token) => token.answer_step);
  return {
    ...{
      index,
      prompt,
      answer,
      tokens: tokens.length,
      verdict,
      reached,
      phases,
      period,
      aa_noise,
      aa_swap,
      final_cosine,
      rate,
      rate_ci,
      reached_step,
      basin_radius,
      basin_radius_is_bound
    },
    said: main?.answer ?? null,
    said_share: main?.share ?? null,
    answer_step: steps.includes(null) ? null : Math.max(...(steps as number[])),
    mode: landscape?.mode ?? null,
    correct: landscape?.correct ?? null
  };
}

const meanCurve = (curves: readonly Curve[]): Curve =>
  byStep(curves, (values) => values.reduce((sum, value) => sum + value, 0) / values.length);

/** One number out of those that the curves have at each step; null where none has one. */
const byStep = (curves: readonly Curve[], of: (values: number[]) => number): Curve =>
  valuesByStep(curves).map((values) => (values.length > 0 ? of(values) : null));

import type {Collapse} from "../../analysis/measures/collapse.ts";
import {stepNorm} from "../../analysis/measures/stepNorm.ts";
import {classifyRun} from "../../analysis/patterns/classifyRun.ts";
import {precisionOf, type Precision} from "../../analysis/patterns/rounding.ts";
import type {Verdict} from "../../analysis/patterns/verdict.ts";
import type {States} from "../../analysis/states.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import type {PatternAnswer, Patterns} from "../contract/contract.ts";
import {numberOrNull} from "./numberOrNull.ts";
import {exitsOf, publishedMeasures, runMeasures, type HandOff} from "./publishedMeasures.ts";
import {sliceStates} from "./siteStates.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

export interface PatternOptions {
  readonly site: string;
  /** The texts of the tokens; defaults to none. */
  readonly texts?: readonly string[];
  /** The step of the first state; defaults to 0. */
  readonly firstStep?: number;
  /** Number format of the computation; defaults to the narrowest one that holds the states. */
  readonly precision?: Precision;
  /** These tokens of the run are all that the states hold, and how many trajectories it has. */
  readonly part?: {readonly tokens: readonly number[]; readonly among: number};
}

/** The answer of `orrery analyze --json`: with the published measures beside each label, which the page does not ask for. */
export function withMeasures(
  {tokens, summary}: Patterns,
  states: States,
  {firstStep = 0, handOff}: {readonly firstStep?: number; readonly handOff?: HandOff} = {}
): Patterns {
  const measures = publishedMeasures(states, {firstStep, handOff});
  return {
    tokens: tokens.map((token, i) => ({...token, measures: measures[i]})),
    summary: {...summary, exits: exitsOf(states, firstStep), measures: runMeasures(states)}
  };
}

/** Labels every trajectory of states, as `orrery analyze --json` and the page have it. */
export function patternsOf(
  states: States,
  {site, texts = [], firstStep = 0, precision = precisionOf(states.data), part}: PatternOptions
): Patterns {
  const {steps, inits, tokens, width} = states;
  const {verdicts, summary} = classifyRun(states, {precision, among: part?.among});
  const norms = stepNorm(states);
  const lastNorm = ({init, token}: Verdict) => numberOrNull(norms[((steps - 1) * inits + init) * tokens + token]);
  return {
    tokens: verdicts.map((verdict) => {
      const token = part?.tokens[verdict.token] ?? verdict.token;
      return answerOf({...verdict, token}, {text: texts[token] ?? "", firstStep, lastStepNorm: lastNorm(verdict)});
    }),
    summary: {
      site,
      steps,
      inits,
      tokens,
      width,
      counts: summary.counts,
      precision: summary.precision,
      noise_floor: numberOrNull(summary.noiseFloor),
      rounding_floor: numberOrNull(summary.roundingFloor),
      alpha: summary.alpha,
      nulls: summary.nulls,
      collapse: collapseAnswer(summary.collapse, firstStep)
    }
  };
}

const MAX_LOADED_BYTES = 4 * 2 ** 30; // q-values need every trajectory, and so all states at once

/** Labels a run of a trace, or `only` some of its tokens with an upper bound of q; throws a Refusal for one that does not fit in memory. States that are stored narrower than they are computed are judged by what was stored. */
export async function runPatterns(
  reader: TraceReader,
  site: string,
  {measures = false, only}: {readonly measures?: boolean; readonly only?: readonly number[]} = {}
): Promise<Patterns> {
  const {tokens, inits} = reader.trace;
  const {firstStep, lastStep, width} = reader.extentOf(site);
  const bytes = Math.max(0, lastStep - firstStep + 1) * inits.length * (only ?? tokens).length * width * Float32Array.BYTES_PER_ELEMENT;
  if (bytes > MAX_LOADED_BYTES)
    throw new Refusal(
      `invalid run: ${bytes} bytes of ${site}; at most ${MAX_LOADED_BYTES} are labelled at once, so export some tokens and analyze those`
    );
  const slice = await reader.readSite(site, {tokens: only});
  const states = sliceStates(slice);
  const patterns = patternsOf(states, {
    site,
    texts: tokens.map(({text}) => text),
    firstStep: slice.firstStep,
    precision: precisionOfTrace(reader.trace),
    part: only && {tokens: only, among: inits.length * tokens.length}
  });
  return measures ? withMeasures(patterns, states, {firstStep: slice.firstStep, handOff: await handOffOf(reader)}) : patterns;
}

/** What the states of a trace were rounded to when they were stored; undefined for float32, which says nothing about how they were computed. */
export const precisionOfTrace = ({storage_dtype}: Pick<Trace, "storage_dtype">): Precision | undefined =>
  (({f32: undefined, bf16: "bfloat16", f16: "float16"}) as const)[storage_dtype];

const FIRST_CODA_BLOCK = "coda.0.out";

/** From the loop to the coda; undefined where the run does not hold both sides. */
async function handOffOf(reader: TraceReader): Promise<HandOff | undefined> {
  if (!["state_normed", FIRST_CODA_BLOCK].every((site) => reader.sites.includes(site))) return undefined;
  const last = Math.min(reader.extentOf("state_normed").lastStep, reader.extentOf(FIRST_CODA_BLOCK).lastStep);
  if (last < 1) return undefined;
  const [group, next] = await Promise.all([
    reader.readSite("state_normed", {steps: [0, last]}),
    reader.readSite(FIRST_CODA_BLOCK, {steps: [last, last]})
  ]);
  return {group: sliceStates(group), next: sliceStates(next)};
}

const collapseAnswer = ({collapsed, since, correlation, most}: Collapse, firstStep: number): Patterns["summary"]["collapse"] => ({
  collapsed,
  since: since === undefined ? null : since + firstStep,
  correlation: numberOrNull(correlation),
  most
});

function answerOf(
  verdict: Verdict,
  {text, firstStep, lastStepNorm}: {text: string; firstStep: number; lastStepNorm: number | null}
): PatternAnswer {
  const {
    token,
    init,
    pattern,
    q,
    p,
    rate,
    rateCi,
    settledStep,
    spiral,
    spiralPeriod,
    period,
    periodCi,
    amplitude,
    driftSpeed,
    noiseFloor,
    window,
    evidence
  } = verdict;
  return {
    index: token,
    text,
    init,
    pattern,
    q,
    p,
    rate: rate ?? null,
    rate_ci: spanOf(rateCi),
    settled_step: settledStep === undefined ? null : settledStep + firstStep,
    spiral,
    spiral_period: spiralPeriod ?? null,
    period: period ?? null,
    period_ci: spanOf(periodCi),
    amplitude: amplitude ?? null,
    drift_speed: driftSpeed ?? null,
    noise_floor: noiseFloor,
    window: [window[0] + firstStep, window[1] + firstStep],
    last_step_norm: lastStepNorm,
    evidence: snakeCased(evidence) as Record<string, unknown>
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

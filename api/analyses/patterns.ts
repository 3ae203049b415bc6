import {setImmediate} from "node:timers/promises";
import {collapseFrom, type Collapse} from "../../analysis/measures/collapse.ts";
import {stepNorm} from "../../analysis/measures/stepNorm.ts";
import {addTokens, correlationTally} from "../../analysis/measures/tokenCorrelation.ts";
import type {Claim} from "../../analysis/patterns/claim.ts";
import {claimsIn, verdictsOf} from "../../analysis/patterns/classifyRun.ts";
import {precisionOf, type Precision} from "../../analysis/patterns/path/rounding.ts";
import {blocksOf} from "../../analysis/projections/rowSource.ts";
import type {States} from "../../analysis/states.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import type {PatternAnswer, Patterns} from "../contract/contract.ts";
import {rowsOfSite, steppedSite} from "../runs/siteRows.ts";
import {numberOrNull} from "./numberOrNull.ts";
import {answerOf, argumentAnswer, collapseAnswer} from "./patternAnswer.ts";
import {exitsOf, publishedMeasures, runMeasures, type HandOff} from "./publishedMeasures.ts";
import {evenly, sliceStates, tokenChunks, tokensAtOnce} from "./siteStates.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

interface PatternOptions {
  readonly site: string;
  /** The texts of the tokens; defaults to none. */
  readonly texts?: readonly string[];
  /** The step of the first state; defaults to 0. */
  readonly firstStep?: number;
  /** Number format of the computation; defaults to the narrowest one that holds the states. */
  readonly precision?: Precision;
  /** Whether the first state of each path is its initial state; defaults to yes. */
  readonly fromInitial?: boolean;
  /** Whether the published measures and all evidence stand beside each label; defaults to not. */
  readonly measures?: boolean;
}

/** Labels every trajectory of states in memory. */
export function patternsOf(states: States, {precision = precisionOf(states.data), measures = false, ...options}: PatternOptions): Patterns {
  const all = labelling(states, {...options, precision, evidence: measures});
  const tokens = Array.from({length: states.tokens}, (_, token) => token);
  for (const _ of all.add(states, {tokens, measures}));
  const patterns = all.patterns({});
  return measures ? withRunMeasures(patterns, states, options.firstStep ?? 0) : patterns;
}

interface RunPatternOptions {
  /** Whether the published measures and all evidence stand beside each label; defaults to not. */
  readonly measures?: boolean;
  /** Only these tokens; defaults to all. */
  readonly only?: readonly number[];
  /** Whether the argument and all evidence stand beside each label; defaults to where only some are asked for. */
  readonly argued?: boolean;
  /** Called after each trajectory: how many of how many are weighed. */
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Labels a run of a trace, or `only` some of its tokens with an upper bound of q. Tokens are read and weighed some at a time, and only their p-values are brought together: memory
 * holds a few hundred MiB, however large the run. States that are stored narrower than they are computed are judged by what was stored.
 */
export async function runPatterns(
  reader: TraceReader,
  site: string,
  {measures = false, only, argued = only !== undefined, onProgress}: RunPatternOptions = {}
): Promise<Patterns> {
  const {tokens, inits} = reader.trace;
  const {firstStep, lastStep, width} = reader.extentOf(site);
  const steps = lastStep - firstStep + 1;
  if (steps < 1) throw new Refusal(`invalid run: no step of ${site} is written yet; expected at least one`);
  const shape = {steps, inits: inits.length, tokens: (only ?? tokens).length, width};
  const texts = tokens.map(({text}) => text);
  const precision = await precisionOfRun(reader, site);
  const all = labelling(shape, {
    site,
    texts,
    firstStep,
    precision,
    fromInitial: beginsAtInitial(reader, site),
    evidence: measures || argued
  });
  const told = counter(shape, onProgress);
  for await (const {states, tokens: some} of tokenChunks(reader, site, {only}))
    await told(all.add(states, {tokens: some, measures, handOff: measures ? await handOffOf(reader, some) : undefined}));
  const patterns = all.patterns({among: only && inits.length * tokens.length, argued});
  if (!measures) return patterns;
  const some = await reader.readSite(site, {tokens: evenly(only ?? texts.map((_, i) => i), tokensAtOnce(reader, site))});
  return withRunMeasures(patterns, sliceStates(some), firstStep);
}

/** States that are read some tokens at a time. */
interface TokenSource {
  readonly shape: Omit<States, "data">;
  readonly atOnce: number;
  read(tokens: readonly number[]): Promise<States>;
}

/** Labels states that do not fit into memory at once, as `runPatterns` does a run's. */
export async function sourcePatterns(
  {shape, atOnce, read}: TokenSource,
  {measures = false, onProgress, ...options}: PatternOptions & {readonly precision: Precision} & Pick<RunPatternOptions, "onProgress">
): Promise<Patterns> {
  const all = labelling(shape, {...options, evidence: measures});
  const tokens = Array.from({length: shape.tokens}, (_, token) => token);
  const told = counter(shape, onProgress);
  for (let first = 0; first < shape.tokens; first += atOnce) {
    const some = tokens.slice(first, first + atOnce);
    await told(all.add(await read(some), {tokens: some, measures}));
  }
  const patterns = all.patterns({});
  return measures ? withRunMeasures(patterns, await read(evenly(tokens, atOnce)), options.firstStep ?? 0) : patterns;
}

/** Goes through work trajectory by trajectory and tells how far it is; signals and whoever else waits are heard between. */
function counter(
  {inits, tokens}: Pick<States, "inits" | "tokens">,
  onProgress: RunPatternOptions["onProgress"]
): (work: Iterable<unknown>) => Promise<void> {
  let done = 0;
  return async (work) => {
    for (const _ of work) {
      onProgress?.(++done, inits * tokens);
      await setImmediate();
    }
  };
}

/** Adds what is measured of all tokens together. */
const withRunMeasures = ({tokens, summary}: Patterns, states: States, firstStep: number): Patterns => ({
  tokens,
  summary: {...summary, exits: exitsOf(states, firstStep), measures: runMeasures(states)}
});

interface Labelling {
  /** Weighs some tokens' trajectories, one at each turn. */
  add(states: States, part: {readonly tokens: readonly number[]; readonly measures: boolean; readonly handOff?: HandOff}): Iterable<void>;
  /** The answer, when all have been weighed. */
  patterns(options: {readonly among?: number; readonly argued?: boolean}): Patterns;
}

/** Labels trajectories that come some tokens at a time. */
function labelling(
  shape: Omit<States, "data">,
  {
    site,
    texts = [],
    firstStep = 0,
    precision,
    fromInitial,
    evidence
  }: PatternOptions & {
    readonly precision: Precision;
    /** Whether all evidence is wanted; else only the labels. */
    readonly evidence: boolean;
  }
): Labelling {
  const claims: Claim[] = [];
  const beside = new Map<string, {readonly lastStepNorm: number | null; readonly measures?: PatternAnswer["measures"]}>();
  const tally = correlationTally(shape);
  const key = ({init, token}: Pick<Claim, "init" | "token">): string => `${init} ${token}`;
  return {
    *add(states, part) {
      addTokens(tally, states);
      const norms = lastStepNorms(states);
      const measured = part.measures ? publishedMeasures(states, {firstStep, handOff: part.handOff}) : undefined;
      let at = 0;
      for (const claim of claimsIn(states, {precision, fromInitial, evidence: evidence ? "all" : "decisive"})) {
        const placed = {...claim, token: part.tokens[claim.token]};
        claims.push(placed);
        beside.set(key(placed), {lastStepNorm: numberOrNull(norms[at]), measures: measured?.[at]});
        at += 1;
        yield;
      }
    },
    patterns({among, argued}) {
      claims.sort((a, b) => a.init - b.init || a.token - b.token);
      return patternsFrom(claims, {
        ...{shape, site, texts, firstStep, precision, among, argued, evidence},
        collapse: collapseFrom(tally, shape),
        besideOf: (claim) => beside.get(key(claim))!
      });
    }
  };
}

interface FromClaims {
  readonly shape: Omit<States, "data">;
  readonly site: string;
  readonly texts: readonly string[];
  readonly firstStep: number;
  readonly precision: Precision;
  readonly among?: number;
  /** Whether the argument stands beside each label; defaults to not. */
  readonly argued?: boolean;
  /** Whether all evidence does, which the claims then hold. */
  readonly evidence: boolean;
  readonly collapse: Collapse;
  readonly besideOf: (claim: Pick<Claim, "init" | "token">) => {
    readonly lastStepNorm: number | null;
    readonly measures?: PatternAnswer["measures"];
  };
}

/** The answer from the claims of all trajectories, in their order. */
export function patternsFrom(
  claims: readonly Claim[],
  {shape: {steps, inits, tokens, width}, site, texts, firstStep, precision, among, argued, evidence, collapse, besideOf}: FromClaims
): Patterns {
  const {verdicts, summary} = verdictsOf(claims, {among, precision, collapse});
  return {
    tokens: verdicts.map((verdict) => {
      const answer = answerOf(verdict, {text: texts[verdict.token] ?? "", firstStep, evidence, ...besideOf(verdict)});
      return argued ? {...answer, arguments: argumentAnswer(verdict, summary.alpha, firstStep)} : answer;
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
      collapse: collapseAnswer(summary.collapse, firstStep),
      not_finite: claims.filter(({badFrom}) => badFrom !== undefined).length
    }
  };
}

/** Relative step norm at the last step, in the order [init][token]. */
export function lastStepNorms(states: States): Float32Array {
  const from = Math.max(0, states.steps - 2);
  const perStep = states.inits * states.tokens * states.width;
  const last = stepNorm({...states, steps: states.steps - from, data: states.data.subarray(from * perStep)});
  return last.subarray(last.length - states.inits * states.tokens);
}

/** What the states of a trace were rounded to when they were stored; undefined for float32, which says nothing about how they were computed. */
export const precisionOfTrace = ({storage_dtype}: Pick<Trace, "storage_dtype">): Precision | undefined =>
  (({f32: undefined, bf16: "bfloat16", f16: "float16"}) as const)[storage_dtype];

/** What a run's states were rounded to, as far as the run tells. */
export const precisionOfRun = async (reader: TraceReader, site: string): Promise<Precision> =>
  precisionOfTrace(reader.trace) ?? (await precisionOfSite(reader, site));

/** Whether the first state of a site is the initial one. Of states made elsewhere that is not known: hooks see a state after the step that made it. */
export const beginsAtInitial = (reader: TraceReader, site: string): boolean =>
  !reader.trace.imported && reader.extentOf(site).firstStep === 0;

/** The narrowest format that holds every number of a site; reading ends with the first part that needs float32. */
async function precisionOfSite(reader: TraceReader, site: string): Promise<Precision> {
  const found = new Set<Precision>();
  for await (const {data} of blocksOf(rowsOfSite(await steppedSite(reader, site)))) {
    if (data.some((x) => x !== 0)) found.add(precisionOf(data)); // zeros are of every format
    if (found.size > 1 || found.has("float32")) return "float32";
  }
  return [...found][0] ?? "float32";
}

const FIRST_CODA_BLOCK = "coda.0.out";

/** From the loop to the coda, of some tokens; undefined where the run does not hold both sides. */
async function handOffOf(reader: TraceReader, tokens: readonly number[]): Promise<HandOff | undefined> {
  if (!["state_normed", FIRST_CODA_BLOCK].every((site) => reader.sites.includes(site))) return undefined;
  const last = Math.min(reader.extentOf("state_normed").lastStep, reader.extentOf(FIRST_CODA_BLOCK).lastStep);
  if (last < 1) return undefined;
  const [group, next] = await Promise.all([
    reader.readSite("state_normed", {steps: [0, last], tokens}),
    reader.readSite(FIRST_CODA_BLOCK, {steps: [last, last], tokens})
  ]);
  return {group: sliceStates(group), next: sliceStates(next)};
}

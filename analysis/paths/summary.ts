import type {Random} from "../random.ts";
import {ALIGNED_ABOVE} from "./asymptoticAlignment.ts";
import type {BasinGroup} from "./basin.ts";
import {bootstrapInterval, drawsOf, median, quantile} from "./bootstrap.ts";
import {wilsonInterval, type Interval} from "./interval.ts";
import {landscapeModes, type LandscapeMode} from "./landscape.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** What a summary needs of one token; names as in the result lines, null where a number could not be had. */
export interface TokenFacts {
  readonly verdict: string;
  readonly aa_noise: number | null;
  readonly aa_swap: number | null;
  readonly final_cosine: number | null;
  readonly rate: number | null;
  readonly reached_step: number | null;
  /** Attractors reached by the tested starts. */
  readonly reached: number;
  readonly phases: number;
  readonly period: number | null;
  readonly answer_share: number | null;
  readonly answer_step: number | null;
}

export interface PromptFacts {
  readonly tokens: readonly TokenFacts[];
  readonly sequence: {readonly verdict: string; readonly basin: readonly Pick<BasinGroup, "kind" | "scale" | "count" | "reached">[]};
  readonly landscape: {readonly mode: string} | null;
}

/** A score over tokens. Tokens of one prompt are not independent, so intervals resample prompts. */
export interface ScoreSummary {
  readonly n: number;
  readonly mean: number;
  readonly ci: Interval | null;
  readonly median: number;
  /** Share above 0.9, and its interval as if a prompt's tokens all said the same (Wilson, n = prompts). */
  readonly above: number;
  readonly above_ci: Interval;
}

export interface ShareSummary {
  readonly count: number;
  readonly n: number;
  readonly share: number;
  readonly ci: Interval;
}

export interface StepSummary {
  /** Tokens that got there, of all. */
  readonly n: number;
  readonly of: number;
  readonly median: number | null;
  readonly p90: number | null;
}

export interface PathsSummary {
  readonly prompts: number;
  readonly tokens: number;
  readonly independent_tokens: ShareSummary;
  readonly independent_prompts: ShareSummary;
  readonly unfinished_tokens: number;
  readonly aa_noise: ScoreSummary | null;
  readonly aa_swap: ScoreSummary | null;
  readonly final_cosine: ScoreSummary | null;
  /** Over tokens with a rate above the floor: the median, the quartiles, and the mean with its interval. */
  readonly rate: {
    readonly n: number;
    readonly mean: number;
    readonly ci: Interval | null;
    readonly median: number;
    readonly quartiles: Interval;
  } | null;
  readonly reached_step: StepSummary;
  readonly answer_step: StepSummary;
  readonly several_attractors: ShareSummary;
  readonly orbits: ShareSummary;
  /** Of the orbits: those on which starts were met at more than one phase. */
  readonly orbits_in_phases: number;
  readonly basin: readonly {
    readonly kind: string;
    readonly scale: number;
    readonly count: number;
    readonly reached: number;
    readonly share: number;
    readonly ci: Interval;
  }[];
  readonly landscape: Readonly<Record<LandscapeMode, number>> | null;
}

/** Sums up an experiment over its prompts. Throws a Refusal for none. */
export function pathsSummary(prompts: readonly PromptFacts[], {random}: {readonly random: Random}): PathsSummary {
  if (prompts.length === 0) throw new Refusal("invalid prompts: 0; expected at least one");
  const tokens = prompts.flatMap((prompt) => prompt.tokens);
  const score = (of: (token: TokenFacts) => number | null) => scoreOf(prompts, of, random);
  const tokenShare = (holds: (token: TokenFacts) => boolean) => clusteredShare(tokens.filter(holds).length, tokens.length, prompts.length);
  const rates = tokens.flatMap(({rate}) => rate ?? []).sort((a, b) => a - b);
  const rate = score((token) => token.rate);
  const independent = prompts.filter(({sequence}) => sequence.verdict === "independent").length;
  const orbits = tokens.filter(isOrbit);
  const known = prompts.flatMap(({landscape}) => landscape ?? []);
  return {
    prompts: prompts.length,
    tokens: tokens.length,
    independent_tokens: tokenShare(({verdict}) => verdict === "independent"),
    independent_prompts: clusteredShare(independent, prompts.length, prompts.length),
    unfinished_tokens: tokens.filter(({verdict}) => verdict === "unfinished").length,
    aa_noise: score((token) => token.aa_noise),
    aa_swap: score((token) => token.aa_swap),
    final_cosine: score((token) => token.final_cosine),
    rate: rate && {n: rate.n, mean: rate.mean, ci: rate.ci, median: rate.median, quartiles: [quantile(rates, 0.25), quantile(rates, 0.75)]},
    reached_step: stepsOf(tokens.map(({reached_step}) => reached_step)),
    answer_step: stepsOf(tokens.map(({answer_step}) => answer_step)),
    several_attractors: tokenShare(({reached}) => reached > 1),
    orbits: tokenShare(isOrbit),
    orbits_in_phases: orbits.filter(({phases}) => phases > 1).length,
    basin: basinTotals(prompts),
    landscape:
      known.length > 0
        ? (Object.fromEntries(landscapeModes.map((mode) => [mode, known.filter((found) => found.mode === mode).length])) as Record<
            LandscapeMode,
            number
          >)
        : null
  };
}

const isOrbit = ({period}: TokenFacts): boolean => period !== null && period > 1;

function scoreOf(prompts: readonly PromptFacts[], of: (token: TokenFacts) => number | null, random: Random): ScoreSummary | null {
  const groups = prompts.map((prompt) => prompt.tokens.flatMap((token) => of(token) ?? []));
  const values = groups.flat();
  if (values.length === 0) return null;
  const sums = groups.map((group) => group.reduce((sum, value) => sum + value, 0));
  const meanOf = (draws: ArrayLike<number>): number => {
    let [sum, count] = [0, 0];
    groups.forEach((group, p) => {
      sum += draws[p] * sums[p];
      count += draws[p] * group.length;
    });
    return sum / count;
  };
  const above = values.filter((value) => value > ALIGNED_ABOVE).length;
  const {share, ci} = clusteredShare(above, values.length, groups.filter((group) => group.length > 0).length);
  return {
    n: values.length,
    mean: meanOf(groups.map(() => 1)),
    ci:
      prompts.length < 2
        ? null
        : (bootstrapInterval((source) => meanOf(drawsOf(prompts.length, source)), {random, resamples: 1000}) ?? null),
    median: median(values),
    above: share,
    above_ci: ci
  };
}

/** A share of `n` things that come in `clusters`, with Wilson's interval for as many independent things as there are clusters: too wide rather than too narrow. */
function clusteredShare(count: number, n: number, clusters: number): ShareSummary {
  const share = n > 0 ? count / n : 0;
  return {count, n, share, ci: wilsonInterval(share * clusters, clusters)};
}

function stepsOf(steps: readonly (number | null)[]): StepSummary {
  const sorted = steps.flatMap((step) => step ?? []).sort((a, b) => a - b);
  const of = steps.length;
  return sorted.length === 0
    ? {n: 0, of, median: null, p90: null}
    : {n: sorted.length, of, median: quantile(sorted, 0.5), p90: quantile(sorted, 0.9)};
}

function basinTotals(prompts: readonly PromptFacts[]): PathsSummary["basin"] {
  const totals = new Map<string, {kind: string; scale: number; count: number; reached: number; prompts: number}>();
  for (const {sequence} of prompts) {
    for (const {kind, scale, count, reached} of sequence.basin) {
      const total = totals.get(`${kind} ${scale}`) ?? {kind, scale, count: 0, reached: 0, prompts: 0};
      totals.set(`${kind} ${scale}`, {...total, count: total.count + count, reached: total.reached + reached, prompts: total.prompts + 1});
    }
  }
  return [...totals.values()].map(({prompts: clusters, ...total}) => {
    const {share, ci} = clusteredShare(total.reached, total.count, clusters);
    return {...total, share, ci};
  });
}

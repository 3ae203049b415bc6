import {alignmentBins} from "../../analysis/paths/alignmentBins.ts";
import {median} from "../../analysis/paths/bootstrap.ts";
import {curveBand, valuesByStep, type CurveBand} from "../../analysis/paths/curveBand.ts";
import {pathsSummary, type PathsSummary, type TokenFacts} from "../../analysis/paths/summary.ts";
import {seededRandom} from "../../analysis/random.ts";
import type {ExperimentOverview, ExperimentSpec} from "../contract/experimentSchemas.ts";
import {errorLine} from "../../capture/errorLine.ts";
import type {PromptDigest} from "./promptDigest.ts";
import {summarySentences} from "./summarySentences.ts";

const MOST_SEVERAL = 100; // beyond it a list is no overview; the table finds them

interface OverviewOptions {
  /** The summary of the same prompts, where it was made before: its intervals are most of the work. */
  readonly summary?: PathsSummary;
  /** What is wrong with results that cannot be read, a line each; defaults to none. */
  readonly damage?: readonly string[];
}

/** What the finished prompts of an experiment say together. Throws a Refusal for none. */
export function experimentOverview(
  spec: ExperimentSpec,
  digests: readonly PromptDigest[],
  {
    summary = pathsSummary(
      digests.map(({facts}) => facts),
      {random: seededRandom(spec.seed)}
    ),
    damage = []
  }: OverviewOptions = {}
): ExperimentOverview {
  const several = digests.filter(({attractors}) => attractors.length > 0);
  const alignments = (of: (token: TokenFacts) => number | null) => [
    ...alignmentBins(digests.flatMap(({facts}) => facts.tokens.flatMap((token) => of(token) ?? [])))
  ];
  return {
    finished: digests.length,
    sentences: [...summarySentences(spec, summary), ...damageSentence(damage)],
    summary,
    gap: bandOf(curveBand(digests.map(({gap}) => gap))),
    noise_floor: median(digests.map(({noiseFloor}) => noiseFloor)),
    agreement: bandOf(curveBand(digests.map(({share}) => share))),
    all_agree: allAgree(digests),
    kl: bandOf(curveBand(digests.map(({kl}) => kl))),
    alignment: {noise: alignments((token) => token.aa_noise), swap: alignments((token) => token.aa_swap)},
    several: several.slice(0, MOST_SEVERAL).map(({row: {index, prompt}, attractors}) => ({index, prompt, attractors})),
    several_count: several.length
  };
}

/** What is to be said of results that cannot be read; nothing of none. */
export const damageSentence = (damage: readonly string[]): string[] =>
  damage.length === 0
    ? []
    : [
        `${damage.length} of the results cannot be read and ${damage.length === 1 ? "is" : "are"} left out (${errorLine(damage[0])}); going on with the experiment computes them again.`
      ];

/** The share of all tokens on which all own starts agree, by step; a token weighs the same whatever its prompt. */
function allAgree(digests: readonly PromptDigest[]): number[] {
  const decoded = digests.filter(({agreeing}) => agreeing.length > 0);
  const tokens = decoded.reduce((sum, {row}) => sum + row.tokens, 0);
  return valuesByStep(decoded.map(({agreeing}) => agreeing)).map((counts) => counts.reduce((sum, count) => sum + count, 0) / tokens);
}

const bandOf = ({low, median: middle, high}: CurveBand): ExperimentOverview["gap"] => ({
  low: numbers(low),
  median: numbers(middle),
  high: numbers(high)
});

const numbers = (values: Float64Array): (number | null)[] =>
  Array.from(values, (value) => (Number.isNaN(value) ? null : Number(value.toPrecision(4))));

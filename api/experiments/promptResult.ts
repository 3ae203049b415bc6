import type {Interval} from "../../analysis/paths/interval.ts";
import {wilsonInterval} from "../../analysis/paths/interval.ts";
import type {PromptPaths, PromptRuns, UnitPaths} from "../../analysis/paths/promptPaths.ts";
import {isOwn, startsWhere, type Start} from "../../analysis/paths/start.ts";
import type {Token} from "../../capture/model/tokenizer.ts";
import type {ExperimentPrompt, PromptResult} from "../contract/experimentSchemas.ts";

interface PromptResultParts {
  readonly index: number;
  readonly prompt: ExperimentPrompt;
  readonly seed: number;
  readonly tokens: readonly Token[];
  readonly runs: PromptRuns;
  /** The text of token ids. */
  readonly textOf: (ids: readonly number[]) => string;
}

/** The analysis of a prompt as a line of the results: plain JSON, numbers rounded to six digits (curves to four), null for what could not be had. */
export function promptResultOf(
  {tokens: paths, sequence, landscape}: PromptPaths,
  {index, prompt, seed, tokens, runs, textOf}: PromptResultParts
): PromptResult {
  const decodes = runs.finalTop.length > 0;
  const topAt = (start: number, token: number): number => runs.finalTop[start * tokens.length + token];
  const expected = runs.expected;
  const answerPlaces = expected?.map(({token}) => token) ?? [tokens.length - 1];
  const sequenceAnswer = (start: number) => textOf(answerPlaces.map((token) => topAt(start, token)));
  const isCorrect = (start: number) => expected!.every(({token, id}) => topAt(start, token) === id);
  return {
    index,
    prompt: prompt.prompt,
    answer: prompt.answer ?? null,
    seed,
    tokens: paths.map(({agreement, ...unit}, token) => ({
      index: token,
      id: tokens[token].id,
      text: tokens[token].text,
      ...unitResult(unit, runs.starts, {answerOf: decodes ? (start) => textOf([topAt(start, token)]) : undefined}),
      answer: agreement ? {id: agreement.answer, text: textOf([agreement.answer])} : null,
      answer_share: agreement ? rounded(agreement.share.at(-1)) : null,
      answer_step: agreement?.answerStep ?? null,
      kl: agreement ? rounded(agreement.divergence.at(-1)) : null,
      kl_step: agreement?.divergenceStep ?? null,
      answer_share_by_step: curveOf(agreement?.share),
      kl_by_step: curveOf(agreement?.divergence)
    })),
    sequence: {
      ...unitResult(sequence, runs.starts, {
        answerOf: decodes ? sequenceAnswer : undefined,
        isCorrect: decodes && expected ? isCorrect : undefined
      }),
      basin: sequence.basin.groups.map(({kind, scale, count, reached, elsewhere, interval}) => ({
        kind,
        scale,
        count,
        reached,
        elsewhere,
        share: rounded(reached / count)!,
        share_ci: rounds(interval)!
      }))
    },
    landscape: landscape ?? null
  };
}

interface Decoded {
  /** What a start decodes to at the last step. */
  readonly answerOf?: (start: number) => string;
  readonly isCorrect?: (start: number) => boolean;
}

function unitResult(unit: UnitPaths, starts: readonly Start[], {answerOf, isCorrect}: Decoded): Omit<PromptResult["sequence"], "basin"> {
  const {contraction, finalCosine, aaNoise, aaSwap, attractors, basin, gap} = unit;
  const own = startsWhere(starts, isOwn).length;
  return {
    verdict: unit.verdict,
    independent: unit.verdict === "independent",
    reached: unit.reached,
    phases: unit.phases,
    period: rounded(attractors.attractors[unit.main]?.period),
    aa_noise: rounded(aaNoise?.mean),
    aa_noise_ci: rounds(aaNoise?.interval),
    aa_noise_above: rounded(aaNoise?.above),
    aa_swap: rounded(aaSwap?.mean),
    aa_swap_ci: rounds(aaSwap?.interval),
    aa_swap_above: rounded(aaSwap?.above),
    final_cosine: rounded(finalCosine?.mean),
    final_cosine_ci: rounds(finalCosine?.interval),
    final_cosine_least: rounded(finalCosine?.least),
    rate: rounded(contraction?.rate),
    rate_ci: rounds(contraction?.interval),
    rate_window: contraction ? [...contraction.window] : null,
    rate_pairs: contraction?.pairs ?? 0,
    noise_floor: rounded(contraction?.floor ?? unit.floor)!,
    reached_step: unit.reachedStep ?? null,
    gap: curveOf(gap.mean),
    gap_largest: curveOf(gap.largest),
    attractors: attractors.attractors.map(({members, period}, i) => {
      const ownMembers = members.filter((start) => isOwn(starts[start])).length;
      return {
        share: rounded(ownMembers / own)!,
        share_ci: rounds(wilsonInterval(ownMembers, own))!,
        period: rounded(period),
        starts: countsOf(members.map((start) => nameOf(starts[start]))),
        phases: unit.phasesOf(i),
        answer: answerOf ? mostOf(members.map(answerOf)) : null,
        correct: isCorrect ? members.every(isCorrect) : null
      };
    }),
    underway: attractors.underway.length,
    basin_radius: basin.radius ?? null,
    basin_radius_is_bound: basin.radiusIsBound
  };
}

/** `normal 1`, `swap`: the scale where a kind has one. */
const nameOf = ({kind, scale}: Start): string => (kind === "normal" || kind === "constant" ? `${kind} ${scale}` : kind);

function countsOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** The most frequent text, among equals the first in order. */
function mostOf(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0][0];
}

function rounded(value: number | undefined, digits = 6): number | null {
  return value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(digits));
}

const rounds = (interval: Interval | undefined): [number, number] | null =>
  interval ? [rounded(interval[0])!, rounded(interval[1])!] : null;

const curveOf = (values: ArrayLike<number> | undefined): (number | null)[] => Array.from(values ?? [], (value) => rounded(value, 4));

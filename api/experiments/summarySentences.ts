import type {PathsSummary, ScoreSummary, ShareSummary, StepSummary} from "../../analysis/paths/summary.ts";
import {SAME_ANSWER_NATS} from "../../analysis/paths/agreement.ts";
import {counted} from "../../capture/trace/counted.ts";
import type {ExperimentSpec} from "../contract/experimentSchemas.ts";

/** An experiment's summary in sentences that its numbers justify, each with its interval (95 %) where it is an estimate. */
export function summarySentences(spec: ExperimentSpec, summary: PathsSummary): string[] {
  const {prompts, tokens, independent_tokens, independent_prompts, several_attractors, orbits, orbits_in_phases, landscape, rate} = summary;
  return [
    `${spec.model.name}: ${counted(prompts, "prompt")}, ${counted(tokens, "token")}, ${counted(spec.inits, "random start")}, ${counted(spec.steps, "step")}, seed ${spec.seed}.`,
    `One attractor from every tested start for ${shareText(independent_tokens)} of the tokens, and for whole sequences in ${shareText(independent_prompts)} of the prompts.`,
    ...(summary.unfinished_tokens > 0
      ? [
          `${counted(summary.unfinished_tokens, "token")} ${summary.unfinished_tokens === 1 ? "was" : "were"} still closing in on one place when the run ended.`
        ]
      : []),
    ...scoreText("AA(noise)", summary.aa_noise),
    ...scoreText("AA(swap)", summary.aa_swap),
    ...scoreText("Final cosine between starts", summary.final_cosine),
    ...(rate
      ? [
          `Each step multiplies the gap between starts by ${digits(rate.mean)}${intervalText(rate.ci)}, the mean over ${counted(rate.n, "token")}, measured above the noise floor; quartiles ${digits(rate.quartiles[0])} to ${digits(rate.quartiles[1])}.`
        ]
      : []),
    stepText("All starts are within the tolerance of one another", summary.reached_step),
    stepText("All starts decode to the same next token", summary.answer_step),
    `Several attractors: ${shareText(several_attractors)} of the tokens. Orbits: ${shareText(orbits)}${orbits.count > 0 ? `, ${orbits_in_phases} of them met at several phases of one cycle` : ""}.`,
    `Basin, share of starts that end in the main attractor: ${summary.basin.map(({kind, scale, share}) => `${kind}${kind === "normal" || kind === "constant" ? ` × ${scale}` : ""} ${percent(share)}`).join(", ")}.`,
    ...(landscape
      ? [
          `Landscape where the answer is known: ${Object.entries(landscape)
            .map(([mode, count]) => `${mode.replaceAll("_", " ")} ${count}`)
            .join(", ")}.`
        ]
      : []),
    `Two places are one within a relative distance of ${spec.tolerance} (or three noise floors); answers are one below ${SAME_ANSWER_NATS} nats.`
  ];
}

const digits = (value: number): string => value.toFixed(4);
const percent = (share: number): string => `${(100 * share).toFixed(share > 0.999 && share < 1 ? 2 : 1)} %`;
const intervalText = (ci: readonly [number, number] | null): string => (ci ? ` (${digits(ci[0])} to ${digits(ci[1])})` : "");
const shareText = ({share, ci, count, n}: ShareSummary): string =>
  `${percent(share)} (${count} of ${n}; ${percent(ci[0])} to ${percent(ci[1])})`;

const scoreText = (name: string, score: ScoreSummary | null): string[] =>
  score
    ? [
        `${name}: mean ${digits(score.mean)}${intervalText(score.ci)}, median ${digits(score.median)}, above 0.9 for ${percent(score.above)} of ${score.n} tokens (${percent(score.above_ci[0])} to ${percent(score.above_ci[1])}).`
      ]
    : [];

const stepText = (claim: string, {n, of, median, p90}: StepSummary): string =>
  median === null
    ? `${claim} for none of ${of} tokens.`
    : `${claim} from step ${Math.ceil(median)} on (median; 90 % by step ${Math.ceil(p90 ?? median)}) for ${n} of ${of} tokens.`;

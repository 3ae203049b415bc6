import {UNNAMED} from "../exchange/importBare.ts";
import {samePlaceWithin} from "../../analysis/paths/samePlace.ts";
import {tokenText} from "../../capture/trace/tokenText.ts";
import {countText, cosineText, numberText, shareText} from "./figureText.ts";
import {labelSentences} from "./labelSentences.ts";
import type {TokenResult} from "../contract/experimentSchemas.ts";
import type {ReportSummary, ReportVerdict, RunReport} from "../contract/reportData.ts";

/** What the sentences are made of. */
export interface Findings {
  readonly summary: Omit<ReportSummary, "sentences">;
  readonly verdicts: readonly ReportVerdict[];
  readonly paths: RunReport["paths"];
  readonly tokens: readonly {readonly text: string}[];
  /** Log-probability of the last position's answer at the last step, for each init; undefined without a readout. */
  readonly lastLogprobs: readonly number[] | undefined;
}

/** The summary in words: a sentence each, none that a number of the report does not carry. */
export function sentencesOf(findings: Findings): string[] {
  return [whatRan, labelSentences, independence, answer, picture].flatMap((sentence) => sentence(findings) ?? []);
}

function whatRan({summary: {model, tokens, steps, steps_written, inits, status, stopped}}: Findings): string {
  const how =
    status === "complete"
      ? countText(steps, "recurrent step")
      : `${steps_written} of ${countText(steps, "recurrent step")} (stopped${stopped ? `: ${stopped}` : ""})`;
  const who = model.name === UNNAMED && model.hash === null ? "A model that is not named" : model.name;
  return `${who} ran ${how} over ${countText(tokens, "token")} from ${countText(inits, "initial state")}: ${countText(tokens * inits, "trajectory", "trajectories")}.`;
}

function independence({summary, paths}: Findings): string[] {
  if (!paths || !summary.independence) return [];
  const {independent, dependent, unfinished} = summary.independence;
  const {inits, tokens} = summary;
  const lines = [
    independent === tokens
      ? `All ${inits} initial states end in one attractor for every token${reachedText(paths.tokens)}.`
      : `The ${inits} initial states end in one attractor for ${independent} of ${countText(tokens, "token")}${dependent > 0 ? `, in different ones for ${dependent}` : ""}${unfinished > 0 ? `${dependent > 0 ? " and" : ","} are still closing in on one another for ${unfinished}` : ""}.`
  ];
  const cosines = paths.tokens.flatMap(({final_cosine_least}) => final_cosine_least ?? []);
  if (cosines.length > 0)
    lines.push(
      `The least cosine between two final states of one token is ${Math.min(...cosines) === 1 ? "1 to six digits" : cosineText(Math.min(...cosines))}.`
    );
  lines.push(
    `With ${inits} starts, an attractor that fewer than ${shareText(missableShare(inits))} of starts lead to is missed more often than one time in twenty.`
  );
  return lines;
}

/** Share of starts that an attractor may take and still be missed by all n with probability 5 %: (1 − s)ⁿ = 0.05. */
export const missableShare = (starts: number): number => 1 - 0.05 ** (1 / starts);

function reachedText(units: readonly TokenResult[]): string {
  const steps = units.flatMap(({reached_step}) => reached_step ?? []);
  const within = Math.max(...units.map(({noise_floor}) => samePlaceWithin({floor: noise_floor})));
  return steps.length === units.length ? `, and are within ${shareText(within)} of one another from step ${Math.max(...steps)} on` : "";
}

function answer({paths, tokens, lastLogprobs, summary}: Findings): string | undefined {
  const last = paths?.tokens.at(-1);
  if (!last?.answer || !lastLogprobs) return undefined;
  const mean = lastLogprobs.reduce((sum, x) => sum + Math.exp(x), 0) / lastLogprobs.length;
  const agreed =
    last.answer_step === null
      ? `the ${summary.inits} initial states do not agree on it at the last step`
      : `all ${summary.inits} initial states give it from step ${last.answer_step} on`;
  return `After the last token, “${tokenText(tokens.at(-1)?.text ?? "")}”, the likeliest next token is “${tokenText(last.answer.text)}” (mean probability ${numberText(mean)} at the last step); ${agreed}.`;
}

function picture({summary: {explained}}: Findings): string | undefined {
  if (explained.length < 2) return undefined;
  const [first, second] = explained;
  const six = explained.reduce((sum, share) => sum + share, 0);
  return `The plane of PC1 and PC2 shows ${shareText(first + second)} of the variance of all states, the six components used here ${shareText(six)}; the labels come from the full dimension, not from these pictures.`;
}

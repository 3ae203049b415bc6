import type {PromptResult, TokenResult} from "../../contract/experimentSchemas.ts";
import {tokenText} from "../../../capture/trace/tokenText.ts";
import {cosineText, intervalText, numberText, shareText} from "../figureText.ts";
import {html, type HtmlPart} from "../html.ts";
import {dataTable} from "./dataTable.ts";
import {tokenHead} from "./tokenHead.ts";

type Unit = Omit<TokenResult, "index" | "id" | "text"> | PromptResult["sequence"];

interface Column {
  readonly title: string;
  readonly of: (unit: Unit) => string;
  /** Whether the column says anything of this prompt; a column without numbers is left out. */
  readonly isKnown: (unit: Unit) => boolean;
}

const columns: readonly Column[] = [
  {title: "starts end in", of: attractorsText, isKnown: () => true},
  {title: "together from step", of: ({reached_step}) => numberText(reached_step), isKnown: () => true},
  {title: "gap kept a step", of: ({rate, rate_ci}) => `${numberText(rate)} ${intervalText(rate_ci)}`, isKnown: ({rate}) => rate !== null},
  {
    title: "least final cosine",
    of: ({final_cosine_least}) => cosineText(final_cosine_least ?? undefined),
    isKnown: ({final_cosine_least}) => final_cosine_least !== null
  },
  {
    title: "AA(noise)",
    of: ({aa_noise, aa_noise_ci}) => `${cosineText(aa_noise ?? undefined)} ${intervalText(aa_noise_ci)}`,
    isKnown: ({aa_noise}) => aa_noise !== null
  },
  {
    title: "AA(swap)",
    of: ({aa_swap, aa_swap_ci}) => `${cosineText(aa_swap ?? undefined)} ${intervalText(aa_swap_ci)}`,
    isKnown: ({aa_swap}) => aa_swap !== null
  },
  {title: "noise floor", of: ({noise_floor}) => numberText(noise_floor), isKnown: () => true},
  {
    title: "KL at the end, nats",
    of: (unit) => ("kl" in unit ? numberText(unit.kl) : "–"),
    isKnown: (unit) => "kl" in unit && unit.kl !== null
  },
  {title: "answer", of: (unit) => answerText(unit), isKnown: (unit) => "answer" in unit && unit.answer !== null}
];

interface PathsTableOptions {
  /** Whether its rows choose tokens in a live report; defaults to true. */
  readonly marksTokens?: boolean;
}

/** Path independence token by token, and of the whole sequence. */
export function pathsTable({tokens, sequence}: PromptResult, {marksTokens = true}: PathsTableOptions = {}): HtmlPart {
  const shown = columns.filter(({isKnown}) => [...tokens, sequence].some(isKnown));
  const row = (head: HtmlPart, unit: Unit, token?: number) =>
    html`<tr${token === undefined || !marksTokens ? undefined : html` data-token="${token}"`}><th scope="row">${head}</th><td>${unit.verdict}</td>${shown.map(({of}) => html`<td>${of(unit)}</td>`)}</tr>`;
  const rows = [...tokens.map((unit) => row(tokenHead(unit.text, unit.index), unit, unit.index)), row("whole sequence", sequence)];
  return dataTable("Path independence by token", ["token", "path", ...shown.map(({title}) => title)], rows);
}

/** `one place`, `one cycle of period 2 at 2 phases`, `2 attractors (75 %, 25 %)`. */
export function attractorsText({attractors, period, phases, underway, reached}: Unit): string {
  const on = underway > 0 ? `, ${underway} on the way` : "";
  if (reached > 1)
    return `${reached} attractors (${attractors
      .filter(({starts}) => Object.keys(starts).some(isTestedName))
      .map(({share}) => shareText(share))
      .join(", ")})${on}`;
  if (attractors.length === 0) return `none yet${on}`;
  if (period === 1) return `one place${on}`;
  return period === null
    ? `one motion that was not seen to come back${on}`
    : `one cycle of period ${numberText(period)}${phases > 1 ? ` at ${phases} phases` : ""}${on}`;
}

/** Whether a claim of path independence is about the starts of this name. */
const isTestedName = (name: string): boolean => name === "normal 1" || name === "noise" || name === "swap";

function answerText(unit: Unit): string {
  if (!("answer" in unit) || !unit.answer) return "–";
  const from = unit.answer_step === null ? `${shareText(unit.answer_share ?? 0)} of starts` : `from step ${unit.answer_step}`;
  return `“${tokenText(unit.answer.text)}”, ${from}`;
}

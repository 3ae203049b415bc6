import {tokenText} from "../../../capture/trace/tokenText.ts";
import {cosineText, intervalText, numberText, shareText} from "../figureText.ts";
import {html, type HtmlPart} from "../html.ts";
import type {ExperimentReport} from "../../contract/reportData.ts";
import {dataTable} from "./dataTable.ts";
import type {FigureMaker} from "./figure.ts";
import {attractorsText, pathsTable} from "./pathsTable.ts";

const MOST_TOKEN_ROWS = 2000; // beyond it the tables of single tokens are left to the data inside

/** The body of an experiment's report: gaps, basin, places, prompts. */
export const experimentSections = (report: ExperimentReport, figure: FigureMaker): HtmlPart => [
  gapsSection(report, figure),
  basinSection(report),
  placesSection(report),
  promptsSection(report)
];

const gapsSection = ({spec}: ExperimentReport, figure: FigureMaker): HtmlPart => html`<section id="gaps">
<h2>Gaps</h2>
${figure("gaps", "Gap between the model’s own starts", `Whole sequences, one line for each prompt: geometric mean over pairs of ${spec.inits} starts, relative to the norm of the states. Below the grey line two states cannot be told apart.`)}
</section>`;

function basinSection({basin}: ExperimentReport): HtmlPart {
  if (basin.length === 0) return undefined;
  return html`<section id="basin">
<h2>Basin</h2>
<p>Starts that end in the attractor that most of the model’s own starts reach, whole sequences. Scales are in multiples of the model’s own initial spread; the interval (95 %) counts a prompt’s starts as one.</p>
${dataTable(
  "Basin",
  ["starts", "scale", "reached", "share", "95 %"],
  basin.map(
    ({kind, scale, count, reached, share, ci}) =>
      html`<tr><th scope="row">${kind}</th><td>${numberText(scale)}</td><td>${reached} of ${count}</td><td>${shareText(share)}</td><td>${shareText(ci[0])} to ${shareText(ci[1])}</td></tr>`
  )
)}
</section>`;
}

const MOST_PLACES = 100; // prompts; the others are in the data inside

/** Prompts whose starts end in more than one place, each place with its share and answer. */
function placesSection({results}: ExperimentReport): HtmlPart {
  const several = results.filter(({sequence}) => sequence.attractors.length > 1);
  const rows = several.slice(0, MOST_PLACES).flatMap(({prompt, sequence}) =>
    sequence.attractors.map(
      ({share, share_ci, period, answer, correct, starts}, i) =>
        html`<tr><th scope="row" class="words">${i === 0 ? html`<span class="word">${prompt.trim()}</span>` : ""}</th><td>${i + 1}</td><td>${shareText(share)}</td><td>${shareText(share_ci[0])} to ${shareText(share_ci[1])}</td><td>${period === null ? "moves" : period === 1 ? "rests" : `cycle of period ${numberText(period)}`}</td><td>${answer === null ? "–" : `“${tokenText(answer)}”${correct === null ? "" : correct ? ", right" : ", wrong"}`}</td><td class="words">${Object.entries(
          starts
        )
          .map(([name, count]) => `${count} ${name}`)
          .join(", ")}</td></tr>`
    )
  );
  return html`<section id="places">
<h2>Several places</h2>
${several.length === 0 ? html`<p>From every start tried, each prompt ended in one place, or was still under way.</p>` : [html`<p>${several.length} of ${results.length} prompts have starts of some kind that end elsewhere. Shares are of the model’s own starts.</p>`, dataTable("Places that starts end in", ["prompt", "place", "own starts", "95 %", "kind", "says", "starts"], rows)]}
</section>`;
}

function promptsSection({results}: ExperimentReport): HtmlPart {
  const isKnown = results.some(({landscape}) => landscape !== null);
  const tokens = results.reduce((sum, result) => sum + result.tokens.length, 0);
  return html`<section id="prompts">
<h2>Prompts</h2>
${dataTable(
  "Prompts",
  [
    "prompt",
    "path",
    "own starts end in",
    "together from step",
    "gap kept a step",
    "AA(noise)",
    "AA(swap)",
    ...(isKnown ? ["landscape"] : [])
  ],
  results.map(
    ({prompt, sequence, landscape}, index) =>
      html`<tr data-token="${index}"><th scope="row" class="words"><span class="word">${prompt.trim()}</span></th><td>${sequence.verdict}</td><td>${attractorsText(sequence)}</td><td>${numberText(sequence.reached_step)}</td><td>${numberText(sequence.rate)} ${intervalText(sequence.rate_ci)}</td><td>${cosineText(sequence.aa_noise ?? undefined)}</td><td>${cosineText(sequence.aa_swap ?? undefined)}</td>${isKnown ? html`<td class="words">${landscape ? `${landscape.mode.replaceAll("_", " ")}, ${landscape.correct} of ${landscape.own} right` : "–"}</td>` : undefined}</tr>`
  )
)}
${tokens <= MOST_TOKEN_ROWS ? results.map((result) => html`<details><summary>Token by token: <span class="word">${result.prompt.trim()}</span></summary>${pathsTable(result, {marksTokens: false})}</details>`) : html`<p class="note">The ${tokens} tokens’ own numbers are in the data inside this report.</p>`}
</section>`;
}

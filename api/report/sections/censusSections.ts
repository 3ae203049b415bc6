import {CLAIMS, PATTERNS, type Pattern} from "../../../analysis/patterns/labels.ts";
import type {CensusReport} from "../../contract/reportData.ts";
import {tokenText} from "../../../capture/trace/tokenText.ts";
import {countText, numberText, qText, shareText} from "../figureText.ts";
import {html, type HtmlPart} from "../html.ts";
import {dataTable} from "./dataTable.ts";
import type {FigureMaker} from "./figure.ts";

/** The body of a census's report: counts, what carries a label, the published classes, where it settles, what was kept. */
export const censusSections = (report: CensusReport, figure: FigureMaker): HtmlPart => [
  countsSection(report, figure),
  associationsSection(report),
  publishedSection(report),
  histogramsSection(report, figure),
  keptSection(report)
];

const countsSection = ({census: {labels, rows}}: CensusReport, figure: FigureMaker): HtmlPart => html`<section id="counts">
<h2>Labels</h2>
${figure("labels", "Shares of the labels", "Of all trajectories, with 95 % intervals that take the tokens of one prompt for dependent.")}
${dataTable(
  "Labels",
  ["label", "trajectories", "share", "95 %"],
  PATTERNS.map((label) => {
    const {count, share, low, high} = labels[label];
    return html`<tr><th scope="row">${label}</th><td>${count} of ${rows}</td><td>${shareText(share ?? 0)}</td><td>${shareText(low)} to ${shareText(high)}</td></tr>`;
  })
)}
</section>`;

const MOST_SHOWN = 60; // associations of a label; all are in the data inside

function associationsSection({census: {associations}}: CensusReport): HtmlPart {
  const labels = PATTERNS.filter((label) => associations.some((one) => one.label === label));
  if (labels.length === 0)
    return html`<section id="associations"><h2>Which tokens carry which label</h2><p>All trajectories carry the same label: there is nothing to compare.</p></section>`;
  const first = labels.find((label) => label === "orbit" || label === "slider") ?? labels[0];
  return html`<section id="associations">
<h2>Which tokens carry which label</h2>
<p>The odds of the label within the group over those of all other trajectories. The interval takes prompts as clusters; q is over all ${countText(associations.length, "comparison")} of this census.</p>
${labels.map((label) => groupsOf(label, associations, label === first))}
</section>`;
}

type Association = CensusReport["census"]["associations"][number];

/** The groups of one label, the surest first. */
function groupsOf(label: Pattern, associations: readonly Association[], isOpen: boolean): HtmlPart {
  const rows = associations.filter((one) => one.label === label).sort((a, b) => a.q - b.q || b.table[0][0] - a.table[0][0]);
  const sure = rows.filter(({q}) => q <= 0.05).length;
  const words = (CLAIMS as readonly string[]).includes(label) ? label : `${label}, which claims nothing`;
  return html`<details${isOpen ? html` open` : undefined}><summary>${words}: ${countText(sure, "group")} at q ≤ 0.05, of ${rows.length}</summary>
${dataTable(`Groups and ${label}`, ["by", "group", "with the label", "odds ratio", "95 %", "q"], rows.slice(0, MOST_SHOWN).map(associationRow))}
${rows.length > MOST_SHOWN ? html`<p class="note">The surest ${MOST_SHOWN} of ${rows.length}; all of them are in the data inside this report.</p>` : undefined}</details>`;
}

function associationRow({by, group, table: [[a, b]], odds_ratio, interval, q}: Association): HtmlPart {
  const name = by === "text" ? html`<span class="word">${tokenText(group)}</span>` : group;
  const odds = odds_ratio === null ? (a === 0 ? "0" : "∞") : numberText(odds_ratio);
  return html`<tr><td>${by}</td><th scope="row">${name}</th><td>${a} of ${a + b}, ${shareText(a / (a + b))}</td><td>${odds}</td><td>${interval ? `${numberText(interval[0])} to ${numberText(interval[1])}` : "–"}</td><td>${qText(q)}</td></tr>`;
}

const publishedSection = ({census: {published}}: CensusReport): HtmlPart => html`<section id="published">
<h2>The published classifier beside the labels</h2>
${dataTable(
  "Published classes and labels",
  ["published class", ...PATTERNS],
  Object.entries(published).map(
    ([kind, counts]) => html`<tr><th scope="row">${kind}</th>${PATTERNS.map((label) => html`<td>${counts[label]}</td>`)}</tr>`
  )
)}
</section>`;

const histogramsSection = (_report: CensusReport, figure: FigureMaker): HtmlPart => html`<section id="numbers">
<h2>Settling, periods, rates</h2>
${figure("settling", "Where settling takes longest", "Median step at which converging tokens settle, by tenths of the prompt; a bar is its part of the largest.")}
${figure("periods", "Periods of the orbits", "Steps a turn, as parts of all orbits.")}
${figure("rates", "Rates of the converging", "What a step leaves of the distance to the end, as parts of all that have a rate.")}
</section>`;

const MOST_KEPT = 200;

function keptSection({census: {kept}, manifest}: CensusReport): HtmlPart {
  if (kept.length === 0) return html`<section id="kept"><h2>Kept traces</h2><p>None.</p></section>`;
  return html`<section id="kept">
<h2>Kept traces</h2>
<p>${manifest.from === "traces" ? "Prompts by their number among the traces" : "In the folder traces/ of the census, each to be opened, analysed and reported like any other run"}.</p>
${dataTable(
  "Kept traces",
  ["prompt", "why"],
  kept.slice(0, MOST_KEPT).map(({prompt, why}) => html`<tr><th scope="row">${prompt}</th><td>${why}</td></tr>`)
)}
</section>`;
}

import {CLAIMS} from "../../../analysis/patterns/labels.ts";
import {nounOf} from "../../../capture/trace/counted.ts";
import {intervalText, numberText, qText} from "../figureText.ts";
import {html, type HtmlPart} from "../html.ts";
import type {ReportVerdict, RunReport} from "../../contract/reportData.ts";
import {dataTable} from "./dataTable.ts";
import {tokenHead} from "./tokenHead.ts";

/** The labels with their evidence: a line for each token where its initial states agree, and the full table below. */
export function verdictsSection(report: RunReport): HtmlPart {
  const {tokens, verdicts, summary} = report;
  if (!summary.patterns) return undefined;
  const groups = tokens.flatMap((_, token) => groupsOf(verdicts.filter((verdict) => verdict.token === token)));
  return html`<section id="labels">
<h2>Labels</h2>
<p>Each trajectory is tested in full dimension; q is corrected over all ${verdicts.length} trajectories of the run. A label needs q ≤ ${numberText(summary.patterns.alpha)}; unsettled claims nothing.${summary.inits > 1 ? " A line sums up the initial states of a token that share a label." : ""}</p>
${dataTable(
  "Labels by token",
  [
    "token",
    ...(summary.inits > 1 ? ["inits"] : []),
    "label",
    "largest q",
    "what it does",
    "from step",
    "noise floor",
    ...(isWitnessed(report) ? ["the model’s own step"] : [])
  ],
  groups.map((group) => groupRow(group, report))
)}
${summary.inits > 1 ? everyTrajectory(report) : undefined}
</section>`;
}

const isWitnessed = ({verdicts}: RunReport): boolean => verdicts.some(({witness}) => witness !== undefined);

function groupsOf(verdicts: readonly ReportVerdict[]): ReportVerdict[][] {
  const groups = new Map<string, ReportVerdict[]>();
  for (const verdict of verdicts) {
    const key = `${verdict.pattern} ${verdict.bad_from !== null} ${verdict.still_from !== null}`;
    groups.set(key, [...(groups.get(key) ?? []), verdict]);
  }
  return [...groups.values()];
}

function groupRow(group: readonly ReportVerdict[], report: RunReport): HtmlPart {
  const {
    tokens,
    summary: {inits, generated_from: madeFrom}
  } = report;
  const [{token, pattern}] = group;
  return html`<tr data-token="${token}"><th scope="row">${tokenHead(tokens[token].text, token, madeFrom)}</th>${inits > 1 ? html`<td>${group.length === inits ? `all ${inits}` : group.map(({init}) => init + 1).join(", ")}</td>` : undefined}<td><span class="label ${pattern}">${pattern}</span></td><td>${qText(Math.max(...group.map(({q}) => q)))}</td><td class="words">${behaviourOf(group)}</td><td>${spanOf(group, ({settled_step}) => settled_step)}</td><td>${spanOf(group, ({noise_floor}) => noise_floor)}</td>${isWitnessed(report) ? html`<td class="words">${witnessText(group, inits)}</td>` : undefined}</tr>`;
}

/** What the spectrum says of a label, which it was computed for at one initial state. */
function witnessText(group: readonly ReportVerdict[], inits: number): string {
  const told = group.filter(({witness}) => witness !== undefined);
  return told.map(({init, witness}) => `${witness!.opinion}${inits > 1 ? ` (init ${init + 1})` : ""}: ${witness!.why}`).join("; ") || "–";
}

/** What the trajectory does, up to where it stands still or is not finite, and which coordinates were scaled down to see it. */
function behaviourOf(group: readonly ReportVerdict[]): string {
  const [first] = group;
  if (first.bad_from !== null) return `NaN or Infinity from step ${spanOf(group, ({bad_from}) => bad_from)} on: no label`;
  const still = first.still_from === null ? "" : `; still, bit for bit, from step ${spanOf(group, ({still_from}) => still_from)}`;
  return `${motionOf(group)}${still}${weighedText(group)}`;
}

function weighedText(group: readonly ReportVerdict[]): string {
  const weighed = [...new Set(group.flatMap((verdict) => verdict.weighed))].sort((a, b) => a - b);
  return weighed.length === 0 ? "" : `; ${nounOf(weighed.length, "coordinate")} ${weighed.join(", ")} weighed down by noise`;
}

/** The numbers that belong to the label; why it has none, for `unsettled`. */
function motionOf(group: readonly ReportVerdict[]): string {
  const [first] = group;
  const ci = (interval: readonly [number | null, number | null] | null): string =>
    group.length === 1 && interval ? ` ${intervalText(interval)}` : "";
  switch (first.pattern) {
    case "converging": {
      const rates = group.some(({rate}) => rate !== null)
        ? `keeps ${spanOf(group, ({rate}) => rate)}${ci(first.rate_ci)} a step`
        : "at rest";
      const spirals = group.filter(({spiral}) => spiral);
      return spirals.length > 0 ? `${rates}, spiralling with period ${spanOf(spirals, ({spiral_period}) => spiral_period)}` : rates;
    }
    case "orbit":
      return `period ${spanOf(group, ({period}) => period)}${ci(first.period_ci)}, radius ${spanOf(group, ({amplitude}) => amplitude)} of the norm, off its curve by ${spanOf(group, ({off_curve}) => off_curve)} of it`;
    case "slider":
      return `${spanOf(group, ({drift_speed}) => drift_speed)} radians a step`;
    case "unsettled":
      return CLAIMS.map((label) => `not ${label}: ${first.against[label][0] ?? `q ${qText(first.q)}`}`).join("; ");
  }
}

function spanOf(group: readonly ReportVerdict[], of: (verdict: ReportVerdict) => number | null): string {
  const values = group.flatMap((verdict) => of(verdict) ?? []).sort((a, b) => a - b);
  if (values.length === 0) return "–";
  const [low, high] = [numberText(values[0]), numberText(values.at(-1))];
  return low === high ? low : `${low} to ${high}`;
}

function everyTrajectory({verdicts, tokens}: RunReport): HtmlPart {
  return html`<details><summary>Every trajectory by itself (${verdicts.length})</summary>
${dataTable(
  "Labels by trajectory",
  ["token", "init", "label", "q", "p", "rate", "period", "radius", "from step", "window", "noise floor"],
  verdicts.map(
    ({token, init, pattern, q, p, rate, rate_ci, period, period_ci, amplitude, settled_step, window, noise_floor}) =>
      html`<tr data-token="${token}"><th scope="row">${tokenHead(tokens[token].text, token)}</th><td>${init + 1}</td><td><span class="label ${pattern}">${pattern}</span></td><td>${qText(q)}</td><td>${qText(p)}</td><td>${numberText(rate)} ${intervalText(rate_ci)}</td><td>${numberText(period)} ${intervalText(period_ci)}</td><td>${numberText(amplitude)}</td><td>${numberText(settled_step)}</td><td>${window.join("–")}</td><td>${numberText(noise_floor)}</td></tr>`
  )
)}
</details>`;
}

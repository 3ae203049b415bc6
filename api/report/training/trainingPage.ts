import {dataTable} from "../sections/dataTable.ts";
import {countText} from "../figureText.ts";
import {Html, html, scriptJson} from "../html.ts";
import type {TrainingReport, TrainingRun} from "./collectTraining.ts";
import {figure, trainingCurves} from "./trainingCurves.ts";

/** After Okabe and Ito: told apart without red and green. */
const COLOURS = ["#1b2027", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
const colourOf = (i: number): string => COLOURS[i % COLOURS.length];

const STYLE = `:root{color-scheme:light}body{margin:0;font:15px/1.5 system-ui,sans-serif;color:#1b2027;background:#fff}
main{max-width:880px;margin:0 auto;padding:32px 20px}h1{margin:0}h2{margin-top:32px}.quiet{color:#5a6370}
.curves{display:flex;flex-wrap:wrap;gap:16px}.curves svg{width:410px;max-width:100%}
svg path{fill:none;stroke-width:1.6}svg .grid{stroke:#dde1e6}svg text{font:11px system-ui,sans-serif;fill:#5a6370}svg .title{font-size:13px;fill:#1b2027}
svg .end{text-anchor:end}svg .middle{text-anchor:middle}.table{overflow-x:auto}table{border-collapse:collapse}
th,td{text-align:left;padding:4px 14px 4px 0;border-bottom:1px solid #dde1e6;vertical-align:top}.key{display:inline-block;width:14px;height:3px;margin-right:8px;vertical-align:middle}`;

const TRAINING_DATA_ID = "training-report";

/** A training run, or several beside their control, as one HTML document without a script. The same logs give the same bytes. */
export function trainingPage(report: TrainingReport): string {
  const {title, runs, control} = report;
  const curveNames = ["loss", ...runs[0].curves.map(({name}) => name)];
  const named = (run: TrainingRun, name: string) => [run.loss, ...run.curves].find((curve) => curve.name === name);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="orrery">
<title>${title} · Orrery training report</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
<p class="quiet">Orrery report of ${control === null ? "a training run" : `${runs.length} training runs`}</p>
<h1>${title}</h1>
<h2>What happened</h2>
${runs.map((run) => html`<p>${sentenceOf(run, control)}</p>`)}
<h2>Runs</h2>
${dataTable(
  "Runs",
  ["run", "what is different", "updates", "loss at the end", "right at the fewest steps", "at the most", "fails from", "first warning"],
  runs.map((run, i) => rowOf(run, i))
)}
<h2>Curves by update</h2>
<div class="curves">
${curveNames.map((name) =>
  trainingCurves(
    name,
    runs.flatMap((run, i) => {
      const curve = named(run, name);
      return curve ? [{...curve, colour: colourOf(i), label: run.name}] : [];
    })
  )
)}
</div>
<h2>How it is judged</h2>
<p>Loss and gradient norm are means over five updates, or over all of a run of fewer. A curve leaves its control's where it lies, from an update on, to the end and over three points at least, further from the control's median around that update than four times the control's own scatter there (and four hundredths of the whole range of the control's curve). A run fails where its loss does so and ends higher. All runs share the seed, and so the rows and depths of every update.</p>
</main>
<script type="application/json" id="${TRAINING_DATA_ID}">${new Html(scriptJson(report))}</script>
</body>
</html>
`.markup;
}

/** What is found of a run, in one sentence. */
export function sentenceOf({name, variant, updates, recipe, loss, diagnosis}: TrainingRun, control: string | null): string {
  const end = loss.points.at(-1);
  const ended = `ends at loss ${end ? figure(end.value) : "unknown"} after ${countText(updates, "update")}`;
  const stopped = updates < recipe.updates ? ` of the ${recipe.updates} it was to have` : "";
  if (name === control) return `${name} is the control: it ${ended}${stopped}.`;
  const what = variant === "" ? name : `${name} (${variant})`;
  if (diagnosis === null) return `${what} ${ended}${stopped}.`;
  if (diagnosis.failed === undefined) return `${what} does as well as the control: it ${ended}${stopped}.`;
  const [first] = diagnosis.warnings.filter(({lead}) => lead > 0);
  const warned = first
    ? `the ${first.curve} says so first, at update ${first.from}: ${first.lead} updates before the loss`
    : "none of the other curves says so before the loss does";
  return `${what} fails: its loss leaves the control's at update ${diagnosis.failed} and ${ended}${stopped}; ${warned}.`;
}

function rowOf({name, variant, updates, loss, curves, diagnosis}: TrainingRun, i: number): Html {
  const last = (curve: TrainingRun["loss"] | undefined) => (curve?.points.length ? figure(curve.points.at(-1)!.value) : "–");
  const [shallow, deep] = curves.filter((curve) => curve.name.startsWith("accuracy"));
  const first = diagnosis?.warnings[0];
  const cells = [
    html`<span class="key" style="background:${colourOf(i)}"></span>${name}`,
    variant || "nothing",
    updates,
    last(loss),
    last(shallow),
    last(deep),
    diagnosis?.failed ?? "–",
    first ? `${first.curve}, update ${first.from}` : "–"
  ];
  return html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
}

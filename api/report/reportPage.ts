import {createHash} from "node:crypto";
import {writtenSteps} from "../../capture/trace/writtenSteps.ts";
import {html, Html, scriptJson, type HtmlPart} from "./html.ts";
import {countText} from "./figureText.ts";
import {REPORT_DATA_ID, type ReportData} from "../contract/reportData.ts";
import type {ReportScript} from "./reportScript.ts";
import {experimentSections} from "./sections/experimentSections.ts";
import {censusSections} from "./sections/censusSections.ts";
import {figureNumbers, type FigureMaker} from "./sections/figure.ts";
import {methodsSection, provenanceSection, summarySection} from "./sections/sharedSections.ts";
import {runSections} from "./sections/runSections.ts";
import {runScript} from "./runScript.ts";

/** The whole report as one HTML document that needs nothing else. The same data give the same bytes. */
export function reportPage(report: ReportData, {code, css}: ReportScript): string {
  const {stills, styleSheet} = runScript(code, report);
  const {summary} = report;
  const figure = figureNumbers(stills);
  const start = `${code}\norreryReport.start();`;
  const partial = partialLine(report);
  return html`<!doctype html>${partial && raw("<!-- partial report -->")}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(start)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="orrery">
<title>${partial ? "Partial: " : ""}${summary.title.trim() || "untitled"} · Orrery report</title>
<style>${raw(styleSheet)}${raw(css)}</style>
</head>
<body>
<main>
${partial && html`<p class="partial" role="note">${partial}</p>`}
<header>
<p class="kind">Orrery report of ${REPORTED[report.kind]}</p>
<h1>${summary.title.trim() || "untitled"}</h1>
<p class="facts">${factsOf(report)}</p>
</header>
${summarySection(report)}
${sectionsOf(report, figure)}
${provenanceSection(report)}
${methodsSection(report)}
<footer><p>The numbers of this report are inside it as JSON, in the element <code>#${REPORT_DATA_ID}</code>; <code>orrery import</code> reads it.</p></footer>
</main>
<script type="application/json" id="${REPORT_DATA_ID}">${raw(scriptJson(report))}</script>
<script>${raw(start)}</script>
</body>
</html>
`.markup;
}

/** What each kind of report is of. */
const REPORTED: Readonly<Record<ReportData["kind"], string>> = {
  run: "a run",
  experiment: "a path-independence experiment",
  census: "a census"
};

function sectionsOf(report: ReportData, figure: FigureMaker): HtmlPart {
  if (report.kind === "run") return runSections(report, figure);
  return report.kind === "census" ? censusSections(report, figure) : experimentSections(report, figure);
}

/** What is true of a report whose run ended early: it stands first, before anything that it weakens. */
export function partialLine({summary}: ReportData): string | undefined {
  const {kind, status, stopped, steps, prompts} = summary;
  if (status === "complete") return undefined;
  const how = stopped ? ` (${stopped})` : "";
  return kind === "run"
    ? `Partial run: stopped at step ${writtenSteps(summary)} of ${steps}${how}. What follows is about the steps that exist.`
    : `Partial experiment${how}. What follows is about the ${prompts} finished.`;
}

function factsOf({summary: {model, tokens, steps, inits, created, kind, prompts}}: ReportData): HtmlPart {
  const facts = [
    model.name,
    ...(kind === "run" ? [] : [countText(prompts, "prompt")]),
    ...(kind === "experiment" ? [] : [countText(tokens, "token")]),
    countText(steps, "step"),
    countText(inits, "initial state"),
    created.slice(0, 10)
  ];
  return facts.map((fact, i) => html`${i > 0 ? " · " : ""}${fact}`);
}

const raw = (markup: string): Html => new Html(markup);

/** Nothing but what is inside: no address of any kind, and of scripts only the one whose hash this is. */
const policy = (script: string): string =>
  [
    "default-src 'none'",
    `script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`,
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'"
  ].join("; ");

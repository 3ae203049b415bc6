import {html, type HtmlPart} from "../html.ts";
import type {ExperimentReport} from "../reportData.ts";
import {pathsTable} from "./pathsTable.ts";

/** The body of an experiment's report, prompt by prompt. */
export const experimentSections = ({results}: ExperimentReport): HtmlPart => html`<section id="prompts">
<h2>Prompts</h2>
${results.map((result) => html`<details><summary>${result.prompt}</summary>${pathsTable(result)}</details>`)}
</section>`;

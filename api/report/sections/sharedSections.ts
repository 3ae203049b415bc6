import {html, type HtmlPart} from "../html.ts";
import type {MethodNote, ReportData} from "../../contract/reportData.ts";

/** What was found, in sentences. */
export const summarySection = ({summary: {sentences}}: ReportData): HtmlPart => html`<section id="summary">
<h2>Summary</h2>
<ul class="sentences">${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>
</section>`;

/** What ran, and how to run it again. */
export const provenanceSection = ({provenance, command}: ReportData): HtmlPart => html`<section id="provenance">
<h2>Provenance</h2>
<dl class="provenance">${provenance.map(({name, value}) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<p>To repeat:</p>
<pre><code>${command}</code></pre>
</section>`;

/** How every number was made. */
export const methodsSection = ({methods}: ReportData): HtmlPart => html`<section id="methods">
<h2>Methods</h2>
<dl class="methods">${methods.map(noteOf)}</dl>
</section>`;

const noteOf = ({title, formula, text, parts}: MethodNote): HtmlPart => html`<div><dt>${title}</dt><dd>
${formula === null ? undefined : html`<p class="formula">${formula}</p>`}<p>${text}</p>
${parts.length === 0 ? undefined : html`<dl class="method-parts">${parts.map(partOf)}</dl>`}</dd></div>`;

const partOf = ({title, points}: MethodNote["parts"][number]): HtmlPart => html`<div><dt>${title}</dt><dd>
${points.length === 1 ? html`<p>${points[0]}</p>` : html`<ul>${points.map((point) => html`<li>${point}</li>`)}</ul>`}</dd></div>`;

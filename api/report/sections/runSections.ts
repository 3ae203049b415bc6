import {PATTERNS} from "../../../analysis/patterns/labels.ts";
import {beyondSpan} from "../../../capture/trace/trainedSteps.ts";
import {viewWords} from "../../contract/viewWords.ts";
import {tokenText} from "../../../capture/trace/tokenText.ts";
import {countText, numberText, shareText} from "../figureText.ts";
import {html, type HtmlPart} from "../html.ts";
import type {RunReport} from "../../contract/reportData.ts";
import {dataTable} from "./dataTable.ts";
import type {FigureMaker} from "./figure.ts";
import {lensSection} from "./lensSection.ts";
import {pathsTable} from "./pathsTable.ts";
import {twoRates} from "./twoRates.ts";
import {tokenHead} from "./tokenHead.ts";
import {verdictsSection} from "./verdictsSection.ts";

/** The body of a run's report, from the text to the readouts. */
export const runSections = (report: RunReport, figure: FigureMaker): HtmlPart => [
  notesSection(report),
  tokensSection(report),
  trajectoriesSection(report, figure),
  convergenceSection(report, figure),
  verdictsSection(report),
  independenceSection(report, figure),
  spectrumSection(report, figure),
  lensSection(report)
];

/** What a person wrote, where anything is. */
function notesSection({notes, tokens}: RunReport): HtmlPart {
  if (notes.length === 0) return undefined;
  return html`<section id="notes">
<h2>Notes</h2>
<dl>${notes.map((note) => html`<dt>${placeOf(note, tokens)}${note.view === undefined ? undefined : html` <code>${note.view}</code>`}</dt><dd class="written">${note.text}</dd>`)}</dl>
</section>`;
}

function placeOf({token, view}: RunReport["notes"][number], tokens: RunReport["tokens"]): string {
  if (view !== undefined) return `A view: ${viewWords(view)}`;
  return token === null ? "The run" : `“${tokenText(tokens[token]?.text ?? "")}”, token ${token}`;
}

function tokensSection({tokens, verdicts, summary: {inits}}: RunReport): HtmlPart {
  const labelsOf = (token: number): string[] => [
    ...new Set(verdicts.filter((verdict) => verdict.token === token).map(({pattern}) => pattern))
  ];
  return html`<section id="tokens">
<h2>Tokens</h2>
<p class="strip">${tokens.map(({text}, token) => {
    const labels = labelsOf(token);
    const label = labels.length === 1 ? labels[0] : "mixed";
    return html`<span class="token ${label}" data-token="${token}" title="token ${token}: ${labels.join(", ")}">${tokenText(text)}</span>`;
  })}</p>
<p class="legend">${PATTERNS.map((pattern) => html`<span class="key ${pattern}">${pattern}</span> `)}${inits > 1 ? html`<span class="key mixed">different for different initial states</span>` : undefined}</p>
</section>
<div id="controls" class="live" role="group" aria-label="What all figures show"></div>`;
}

function trajectoriesSection(
  {summary: {explained, inits, tokens, steps_written, trained_steps}}: RunReport,
  figure: FigureMaker
): HtmlPart {
  const basis = `The basis was fitted on all ${countText(tokens * inits * (steps_written + 1), "state")} of the run`;
  const beyond = beyondSpan(trained_steps, steps_written);
  const marked = beyond ? ` A diamond marks the last trained step${beyond}, paler and thinner.` : undefined;
  const shares = explained
    .slice(0, 6)
    .map((share, k) => `PC${k + 1} ${shareText(share)}`)
    .join(", ");
  return html`<section id="trajectories">
<h2>Trajectories</h2>
${figure("portrait", "The strongest pattern in its own plane", html`Left the plane that the label’s motion lies in, fitted on the window of the label and on this token alone, with the way there faded; every initial state in the same plane. Then the motion unrolled over the steps with what was fitted, and the distance of every step to every other in full dimension, near ones dark. Lengths are shares of the norm of the last state.<span class="live"> A chosen token is shown where the report holds its numbers: the orbits first, then the sliders, then the slowest to converge.</span>`)}
${figure("plane", "Trajectories in two principal components", html`${basis} (${shares}). Straight lines from step to step; colour by log(1 + step), from dark to bright; the initial state is hollow, the last state filled. Units are the same on both axes. What lies along other directions is not seen here.${marked}`)}
${figure("waterfall", "Waterfall: two components, token by token", html`PC1 and PC2 in the ground plane, tokens stacked from the first (top) to the last, in parallel projection; colour by log(1 + step). Drawn after Geiping et al. 2025; the state here is before ln_f.<span class="live"> Drag, or use the arrow keys, to turn it.</span>`)}
${figure("rotations", "Rotations: six components of single tokens", html`Each trajectory about its own mean over the steps, in the basis of the first figure of components; the widest orbit, the fastest slider and the slowest to converge, where there are such<span class="live">, or the chosen tokens</span>. A loop in one of these planes is no evidence for an orbit: noise and transients wind as well.`)}
</section>`;
}

function convergenceSection({summary: {patterns, steps, steps_written, trained_steps}}: RunReport, figure: FigureMaker): HtmlPart {
  const beyond = beyondSpan(trained_steps, steps_written);
  const hatched = beyond ? ` Hatched${beyond.replace(/^; /, ": ")}.` : "";
  return html`<section id="convergence">
<h2>Convergence</h2>
${figure("heat", "Distance to the last state", html`‖hₜ − h_last‖ / ‖h_last‖ for every token and step, initial state 1<span class="live"> or the one chosen above</span>, on a log scale. The last state is that of step ${steps_written}${steps_written < steps ? `, where the run stopped` : ""}, so the last column is 0 by construction and not drawn; a path that still moves there looks closer to its end than it is.${hatched}`)}
${figure("curves", "Step norm, distance and cosine by step", html`All trajectories in the colours of their labels<span class="live">, or those of the chosen tokens</span>.${patterns?.noise_floor != null ? ` Below the grey line, at the median noise floor of ${numberText(patterns.noise_floor)}, differences are rounding or residual motion and not convergence.` : ""}${hatched}`)}
</section>`;
}

function independenceSection(report: RunReport, figure: FigureMaker): HtmlPart {
  const {
    paths,
    no_paths,
    summary: {inits}
  } = report;
  const rates = twoRates(report);
  return html`<section id="independence">
<h2>Path independence</h2>
${paths ? html`<p>Over the run’s own ${inits} initial states. Whether other starts lead elsewhere, and how far their readouts diverge, which takes all logits while a run keeps the likeliest tokens, are questions for <code>orrery paths</code>.</p>` : html`<p class="note">${no_paths}</p>`}
${figure("gaps", "Gap between initial states", "Geometric mean over pairs, relative to the norm of the states, one line for each token; below the grey line two states cannot be told apart.")}
${rates === undefined ? undefined : html`<p>${rates}</p>`}
${paths && pathsTable(paths)}
</section>`;
}

function spectrumSection({spectrum, tokens}: RunReport, figure: FigureMaker): HtmlPart {
  if (!spectrum) return undefined;
  return html`<section id="spectrum">
<h2>Spectrum</h2>
${figure("spectrum", "Eigenvalues of the core step’s Jacobian", html`Leading eigenvalues at step ${spectrum.step}: of each token’s own block, with the other tokens held (dots)${spectrum.sequence ? ", and of the whole sequence (squares)" : ""}. Inside the unit circle a small displacement decays; a pair near it turns; a value near +1 drifts.`)}
${dataTable(
  "Leading eigenvalues by token",
  ["token", "init", "leading eigenvalues", "largest modulus"],
  spectrum.tokens.map(
    ({token, init, eigenvalues}) =>
      html`<tr data-token="${token}"><th scope="row">${tokenHead(tokens[token]?.text ?? "", token)}</th><td>${init + 1}</td><td>${eigenvalues
        .slice(0, 4)
        .map(([re, im]) => `${numberText(re)}${im === 0 ? "" : ` ${im < 0 ? "−" : "+"} ${numberText(Math.abs(im))}i`}`)
        .join(", ")}</td><td>${eigenvalues.length > 0 ? numberText(Math.hypot(...eigenvalues[0])) : "–"}</td></tr>`
  )
)}
</section>`;
}

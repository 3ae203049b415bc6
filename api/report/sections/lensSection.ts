import {MEASURES, REPORTED_LENS_MEASURES} from "../../../analysis/measures/measures.ts";
import {beyondNote, beyondSpan, isBeyond} from "../../../capture/trace/trainedSteps.ts";
import {numberedToken} from "../../../capture/trace/numberedToken.ts";
import {tokenText} from "../../../capture/trace/tokenText.ts";
import {numberText} from "../figureText.ts";
import {html, type HtmlPart} from "../html.ts";
import {unpackNumbers} from "../packing.ts";
import type {RunReport} from "../../contract/reportData.ts";

/** What the model would say at each step: printed for the last token and the first initial state, alive for any. */
export function lensSection({lens, numbers, words, tokens, summary: {inits, steps_written, trained_steps}}: RunReport): HtmlPart {
  const {top_ids, top_logprobs} = numbers;
  if (!lens || !top_ids || !top_logprobs)
    return html`<section id="readout"><h2>Readout</h2><p class="note">The run was captured without a readout.</p></section>`;
  const [steps, , count, top] = top_ids.shape;
  const [ids, logprobs] = [unpackNumbers(top_ids), unpackNumbers(top_logprobs)];
  const told = REPORTED_LENS_MEASURES.map((key) => numbers[key] && unpackNumbers(numbers[key]));
  const token = count - 1;
  const row = (step: number) => {
    const state = step * inits * count + token;
    const cells = Array.from({length: top}, (_, k) => {
      const [id, probability] = [ids[state * top + k], Math.exp(logprobs[state * top + k])];
      return html`<td style="--share:${(100 * probability).toFixed(1)}%"><span class="word">${tokenText(words[id] ?? numberedToken(id))}</span> ${probability.toFixed(3)}</td>`;
    });
    const own = told.map((values) => html`<td>${numberText(values?.[state])}</td>`);
    return html`<tr${isBeyond(trained_steps, step) ? html` class="beyond" title="step ${step}${beyondNote(trained_steps, step)}"` : undefined}><th scope="row">${step}</th>${cells}${own}</tr>`;
  };
  return html`<section id="readout">
<h2>Readout</h2>
<p>The likeliest next tokens by step, through the ${lens} lens, with their probabilities; ${REPORTED_LENS_MEASURES.map((key) => MEASURES[key].title.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())).join("; ")}${beyondSpan(trained_steps, steps_written)}.</p>
<div id="lens"><div class="still"><p class="note">After the last token, <b class="word">${tokenText(tokens[token].text)}</b> (token ${token}), initial state 1.</p>
<table class="lens"><thead><tr><th scope="col">step</th>${Array.from({length: top}, (_, k) => html`<th scope="col">top ${k + 1}</th>`)}${REPORTED_LENS_MEASURES.map((key) => html`<th scope="col">${MEASURES[key].name}</th>`)}</tr></thead>
<tbody>${printedSteps(steps - 1).map(row)}</tbody></table></div></div>
</section>`;
}

/** Steps that tell the story in one screen: every one at first, then in growing strides, and the last. */
function printedSteps(last: number): number[] {
  const steps: number[] = [];
  for (let step = 0; step < last; step += Math.max(1, Math.floor(step / 4))) steps.push(step);
  return [...steps, last];
}

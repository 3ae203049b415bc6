import {html, Html, type HtmlPart} from "../html.ts";
import type {Still} from "../runScript.ts";

/** Puts a figure with its caption; figures are numbered in the order in which they are put. */
export type FigureMaker = (id: string, title: string, caption: HtmlPart) => HtmlPart;

/** A maker over the stills; it gives nothing for a figure that was not drawn. */
export function figureNumbers(stills: Readonly<Record<string, Still>>): FigureMaker {
  let number = 0;
  return (id, title, caption) => {
    const still = stills[id];
    if (!still) return undefined;
    number += 1;
    return html`<figure id="fig-${id}">
<div class="plot">${"both" in still ? html`<div class="still">${new Html(still.both)}</div>` : html`<div class="still in-light">${new Html(still.light)}</div><div class="still in-dark">${new Html(still.dark)}</div>`}</div>
<figcaption><b>Figure ${number}. ${title}.</b> ${caption}</figcaption>
</figure>`;
  };
}

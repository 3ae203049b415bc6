import {tokenText} from "../../../capture/trace/tokenText.ts";
import {html, type Html} from "../html.ts";

/** A token at the head of a table's row: its place, its text, and whether the model made it (`madeFrom` is the first that it made). */
export const tokenHead = (text: string, index: number, madeFrom = Infinity): Html =>
  html`<span class="index">${index}</span> <span class="word">${tokenText(text)}</span>${index >= madeFrom ? html` <span class="made">new</span>` : undefined}`;

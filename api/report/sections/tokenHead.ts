import {tokenText} from "../figureText.ts";
import {html, type Html} from "../html.ts";

/** A token at the head of a table's row: its place in the prompt, and its text. */
export const tokenHead = (text: string, index: number): Html =>
  html`<span class="index">${index}</span> <span class="word">${tokenText(text)}</span>`;

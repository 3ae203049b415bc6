import {visible} from "./visible.ts";

/** A text of a model, in a page or a report, with what cannot be seen made visible: line ends, tabs, spaces at its ends, controls and marks. */
export function tokenText(text: string): string {
  if (text === "") return "∅";
  const shown = text
    .replaceAll("\n", "⏎")
    .replaceAll("\r", "␍")
    .replaceAll("\t", "⇥")
    .replace(/^ +| +$/g, (spaces) => "␣".repeat(spaces.length));
  return visible(shown);
}

import {valueAt} from "../plot/field.ts";
import {formatNumber, formatProbability, tokenLabel} from "../plot/format.ts";
import {topWordsAt} from "../runData.ts";
import type {Spot} from "../view.ts";
import {element} from "./element.ts";
import type {RunFigures} from "./runFigures.ts";

const CARD = {width: 230, height: 190};
const AWAY = 16; // pixels from the pointer

/** A small card beside the pointer: what lies under it. Gives the function that shows or hides it. */
export function hoverCard({fields, readout, names, inits, verdictOf}: RunFigures): (spot: Spot | undefined, at: readonly [number, number]) => void {
  const card = element("div", {class: "hover-card", "aria-hidden": "true", hidden: ""});
  document.body.append(card);
  return (spot, [x, y]) => {
    card.hidden = spot === undefined;
    if (!spot) return;
    const {token, step, init} = spot;
    const words = readout && step < readout.steps ? topWordsAt(readout, spot) : [];
    const numbers = (["distance", "step_norm"] as const).map((key) => `${key === "distance" ? "distance" : "step norm"} ${formatNumber(valueAt(fields[key], step, init, token))}`);
    card.replaceChildren(
      element("p", {}, element("b", {class: "word"}, names[token]), ` token ${token} · step ${step}${inits > 1 ? ` · init ${init + 1}` : ""}`),
      element("ol", {}, ...words.map(({text, logProbability}) => element("li", {}, element("span", {class: "word"}, tokenLabel(text)), ` ${formatProbability(logProbability)}`))),
      element("p", {class: "note"}, numbers.join(", ")),
      element("p", {class: `label ${verdictOf(init, token)?.pattern ?? ""}`}, verdictOf(init, token)?.pattern ?? "")
    );
    const left = x + AWAY + CARD.width > innerWidth ? x - AWAY - CARD.width : x + AWAY;
    card.style.left = `${Math.max(4, left)}px`;
    card.style.top = `${Math.max(4, Math.min(y + AWAY, innerHeight - CARD.height))}px`;
  };
}

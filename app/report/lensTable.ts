import {beyondNote, isBeyond, MEASURES, REPORTED_LENS_MEASURES} from "../../api/contract/choices.ts";
import {valueAt} from "../plot/field.ts";
import {formatNumber, formatProbability, tokenLabel} from "../plot/format.ts";
import {topWordsAt} from "../plot/readout.ts";
import {element} from "./element.ts";
import type {ReportStore} from "./reportView.ts";
import type {RunFigures} from "./runFigures.ts";

/** The readout of one token at every step, in the place of the printed table; gives the function that brings it up to date. */
export function lensTable({readout, fields, names, trained}: RunFigures, store: ReportStore, stepTo: (step: number) => void): () => void {
  const place = document.getElementById("lens");
  if (!readout || !place) return () => {};
  const body = element("tbody");
  const title = element("p", {class: "note"});
  const head = element(
    "tr",
    {},
    ...["step", ...Array.from({length: readout.top}, (_, k) => `top ${k + 1}`)].map((text) => element("th", {scope: "col"}, text)),
    ...REPORTED_LENS_MEASURES.map((key) => element("th", {scope: "col", title: MEASURES[key].title}, MEASURES[key].name))
  );
  const frame = element(
    "div",
    {class: "live lens-scroll", tabindex: "0", role: "region", "aria-label": "Readout by step"},
    element("table", {}, element("thead", {}, head), body)
  );
  place.append(element("div", {class: "live"}, title), frame);
  let shown = "";
  return () => {
    const {chosen, init = 0, step} = store.getState();
    const token = chosen.at(-1) ?? names.length - 1;
    const key = `${token} ${init}`;
    if (key !== shown) {
      shown = key;
      title.replaceChildren(
        "After ",
        element("b", {class: "word"}, names[token]),
        ` (token ${token}), initial state ${init + 1}; choose a token to see its own.`
      );
      body.replaceChildren(...Array.from({length: readout.steps}, (_, row) => rowOf(row, token, init)));
    }
    for (const row of body.rows) row.classList.toggle("now", row.rowIndex - 1 === step);
    const now = body.rows[Math.min(step, body.rows.length - 1)];
    if (now.offsetTop < frame.scrollTop + now.offsetHeight || now.offsetTop > frame.scrollTop + frame.clientHeight - 2 * now.offsetHeight)
      frame.scrollTop = now.offsetTop - frame.clientHeight / 2;
  };

  function rowOf(step: number, token: number, init: number): HTMLTableRowElement {
    const words = topWordsAt(readout!, {step, init, token});
    const number = (name: string): string => (fields[name] ? formatNumber(valueAt(fields[name], step, init, token)) : "–");
    const row = element(
      "tr",
      isBeyond(trained, step) ? {class: "beyond", title: `step ${step}${beyondNote(trained, step)}`} : {},
      element("th", {scope: "row"}, String(step)),
      ...words.map(({text, logProbability}) => {
        const cell = element("td", {}, element("span", {class: "word"}, tokenLabel(text)), ` ${formatProbability(logProbability)}`);
        cell.style.setProperty("--share", `${100 * Math.exp(logProbability)}%`);
        return cell;
      }),
      ...REPORTED_LENS_MEASURES.map((key) => element("td", {}, number(key)))
    );
    row.addEventListener("click", () => stepTo(step));
    return row;
  }
}

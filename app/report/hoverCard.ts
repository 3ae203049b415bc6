import {beyondNote, MEASURES, POINTED_MEASURES} from "../../api/contract/choices.ts";
import {valueAt} from "../plot/field.ts";
import {formatNumber, formatProbability, tokenLabel} from "../plot/format.ts";
import {topWordsAt} from "../plot/readout.ts";
import {element} from "./element.ts";
import {floatingCard} from "./floatingCard.ts";
import type {RunFigures} from "./runFigures.ts";

/** The card of a state: token, step, init, what it would say, how far from the end, its label. */
export const hoverCard = ({fields, readout, names, inits, verdictOf, trained}: RunFigures): ReturnType<typeof floatingCard> =>
  floatingCard((spot) => {
    const {token, step, init} = spot;
    const words = readout && step < readout.steps ? topWordsAt(readout, spot) : [];
    const number = (key: string): string => formatNumber(valueAt(fields[key], step, init, token));
    const label = verdictOf(init, token)?.pattern;
    return [
      element(
        "p",
        {},
        element("b", {class: "word"}, names[token]),
        ` token ${token} · step ${step}${beyondNote(trained, step)}${inits > 1 ? ` · init ${init + 1}` : ""}`
      ),
      element(
        "ol",
        {},
        ...words.map(({text, logProbability}) =>
          element("li", {}, element("span", {class: "word"}, tokenLabel(text)), ` ${formatProbability(logProbability)}`)
        )
      ),
      element("p", {class: "note"}, POINTED_MEASURES.map((key) => `${MEASURES[key].name} ${number(key)}`).join(", ")),
      ...(label ? [element("p", {class: `label ${label}`}, label)] : [])
    ];
  });

import {READOUT_MEASURES} from "../../../api/contract/choices.ts";
import {valueAt} from "../../plot/field.ts";
import {topWordsAt} from "../../plot/readout.ts";
import {tableCsv, type Cell} from "../../plot/csv.ts";
import type {LensReading} from "./useLens.ts";

/** The readouts of one trajectory as a table: a line for each step and lens, the likeliest token first. */
export function lensCsv(readings: readonly LensReading[], {init, token, text}: {init: number; token: number; text: string}): string {
  const top = Math.max(...readings.map(({readout}) => readout.top));
  const ranks = Array.from({length: top}, (_, k) => [`top${k + 1}`, `top${k + 1}_id`, `top${k + 1}_p`]).flat();
  const lines = readings.flatMap(({lens, readout, fields}) =>
    Array.from({length: readout.steps}, (_, step): Cell[] => {
      const words = topWordsAt(readout, {step, init, token}).flatMap(({text: word, id, logProbability}) => [
        word,
        id,
        Math.exp(logProbability)
      ]);
      return [
        step,
        init,
        token,
        text,
        lens,
        ...READOUT_MEASURES.map((name) => (fields[name] ? valueAt(fields[name], step, init, token) : null)),
        ...words
      ];
    })
  );
  return tableCsv(["step", "init", "token", "text", "lens", ...READOUT_MEASURES, ...ranks], lines);
}

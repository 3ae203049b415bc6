import {beyondColumn, READOUT_MEASURES, type Trained} from "../../../api/contract/choices.ts";
import {valueAt} from "../../plot/field.ts";
import {topWordsAt} from "../../plot/readout.ts";
import {tableCsv, type Cell} from "../../plot/csv.ts";
import type {LensReading} from "./useLens.ts";

/** The trajectory whose readouts are written, and how many steps its model was trained with. */
interface LensCsvOptions {
  readonly init: number;
  readonly token: number;
  readonly text: string;
  readonly trained?: Trained;
}

/** The readouts of one trajectory as a table: a line for each step and lens, the likeliest token first. */
export function lensCsv(readings: readonly LensReading[], {init, token, text, trained}: LensCsvOptions): string {
  const top = Math.max(...readings.map(({readout}) => readout.top));
  const ranks = Array.from({length: top}, (_, k) => [`top${k + 1}`, `top${k + 1}_id`, `top${k + 1}_p`]).flat();
  const beyond = beyondColumn(trained);
  const lines = readings.flatMap(({lens, readout, fields}) =>
    Array.from({length: readout.steps}, (_, step): Cell[] => [
      step,
      init,
      token,
      text,
      ...beyond.cells(step),
      lens,
      ...READOUT_MEASURES.map((key) => (fields[key] ? valueAt(fields[key], step, init, token) : null)),
      ...topWordsAt(readout, {step, init, token}).flatMap(({text: word, id, logProbability}) => [word, id, Math.exp(logProbability)])
    ])
  );
  return tableCsv(["step", "init", "token", "text", ...beyond.names, "lens", ...READOUT_MEASURES, ...ranks], lines);
}

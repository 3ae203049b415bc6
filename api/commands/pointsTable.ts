import {beyondColumn} from "../../capture/trace/trainedSteps.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import type {DrawnRuns} from "../analyses/drawnRuns.ts";
import {csvCell} from "../exchange/csvCell.ts";

const ROWS_AT_ONCE = 1000;

/** A table's text, in parts: a row for each step, init and token; of several runs with the run's name before, as they are named. */
export function* pointsTable(
  {runs}: DrawnRuns,
  readers: readonly TraceReader[],
  {site, names}: {readonly site: string; readonly names?: readonly string[]}
): Generator<string, void, undefined> {
  const beyond = readers.map(({trace}) => beyondColumn(trace.trained_steps));
  const columns = beyond.find(({names}) => names.length > 0)?.names ?? [];
  const axes = Array.from({length: runs[0].shape[3]}, (_, i) => `x${i + 1}`);
  yield `${[...(names ? ["run"] : []), "step", "init", "token", "text", ...columns, ...axes].join(",")}\n`;
  for (const [run, {shape, points}] of runs.entries()) {
    const [steps, inits, tokens, dims] = shape;
    const {firstStep} = readers[run].extentOf(site);
    const own = names ? [csvCell(names[run])] : [];
    const texts = readers[run].trace.tokens.map(({text}) => csvCell(text));
    let at = 0;
    for (let step = firstStep; step < firstStep + steps; ++step) {
      const cells = columns.length === 0 ? [] : beyond[run].names.length > 0 ? beyond[run].cells(step) : columns.map(() => "");
      for (let init = 0; init < inits; ++init)
        for (let first = 0; first < tokens; first += ROWS_AT_ONCE) {
          const lines: string[] = [];
          for (let token = first; token < Math.min(tokens, first + ROWS_AT_ONCE); ++token, at += dims)
            lines.push(`${[...own, step, init, token, texts[token], ...cells, ...points.subarray(at, at + dims)].join(",")}\n`);
          yield lines.join("");
        }
    }
  }
}

import type {EvalRow, EvalSpec, EvalSummary} from "../contract/evalSchemas.ts";
import {evalRow} from "./evalRow.ts";
import type {Evaluated} from "./evaluation.ts";

interface EvalDocument extends EvalSummary {
  /** The folder, or the server's name for it. */
  readonly evaluation: string;
  readonly spec: EvalSpec;
  readonly results: readonly EvalRow[];
}

/** An evaluation as one JSON document: what `orrery eval --json` prints and the page's JSON button saves. */
export const evalDocument = ({spec, items, results, summary}: Evaluated, {evaluation}: {readonly evaluation: string}): EvalDocument => ({
  ...summary,
  evaluation,
  spec,
  results: results.map((result) => evalRow(spec, items[result.index], result))
});

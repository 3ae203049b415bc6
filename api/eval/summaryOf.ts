import {fisherExact, oddsRatio, type TwoByTwo} from "../../analysis/eval/fisherExact.ts";
import {shareOf} from "../../analysis/eval/scores.ts";
import {settlingSentence} from "../../analysis/eval/settlingSentence.ts";
import type {EvalOutcome, EvalScores, EvalSetting, EvalSummary, ItemResult, SettingSummary} from "../contract/evalSchemas.ts";
import {correctOf} from "./evalRow.ts";
import {isDepth} from "./settingsOf.ts";

/** What the results of a task come to; `items` is how many there are in all. */
export function summaryOf(settings: readonly EvalSetting[], results: readonly ItemResult[], items: number): EvalSummary {
  const summaries = settings.map((setting, i) => settingSummary(setting, i, results));
  const deepest = settings.findLastIndex(isDepth);
  const correct = results.map(({outcomes}) => correctOf(settings, outcomes));
  return {
    finished: results.length,
    items,
    steps: summaries.filter(isDepth),
    exits: summaries.filter(({exit}) => exit !== null),
    caches: summaries.filter((setting) => setting.exit === null && !isDepth(setting)),
    lost: correct.filter(({lost}) => lost).length,
    never: correct.filter(({first}) => first === undefined).length,
    settling: settlingOf(
      results.filter(({label}) => label !== null),
      deepest
    )
  };
}

function settingSummary(setting: EvalSetting, index: number, results: readonly ItemResult[]): SettingSummary {
  const byTask = new Map<string, EvalOutcome[]>();
  for (const {task, outcomes} of results) {
    if (!byTask.has(task)) byTask.set(task, []);
    byTask.get(task)!.push(outcomes[index]);
  }
  return {
    ...setting,
    ...scoresOf(results.map(({outcomes}) => outcomes[index])),
    tasks: Object.fromEntries([...byTask].map(([task, outcomes]) => [task, scoresOf(outcomes)]))
  };
}

function scoresOf(outcomes: readonly EvalOutcome[]): EvalScores {
  const mean = (of: (outcome: EvalOutcome) => number) =>
    outcomes.length > 0 ? outcomes.reduce((sum, outcome) => sum + of(outcome), 0) / outcomes.length : 0;
  const isChoice = ({right_normed, right_bytes}: EvalOutcome) => right_normed !== null || right_bytes !== null;
  const right = ({right}: EvalOutcome) => right;
  const all = shareOf(outcomes.map(right));
  return {
    accuracy: all.n > 0 ? all.mean : 0,
    standard_error: finite(all.standardError),
    n: all.n,
    ...named("acc", outcomes.filter(isChoice).map(right)),
    ...named("acc_norm", known(outcomes.map(({right_normed}) => right_normed))),
    ...named("acc_bytes", known(outcomes.map(({right_bytes}) => right_bytes))),
    ...named("exact_match", outcomes.filter((outcome) => !isChoice(outcome)).map(right)),
    mean_steps: mean(({mean_steps}) => mean_steps),
    core_steps: mean(({core_steps}) => core_steps),
    kv_bytes: mean(({kv_bytes}) => kv_bytes)
  };
}

type Named<Name extends string> = Record<Name | `${Name}_stderr`, number | null>;

function named<Name extends string>(name: Name, right: readonly boolean[]): Named<Name> {
  const {mean, standardError} = shareOf(right);
  return {[name]: finite(mean), [`${name}_stderr`]: finite(standardError)} as Named<Name>;
}

const known = (right: readonly (boolean | null)[]): boolean[] => right.filter((one) => one !== null);
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Do failures come from not settling? Settled and right, settled and wrong; not settled and right, not settled and wrong. */
function settlingOf(labelled: readonly ItemResult[], deepest: number): EvalSummary["settling"] {
  if (labelled.length === 0) return null;
  const count = (settled: boolean, right: boolean) =>
    labelled.filter(({label, outcomes}) => (label === "converging") === settled && outcomes[deepest].right === right).length;
  const table: TwoByTwo = [
    [count(true, true), count(true, false)],
    [count(false, true), count(false, false)]
  ];
  const p = fisherExact(table);
  return {
    table: table as [[number, number], [number, number]],
    odds_ratio: finite(oddsRatio(table)),
    p,
    sentence: settlingSentence(table, p)
  };
}

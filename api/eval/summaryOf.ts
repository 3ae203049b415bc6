import {correctSteps} from "../../analysis/eval/correctSteps.ts";
import {fisherExact, oddsRatio, type TwoByTwo} from "../../analysis/eval/fisherExact.ts";
import {shareOf} from "../../analysis/eval/scores.ts";
import type {EvalSetting, EvalSummary, ItemResult, SettingSummary} from "../contract/evalSchemas.ts";
import {isDepth} from "./settingsOf.ts";

/** What the results of a task come to; `items` is how many there are in all. */
export function summaryOf(settings: readonly EvalSetting[], results: readonly ItemResult[], items: number): EvalSummary {
  const summaries = settings.map((setting, i) => settingSummary(setting, i, results));
  const depths = settings.flatMap((setting, i) => (isDepth(setting) ? [i] : []));
  const deepest = depths[depths.length - 1];
  const steps = depths.map((i) => settings[i].steps);
  return {
    finished: results.length,
    items,
    steps: summaries.filter(isDepth),
    exits: summaries.filter(({exit}) => exit !== null),
    caches: summaries.filter((setting) => setting.exit === null && !isDepth(setting)),
    lost: results.filter(
      ({outcomes}) =>
        correctSteps(
          steps,
          depths.map((i) => outcomes[i].right)
        ).lost
    ).length,
    settling: settlingOf(
      results.filter(({label}) => label !== null),
      deepest
    )
  };
}

function settingSummary(setting: EvalSetting, index: number, results: readonly ItemResult[]): SettingSummary {
  const outcomes = results.map((result) => result.outcomes[index]);
  const mean = (of: (outcome: (typeof outcomes)[number]) => number) =>
    outcomes.length > 0 ? outcomes.reduce((sum, outcome) => sum + of(outcome), 0) / outcomes.length : 0;
  const choices = outcomes.filter(({right_normed}) => right_normed !== null);
  const tasks = [...new Set(results.map(({task}) => task))];
  return {
    ...setting,
    ...accuracyOf(outcomes),
    acc_norm: choices.length > 0 ? choices.filter(({right_normed}) => right_normed).length / choices.length : null,
    mean_steps: mean(({mean_steps}) => mean_steps),
    core_steps: mean(({core_steps}) => core_steps),
    kv_bytes: mean(({kv_bytes}) => kv_bytes),
    tasks: Object.fromEntries(tasks.map((task) => [task, accuracyOf(outcomes.filter((_, i) => results[i].task === task))]))
  };
}

function accuracyOf(outcomes: readonly {readonly right: boolean}[]) {
  const {mean, standardError, n} = shareOf(outcomes.map(({right}) => right));
  return {accuracy: n > 0 ? mean : 0, standard_error: Number.isNaN(standardError) ? null : standardError, n};
}

/** Do failures come from not settling? Settled and right, settled and wrong; not settled and right, not settled and wrong. */
function settlingOf(labelled: readonly ItemResult[], deepest: number): EvalSummary["settling"] {
  if (labelled.length === 0) return null;
  const count = (settled: boolean, right: boolean) =>
    labelled.filter(({label, outcomes}) => (label === "converging") === settled && outcomes[deepest].right === right).length;
  const table: TwoByTwo = [
    [count(true, true), count(true, false)],
    [count(false, true), count(false, false)]
  ];
  const ratio = oddsRatio(table);
  return {table: table as [[number, number], [number, number]], odds_ratio: Number.isFinite(ratio) ? ratio : null, p: fisherExact(table)};
}

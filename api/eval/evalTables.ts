import {beyondWords, isBeyond, type Trained} from "../../capture/trace/trainedSteps.ts";
import type {EvalScores, EvalSummary, SettingSummary} from "../contract/evalSchemas.ts";
import {settingName} from "../contract/settingName.ts";

/** What `orrery eval` prints: a table for each task, one of all where there are several, and what the answers say of depth and settling. */
export function evalTables(summary: EvalSummary, trained: Trained): string[] {
  const settings = [...summary.steps, ...summary.exits, ...summary.caches];
  const tasks = Object.keys(summary.steps[0].tasks);
  const {lost, never, items, settling} = summary;
  return [
    ...(tasks.length > 1 ? table("all tasks", settings, {trained, of: (setting) => setting}) : []),
    ...tasks.flatMap((task) => table(task, settings, {trained, of: ({tasks}) => tasks[task]})),
    ...(settings.some(({steps}) => isBeyond(trained, steps)) ? [`${BEYOND_MARK} ${beyondWords(trained!)}`] : []),
    `${lost} of ${items} items were right at some depth and wrong at the deepest; ${never} never were`,
    ...(settling ? [settling.sentence] : [])
  ];
}

const SCORES = ["exact_match", "acc", "acc_norm"] as const;
const BEYOND_MARK = "*";

interface TableOptions {
  readonly trained: Trained;
  readonly of: (setting: SettingSummary) => EvalScores;
}

function table(name: string, settings: readonly SettingSummary[], {trained, of}: TableOptions): string[] {
  const shown = SCORES.filter((score) => settings.some((setting) => of(setting)[score] !== null));
  const head = [`${name}, n = ${of(settings[0]).n}`, ...shown, "steps a token", "cache bytes"];
  const rows = settings.map((setting) => {
    const scores = of(setting);
    return [
      `${settingName(setting)}${isBeyond(trained, setting.steps) ? BEYOND_MARK : ""}`,
      ...shown.map((score) => percent(scores[score], scores[`${score}_stderr`])),
      scores.mean_steps.toFixed(2),
      scores.kv_bytes.toFixed(0)
    ];
  });
  return [head, ...rows].map((cells) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(40) : cell.padStart(14)))
      .join("  ")
      .trimEnd()
  );
}

const percent = (share: number | null, error: number | null): string =>
  share === null ? "" : `${(100 * share).toFixed(1)} ± ${error === null ? "?" : (100 * error).toFixed(1)} %`;

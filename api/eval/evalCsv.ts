import {beyondColumn, trainedColumn} from "../../capture/trace/trainedSteps.ts";
import type {EvalRow, EvalScores, EvalSpec, EvalSummary} from "../contract/evalSchemas.ts";
import {settingName} from "../contract/settingName.ts";
import {csvCell} from "../exchange/csvCell.ts";

const SCORES = [
  "n",
  "accuracy",
  "standard_error",
  "acc",
  "acc_stderr",
  "acc_norm",
  "acc_norm_stderr",
  "acc_bytes",
  "acc_bytes_stderr",
  "exact_match",
  "exact_match_stderr",
  "mean_steps",
  "core_steps",
  "kv_bytes"
] as const satisfies readonly (keyof EvalScores)[];

/** A line for each setting and task, all tasks together under an empty name where there are several. */
export function summaryCsv({model}: Pick<EvalSpec, "model">, {steps, exits, caches}: EvalSummary): string {
  const beyond = beyondColumn(model.trained_steps);
  const lines = [...steps, ...exits, ...caches].flatMap((setting) => {
    const tasks = Object.entries(setting.tasks);
    const groups: readonly (readonly [string, EvalScores])[] = tasks.length > 1 ? [["", setting], ...tasks] : tasks;
    return groups.map(([task, scores]) => [
      String(setting.steps),
      ...beyond.cells(setting.steps).map(String),
      csvCell(setting.exit ?? ""),
      csvCell(setting.kv),
      csvCell(task),
      ...SCORES.map((name) => String(scores[name] ?? ""))
    ]);
  });
  return csvText([["steps", ...beyond.names, "exit", "kv", "task", ...SCORES], ...lines]);
}

/** A line for each item: what it is, where it was right, and what it was answered under each setting. */
export function itemsCsv({settings, model}: Pick<EvalSpec, "settings" | "model">, rows: readonly EvalRow[]): string {
  const names = settings.map(settingName);
  const trained = trainedColumn(model.trained_steps);
  const head = ["index", "id", "task", "prompt", "answer", "first_correct", "last_correct", "lost", "label", ...trained.names];
  return csvText([
    [...head, ...names.flatMap((name) => [csvCell(`right ${name}`), csvCell(`answer ${name}`)])],
    ...rows.map(({index, id, task, prompt, answer, first_correct, last_correct, lost, label, outcomes}) => [
      String(index),
      ...[id ?? "", task, prompt, answer].map(csvCell),
      ...[first_correct, last_correct].map((step) => String(step ?? "")),
      String(lost),
      label ?? "",
      ...trained.cells.map(String),
      ...outcomes.flatMap((outcome) => [String(outcome.right), csvCell(outcome.answer)])
    ])
  ]);
}

const csvText = (lines: readonly (readonly string[])[]): string => lines.map((cells) => `${cells.join(",")}\n`).join("");

import {ascending, descending} from "d3";
import type {ListedRun, RunSummary} from "../../api/contract/contract.ts";
import {tableCsv, type Cell} from "../plot/csv.ts";
import type {KnownLabels} from "./useRunLabels.ts";
import {PATTERNS} from "../../api/contract/choices.ts";

export interface RunOrder {
  readonly by: "title" | "model" | "status" | "tokens" | "steps" | "inits" | "bytes" | "created" | "labels";
  readonly down: boolean;
}

/**
 * Runs that carry every sought word in title, prompt, model or tags, in order; equal ones by their name. By labels means by how
 * many trajectories are called an orbit or a slider, which are rare, and then by how many are unsettled; runs without labels come last.
 */
export function arrangeRuns<Listed extends RunSummary>(
  runs: readonly Listed[],
  sought: string,
  {by, down}: RunOrder,
  labels: KnownLabels = new Map()
): Listed[] {
  const compare = down ? descending : ascending;
  const countOf = ({id}: RunSummary, ...names: string[]): number | undefined => {
    const known = labels.get(id);
    return known && "counts" in known ? names.reduce((sum, name) => sum + (known.counts[name] ?? 0), 0) : undefined;
  };
  const isKnown = (run: RunSummary): number => Number(countOf(run) === undefined);
  const byLabels = (a: RunSummary, b: RunSummary): number =>
    ascending(isKnown(a), isKnown(b)) ||
    compare(countOf(a, "orbit", "slider"), countOf(b, "orbit", "slider")) ||
    compare(countOf(a, "unsettled"), countOf(b, "unsettled"));
  return runs
    .filter((run) => hasWords(run, sought))
    .sort((a, b) => (by === "labels" ? byLabels(a, b) : compare(a[by], b[by])) || ascending(a.id, b.id));
}

/** Whether a run carries every sought word in title, prompt, model, owner or tags. */
export function hasWords({title, prompt, model, owner, tags}: RunSummary, sought: string): boolean {
  const text = [title, prompt ?? "", model, owner ?? "", ...tags].join("\n").toLowerCase();
  return sought
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const COLUMNS = [
  "id",
  "title",
  "model",
  "prompt",
  "status",
  "stopped",
  "tokens",
  "steps",
  "steps_written",
  "inits",
  "width",
  "storage_dtype",
  "bytes",
  "created"
] as const;

/** The list as a table; labels that are not known are empty. */
export function runsCsv(runs: readonly ListedRun[], labels: KnownLabels): string {
  return tableCsv(
    [...COLUMNS, "tags", ...PATTERNS],
    runs.map((run): Cell[] => {
      const known = labels.get(run.id);
      return [
        ...COLUMNS.map((name) => run[name]),
        run.tags.join("; "),
        ...PATTERNS.map((label) => (known && "counts" in known ? (known.counts[label] ?? 0) : null))
      ];
    })
  );
}

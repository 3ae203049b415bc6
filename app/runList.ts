import {ascending, descending} from "d3";
import type {RunSummary} from "../api/contract.ts";

export interface RunOrder {
  readonly by: "title" | "model" | "status" | "tokens" | "steps" | "inits" | "bytes" | "created";
  readonly down: boolean;
}

/** Runs that carry every sought word in title, prompt, model or tags, in order; equal ones by their name. */
export function arrangeRuns(runs: readonly RunSummary[], sought: string, {by, down}: RunOrder): RunSummary[] {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  const compare = down ? descending : ascending;
  return runs
    .filter(({title, prompt, model, tags}) => {
      const text = [title, prompt ?? "", model, ...tags].join("\n").toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => compare(a[by], b[by]) || ascending(a.id, b.id));
}

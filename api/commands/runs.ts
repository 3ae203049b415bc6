import {join} from "node:path";
import type {Command} from "commander";
import {errorLine} from "../../capture/errorLine.ts";
import {TRACE_FILE} from "../../capture/trace/writer.ts";
import {writtenSteps} from "../../capture/trace/writtenSteps.ts";
import type {RunSummary} from "../contract/contract.ts";
import {shippedRuns} from "../models/shipped.ts";
import {exists} from "../runs/runPlaces.ts";
import {createRunStore, type RunStore} from "../runs/runStore.ts";
import type {RunPlace} from "../runs/runPlace.ts";
import {counted} from "../../capture/trace/counted.ts";
import {examples} from "./options.ts";
import {print, printJson} from "./print.ts";
import {userPath} from "./usage.ts";

export function addRuns(verb: Command): void {
  verb
    .option("--runs <folder>", "where runs are kept", "runs")
    .option("--json", "print one JSON document on stdout and nothing else")
    .addHelpText("after", examples("runs", "runs --runs ~/orrery-runs --json"))
    .action(listRuns);
}

async function listRuns({runs: folder, json}: {readonly runs: string; readonly json?: boolean}): Promise<void> {
  const store = createRunStore({runs: userPath(folder), examples: shippedRuns});
  const folders = await store.places();
  const isRun = await Promise.all(folders.map(({dir}) => exists(join(dir, TRACE_FILE)).catch(() => true))); // what cannot be looked at is told
  const places = folders.filter((_, i) => isRun[i]);
  const found = await Promise.all(places.map((place) => lookedAt(store, place)));
  const runs = found.flatMap(({summary, dir}) => (summary ? [{...summary, dir}] : [])).sort(newestFirst);
  const broken = found.flatMap(({id, error}) => (error === undefined ? [] : [{id, error}]));
  if (json) return printJson({runs, broken});
  for (const run of runs) await print(lineOf(run));
  for (const {id, error} of broken) await print(errorLine(`${id}: cannot be read: ${error}`));
}

interface Found {
  readonly id: string;
  readonly dir: string;
  readonly summary?: RunSummary;
  readonly error?: string;
}

async function lookedAt(store: RunStore, place: RunPlace): Promise<Found> {
  const {id, dir} = place;
  try {
    return {id, dir, summary: await store.summary(place)};
  } catch (error) {
    return {id, dir, error: errorLine(error)};
  }
}

const newestFirst = (a: RunSummary, b: RunSummary): number =>
  Number(a.example) - Number(b.example) || Date.parse(b.created) - Date.parse(a.created);

function lineOf(run: RunSummary): string {
  const {id, title, model, status, steps, inits, tokens, example} = run;
  const written = `${status === "complete" ? "" : `${writtenSteps(run)} of `}${counted(steps, "step")}`;
  return `${id}: ${JSON.stringify(title)}, ${model}, ${written} × ${counted(inits, "init")} × ${counted(tokens, "token")}${example ? ", an example" : ""}`;
}

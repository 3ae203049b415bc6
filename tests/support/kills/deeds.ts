import {rm} from "node:fs/promises";
import {join} from "node:path";
import {importRun} from "../../../api/exchange/importRun.ts";
import {createRunStore, type RunStore} from "../../../api/runs/runStore.ts";
import {KEPT_DAYS} from "../../../api/files/trash.ts";
import {analysisIn, exportTo, type Places} from "./places.ts";

const withModel = () => import("./modelDeeds.ts");

/** What is done while it is killed, over and over; each time under a new name where it makes something new. */
export const deeds = {
  capture: async ({runs}: Places, name: string) => (await withModel()).captureTo(join(runs, `capture-${name}`)),
  experiment: async ({experiments}: Places, name: string) => (await withModel()).experimentIn(join(experiments, name)),
  evaluation: async ({evaluations}: Places, name: string) => (await withModel()).evaluationIn(join(evaluations, name)),
  census: async ({censuses}: Places, name: string) => (await withModel()).censusIn(join(censuses, name)),
  training: async ({trainings}: Places, name: string) => (await withModel()).trainingIn(join(trainings, name)),
  generation: async ({runs}: Places, name: string) => (await withModel()).generationTo(join(runs, `generation-${name}`)),
  delete: async ({runs}: Places) => {
    await storeOf(runs).remove("kept");
    await storeOf(runs).restore("kept");
  },
  empty: async ({runs, oldFile}: Places, name: string) => {
    await importRun(oldFile, {out: join(runs, `empty-${name}`)});
    await storeOf(runs).remove(`empty-${name}`);
    await storeOf(runs).emptyTrash(new Date(Date.now() + (KEPT_DAYS + 1) * 24 * 3_600_000), () => {});
  },
  change: ({runs}: Places, name: string) => storeOf(runs).change("kept", {title: titleOf(name)}),
  import: ({runs, oldFile}: Places, name: string) => importRun(oldFile, {out: join(runs, `import-${name}`)}),
  force: async ({runs, oldFile, newFile}: Places) => {
    for (const file of [newFile, oldFile]) await importRun(file, {out: join(runs, "replaced"), overwrite: true});
  },
  export: ({runs, exports}: Places, name: string) => exportTo(join(runs, "kept"), join(exports, `${name}.npz`)),
  analysis: async (places: Places) => {
    await rm(join(places.runs, "analysed", "analysis"), {recursive: true, force: true});
    await analysisIn(places);
  }
} as const satisfies Readonly<Record<string, (places: Places, name: string) => Promise<unknown>>>;

export type Deed = keyof typeof deeds;
export const deedNames = Object.keys(deeds) as readonly Deed[];

export const titleOf = (name: string): string => `the title of ${name}`;

const stores = new Map<string, RunStore>();
function storeOf(runs: string): RunStore {
  if (!stores.has(runs)) stores.set(runs, createRunStore({runs}));
  return stores.get(runs)!;
}

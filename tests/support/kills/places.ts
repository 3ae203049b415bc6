import {createHash} from "node:crypto";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {exportRun} from "../../../api/exchange/exportRun.ts";
import type {RunPlace} from "../../../api/runs/runPlace.ts";
import {createAnalysisCache, type AnalysisCache} from "../../../api/work/analysisCache.ts";
import {compute, type Computation} from "../../../api/work/compute.ts";
import {openTrace} from "../../../capture/trace/reader.ts";

/** The folders and files in which everything happens. */
export interface Places {
  readonly folder: string;
  readonly runs: string;
  readonly experiments: string;
  readonly evaluations: string;
  readonly censuses: string;
  readonly trainings: string;
  readonly exports: string;
  /** The run `replaced` is one of these two files at any time. */
  readonly oldFile: string;
  readonly newFile: string;
}

export const placesIn = (folder: string): Places => {
  const at = (name: string) => join(folder, name);
  return {
    folder,
    runs: at("runs"),
    experiments: at("experiments"),
    evaluations: at("evaluations"),
    censuses: at("censuses"),
    trainings: at("trainings"),
    exports: at("exports"),
    oldFile: at("old.npz"),
    newFile: at("new.npz")
  };
};

export async function exportTo(run: string, out: string): Promise<void> {
  const reader = await openTrace(run);
  try {
    await exportRun(reader, {format: "npz", out, overwrite: true});
  } finally {
    await reader.close();
  }
}

const analyses: AnalysisCache = createAnalysisCache((dir, question) => compute(dir, question as Computation));
const analysedIn = ({runs}: Places): RunPlace => ({id: "analysed", dir: join(runs, "analysed"), example: false});
export const analysisIn = (places: Places): Promise<Uint8Array> => analyses.answer(analysedIn(places), {kind: "metrics", site: "state"});

export async function statesOf(dir: string): Promise<Float32Array> {
  const reader = await openTrace(dir);
  try {
    return (await reader.readSite("state")).data;
  } finally {
    await reader.close();
  }
}

export const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
export const fileHash = async (path: string): Promise<string> => hashOf(await readFile(path));
export const statesHash = (dir: string): Promise<string> => fileHash(join(dir, "states.safetensors"));

/** What some files of a folder hold, by name; empty where none is there. */
export async function contentOf(folder: string, names: readonly string[]): Promise<string> {
  const hashes = await Promise.all(
    names.map((name) =>
      fileHash(join(folder, name)).then(
        (hash) => [`${name} ${hash}`],
        () => []
      )
    )
  );
  return hashes.flat().join("\n");
}

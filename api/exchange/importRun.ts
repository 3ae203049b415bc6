import {readdir, rm, stat} from "node:fs/promises";
import {join} from "node:path";
import {TraceFormatError} from "../../capture/trace/safetensorsHeader.ts";
import {TRACE_FILE} from "../../capture/trace/writer.ts";
import {importBare, type BareImportOptions, type Imported} from "./importBare.ts";
import {importExported, importTrace, isExported} from "./importExported.ts";
import {unclearOf} from "./bareStates.ts";
import type {Unclear} from "../contract/importSchemas.ts";
import {examplesOf, importExample, isHuginnResearch} from "./importHuginnResearch.ts";
import {intoPlace} from "../files/intoPlace.ts";
import {openArrays} from "./openArrays.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

export interface ImportOptions extends BareImportOptions {
  /** The trace folder to make; the folder of trace folders where a run folder has several examples. */
  readonly out: string;
  /** Which example of a huginn-research run to import, by the name of its file; defaults to all. */
  readonly example?: string;
  /** Whether to give back what is unclear of a bare file, instead of guessing; defaults to false. */
  readonly ask?: boolean;
  /** Replace an earlier trace folder (a folder of several never is); defaults to false. */
  readonly overwrite?: boolean;
}

export interface ImportedRuns {
  readonly format: string;
  /** The folders that were made. */
  readonly runs: readonly string[];
  /** What could not be imported of a folder of several, with the reason. */
  readonly skipped: readonly {readonly example: string; readonly error: string}[];
  /** What a person should know at once, a line each. */
  readonly warnings: readonly string[];
  /** What has to be said first, where it was to be asked: nothing was imported. */
  readonly unclear?: Unclear;
}

/**
 * Makes trace folders of a trace, of an exported or bare safetensors, .npy, .npz or Parquet file, or of a huginn-research run folder,
 * and gives their paths. Nothing half-made is left under the name. Throws one line that names the file and what is wrong with it;
 * of several examples, those that can be imported are.
 */
export async function importRun(path: string, {out, example, overwrite, ...options}: ImportOptions): Promise<ImportedRuns> {
  const status = await stat(path).catch((cause: unknown) => {
    throw new Refusal(`no such file: ${path}`, {kind: "unknown", cause});
  });
  if (!status.isDirectory()) {
    if (example !== undefined) throw new Refusal(`invalid example: ${example}; only a huginn-research run folder has examples`);
    return importFile(path, out, {...options, overwrite});
  }
  const names = await readdir(path);
  if (names.includes(TRACE_FILE)) {
    await intoPlace(out, async (dir) => void (await importTrace(path, dir, options)), {overwrite, marker: TRACE_FILE});
    return {format: "trace", runs: [out], skipped: [], warnings: []};
  }
  if (!(await isHuginnResearch(path)))
    throw new TraceFormatError(
      `unknown folder: ${path}; expected a trace (trace.json) or a huginn-research run (run.json and trajectories/)`
    );
  const examples = await examplesOf(path);
  if (example !== undefined && !examples.includes(example)) throw new Refusal(`unknown example: ${example}; one of ${examples.join(", ")}`);
  const {now, owner, room} = options;
  if (example === undefined && examples.length > 1) return importExamples(path, examples, {out, overwrite, now, owner, room});
  const {warnings} = await made(out, {overwrite}, (dir) => importExample(path, example ?? examples[0], dir, {now, owner, room}));
  return {format: "huginn-research", runs: [out], skipped: [], warnings};
}

/** All examples of a run, each in a folder of `out`. Throws the first one's error where none can be imported. */
async function importExamples(
  path: string,
  examples: readonly string[],
  {out, overwrite, now, owner, room}: Pick<ImportOptions, "out" | "overwrite" | "now" | "owner" | "room">
): Promise<ImportedRuns> {
  const runs: string[] = [];
  const skipped: {example: string; error: string}[] = [];
  const warnings: string[] = [];
  await intoPlace(
    out,
    async (dir) => {
      for (const name of examples) {
        if (name.startsWith(".")) {
          skipped.push({example: name, error: `invalid example name: ${name}; expected one that can name a folder`});
          continue;
        }
        try {
          const imported = await importExample(path, name, join(dir, name), {now, owner, room});
          runs.push(join(out, name));
          warnings.push(...imported.warnings.map((line) => `${name}: ${line}`));
        } catch (error) {
          if (!(error instanceof TraceFormatError)) throw error;
          skipped.push({example: name, error: error.message});
          await rm(join(dir, name), {recursive: true, force: true}); // what was written of it
        }
      }
      if (runs.length === 0) throw new TraceFormatError(`no example of ${path} can be imported; the first: ${skipped[0].error}`);
    },
    {overwrite}
  );
  return {format: "huginn-research", runs, skipped, warnings};
}

async function importFile(
  path: string,
  out: string,
  {overwrite, ask, ...options}: BareImportOptions & Pick<ImportOptions, "overwrite" | "ask">
): Promise<ImportedRuns> {
  const file = await openArrays(path);
  try {
    if (isExported(file)) {
      await intoPlace(out, async (dir) => void (await importExported(file, dir, options)), {overwrite, marker: TRACE_FILE});
      return {format: `${file.format} of a trace`, runs: [out], skipped: [], warnings: []};
    }
    const unclear = ask ? unclearOf(file, options) : undefined;
    if (unclear) return {format: file.format, runs: [], skipped: [], warnings: [], unclear};
    const {warnings} = await made(out, {overwrite}, (dir) => importBare(file, path, dir, options));
    return {format: file.format, runs: [out], skipped: [], warnings};
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    throw new TraceFormatError(`${path}: ${error.message}`, {cause: error});
  } finally {
    await file.close();
  }
}

/** One trace folder in its place. */
async function made(out: string, {overwrite}: {readonly overwrite?: boolean}, make: (dir: string) => Promise<Imported>): Promise<Imported> {
  let imported: Imported | undefined;
  await intoPlace(
    out,
    async (dir) => {
      imported = await make(dir);
    },
    {overwrite, marker: TRACE_FILE}
  );
  return imported!;
}

import {readdir, stat} from "node:fs/promises";
import {join} from "node:path";
import {TraceFormatError} from "../../capture/trace/safetensors.ts";
import {TRACE_FILE} from "../../capture/trace/writer.ts";
import {importBare, type BareImportOptions} from "./importBare.ts";
import {importExported, importTrace, isExported} from "./importExported.ts";
import {examplesOf, importExample, isHuginnResearch} from "./importHuginnResearch.ts";
import {intoPlace} from "../files/intoPlace.ts";
import {openArrays} from "./openArrays.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

export interface ImportOptions extends BareImportOptions {
  /** The trace folder to make; the folder of trace folders where a run folder has several examples. */
  readonly out: string;
  /** Which example of a huginn-research run to import, by the name of its file; defaults to all. */
  readonly example?: string;
  /** Replace an earlier trace folder (a folder of several never is); defaults to false. */
  readonly overwrite?: boolean;
}

/**
 * Makes trace folders of a trace, of an exported or bare safetensors, .npy or .npz file, or of a huginn-research run folder,
 * and gives their paths. Nothing half-made is left under the name. Throws one line that names the file and what is wrong with it.
 */
export async function importRun(
  path: string,
  {out, example, overwrite, ...options}: ImportOptions
): Promise<{readonly format: string; readonly runs: readonly string[]}> {
  const status = await stat(path).catch((cause: unknown) => {
    throw new Refusal(`no such file: ${path}`, {kind: "unknown", cause});
  });
  if (!status.isDirectory()) {
    if (example !== undefined) throw new Refusal(`invalid example: ${example}; only a huginn-research run folder has examples`);
    return {format: await importFile(path, out, {...options, overwrite}), runs: [out]};
  }
  const names = await readdir(path);
  if (names.includes(TRACE_FILE)) {
    await intoPlace(out, async (dir) => void (await importTrace(path, dir)), {overwrite, marker: TRACE_FILE});
    return {format: "trace", runs: [out]};
  }
  if (!(await isHuginnResearch(path)))
    throw new TraceFormatError(
      `unknown folder: ${path}; expected a trace (trace.json) or a huginn-research run (run.json and trajectories/)`
    );
  const examples = await examplesOf(path);
  if (example !== undefined && !examples.includes(example)) throw new Refusal(`unknown example: ${example}; one of ${examples.join(", ")}`);
  const chosen = example === undefined ? examples : [example];
  const {now} = options;
  if (chosen.length === 1) {
    await intoPlace(out, async (dir) => void (await importExample(path, chosen[0], dir, {now})), {overwrite, marker: TRACE_FILE});
    return {format: "huginn-research", runs: [out]};
  }
  await intoPlace(
    out,
    async (dir) => {
      for (const name of chosen) await importExample(path, name, join(dir, name), {now});
    },
    {overwrite}
  );
  return {format: "huginn-research", runs: chosen.map((name) => join(out, name))};
}

async function importFile(path: string, out: string, {overwrite, ...options}: BareImportOptions & {overwrite?: boolean}): Promise<string> {
  const file = await openArrays(path);
  try {
    await intoPlace(
      out,
      async (dir) => void (await (isExported(file) ? importExported(file, dir) : importBare(file, path, dir, options))),
      {overwrite, marker: TRACE_FILE}
    );
    return isExported(file) ? `${file.format} of a trace` : file.format;
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    throw new TraceFormatError(`${path}: ${error.message}`, {cause: error});
  } finally {
    await file.close();
  }
}

import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {runSpectrumSchema, type RunSpectrum} from "../../capture/spectrum/spectrumSchema.ts";
import {ifThere} from "../../capture/trace/ifThere.ts";
import type {Trace} from "../../capture/trace/schema.ts";

/** The spectrum of a run that was computed before and kept beside it, the one of most tokens; undefined where there is none of its last state. */
export async function cachedSpectrum(dir: string, {steps_written, model}: Trace): Promise<RunSpectrum | undefined> {
  const folder = join(dir, "analysis");
  const names = await ifThere(readdir(folder), []);
  const files = names.filter((name) => /^spectrum-\w+\.json$/.test(name)).sort();
  const all = await Promise.all(files.map(async (name) => runSpectrumSchema.parse(JSON.parse(await readFile(join(folder, name), "utf8")))));
  return all
    .filter(({step, hash}) => step === steps_written && (model.hash === null || model.hash === hash))
    .sort((a, b) => b.tokens.length - a.tokens.length)[0];
}

import {join} from "node:path";
import {runSpectrumSchema, type RunSpectrum} from "../../capture/spectrum/spectrumSchema.ts";
import {parseJson} from "../../capture/trace/json.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import {keptNames, readKept} from "../files/kept.ts";

/** The spectrum of a run that was computed before and kept beside it, the one of most tokens; undefined where there is none of its last state. */
export async function cachedSpectrum(dir: string, {steps_written, model}: Trace): Promise<RunSpectrum | undefined> {
  const folder = join(dir, "analysis");
  const names = (await keptNames(folder, "json")).filter((name) => name.startsWith("spectrum-"));
  const all = (await Promise.all(names.map((name) => readKept(folder, name, "json")))).flatMap((bytes) => {
    const parsed = bytes && runSpectrumSchema.safeParse(parseJson(new TextDecoder().decode(bytes)));
    return parsed?.success ? [parsed.data] : [];
  });
  return all
    .filter(({step, hash}) => step === steps_written && (model.hash === null || model.hash === hash))
    .sort((a, b) => b.tokens.length - a.tokens.length)[0];
}

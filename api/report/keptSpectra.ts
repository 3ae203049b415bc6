import {join} from "node:path";
import {runSpectrumSchema, type RunSpectrum} from "../../capture/spectrum/spectrumSchema.ts";
import {parseJson} from "../../capture/trace/json.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import {keptNames, readKept} from "../files/kept.ts";
import {statesWritten} from "../files/statesWritten.ts";

/** Spectra of a run's last state that were computed before and kept beside it, those of most tokens first. */
export async function keptSpectra(dir: string, {steps_written, model}: Trace): Promise<RunSpectrum[]> {
  const folder = join(dir, "analysis");
  const names = (await keptNames(folder, "json")).filter((name) => name.startsWith("spectrum-"));
  const since = await statesWritten(dir);
  const all = (await Promise.all(names.map((name) => readKept(folder, name, "json", since)))).flatMap((bytes) => {
    const parsed = bytes && runSpectrumSchema.safeParse(parseJson(new TextDecoder().decode(bytes)));
    return parsed?.success ? [parsed.data] : [];
  });
  return all
    .filter(({step, hash}) => step === steps_written && (model.hash === null || model.hash === hash))
    .sort((a, b) => b.tokens.length - a.tokens.length);
}

import {createModelKeeper} from "../../capture/engine/modelKeeper.ts";
import {runSpectrum} from "../../capture/spectrum/runSpectrum.ts";
import {spectrumSpecSchema, type RunSpectrum, type SpectrumSpec} from "../../capture/spectrum/spectrumSchema.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import {shippedModel} from "../models/shipped.ts";
import {modelFolder} from "./modelFolder.ts";
import {note} from "./print.ts";

/** The checkpoint of a run: the one that the user names, else the one of its model's name that ships; undefined where neither is there. */
export async function modelOfRun({model: {name}}: Pick<Trace, "model">, named: string | undefined): Promise<string | undefined> {
  return named === undefined ? shippedModel(name) : modelFolder(named);
}

/** Spectra of one run, one after the other, by one engine. Throws an Error that says what to name where the run's model does not ship. */
export async function runSpectra(
  dir: string,
  trace: Pick<Trace, "model">,
  {model, questions}: {readonly model: string | undefined; readonly questions: readonly Partial<Omit<SpectrumSpec, "dir" | "model">>[]}
): Promise<RunSpectrum[]> {
  const folder = await modelOfRun(trace, model);
  if (folder === undefined) throw new Error(`unknown model: ${trace.model.name}; name its folder with --model`);
  const models = createModelKeeper({log: note});
  try {
    const spectra: RunSpectrum[] = [];
    for (const question of questions) {
      const spec = spectrumSpecSchema.parse({dir, model: folder, ...question});
      spectra.push(await runSpectrum(spec, {engine: () => models.engineFor(spec)}));
    }
    return spectra;
  } finally {
    await models.dispose();
  }
}

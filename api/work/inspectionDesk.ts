import {mkdir, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {lensSpecSchema} from "../../capture/loop/lensReadout.ts";
import type {CaptureService} from "../../capture/service/captureService.ts";
import {spectrumSpecSchema, type RunSpectrum} from "../../capture/spectrum/spectrumSchema.ts";
import {boundsOf} from "../../capture/service/sizeBounds.ts";
import {passingName} from "../../capture/trace/processIdentity.ts";
import type {Trace} from "../../capture/trace/schema.ts";
import type {ModelStore} from "../models/modelStore.ts";
import {createFairTurns, type Asker} from "../queue/fairTurns.ts";

/** Which spectra of a run; tokens default to all, and a period to none. */
export interface SpectrumQuestion {
  readonly init: number;
  readonly count: number;
  readonly tokens?: readonly number[];
  readonly period?: number;
}

/** Which lens to read a run's states through, and how many of the likeliest tokens to keep. */
export interface LensQuestion {
  readonly lens: string;
  readonly top: number;
}

/** Answers questions that need a run's model and its memory, one after the other in turns of those who ask, in a process of its own. Rejects with a Refusal of one line. */
interface InspectionDesk {
  spectrum(dir: string, trace: Trace, question: SpectrumQuestion, asker?: Asker): Promise<RunSpectrum>;
  /** A readout of the stored states as a safetensors message. */
  lens(dir: string, trace: Trace, question: LensQuestion, asker?: Asker): Promise<Uint8Array>;
}

interface InspectionDeskParts {
  readonly service: CaptureService;
  readonly models: ModelStore;
  /** Questions of one person, run or waiting; defaults to any number. */
  readonly most?: number;
}

export function createInspectionDesk({service, models, most}: InspectionDeskParts): InspectionDesk {
  const turns = createFairTurns({atOnce: 1, what: "questions to a model", most});

  return {
    spectrum: (dir, {model}, question, asker = {}) =>
      turns.take(asker, async () => {
        const spec = spectrumSpecSchema.parse({dir, model: await models.find(model.name), ...question});
        const {deadlineMs, ...bounds} = await boundsOf(dir, spec.model);
        return service.spectrum(spec, {...bounds, deadlineMs: deadlineMs * (1 + (spec.period ?? 0)), signal: asker.signal});
      }),
    lens: (dir, {model, compute_dtype}, {lens, top}, asker = {}) =>
      turns.take(asker, async () => {
        const folder = join(tmpdir(), passingName()); // swept where a kill leaves it
        await mkdir(folder);
        try {
          const out = join(folder, "readout.safetensors");
          const dtype = compute_dtype === "int8" ? "int8" : "f32";
          const spec = lensSpecSchema.parse({dir, model: await models.find(model.name), dtype, lens, top, out});
          await service.lens(spec, {...(await boundsOf(dir, spec.model)), signal: asker.signal});
          return await readFile(out);
        } finally {
          await rm(folder, {recursive: true, force: true});
        }
      })
  };
}

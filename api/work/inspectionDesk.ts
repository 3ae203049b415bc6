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

/** Which spectra of a run; tokens default to all. */
export interface SpectrumQuestion {
  readonly init: number;
  readonly count: number;
  readonly tokens?: readonly number[];
}

/** Which lens to read a run's states through, and how many of the likeliest tokens to keep. */
export interface LensQuestion {
  readonly lens: string;
  readonly top: number;
}

interface InspectionOptions {
  readonly signal?: AbortSignal;
}

/** Answers questions that need a run's model and its memory, one after the other, in a process of its own. Rejects with a Refusal of one line. */
interface InspectionDesk {
  spectrum(dir: string, trace: Trace, question: SpectrumQuestion, options?: InspectionOptions): Promise<RunSpectrum>;
  /** A readout of the stored states as a safetensors message. */
  lens(dir: string, trace: Trace, question: LensQuestion, options?: InspectionOptions): Promise<Uint8Array>;
}

export function createInspectionDesk({service, models}: {readonly service: CaptureService; readonly models: ModelStore}): InspectionDesk {
  let before: Promise<unknown> = Promise.resolve();

  /** Asks when all who came before have their answer. */
  function inTurn<T>(ask: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const answer = before.then(async () => {
      signal?.throwIfAborted();
      return ask();
    });
    before = answer.catch(() => {}); // the next one's turn comes, whatever became of this one
    return answer;
  }

  return {
    spectrum: (dir, {model}, {init, count, tokens}, {signal} = {}) =>
      inTurn(async () => {
        const spec = spectrumSpecSchema.parse({dir, model: await models.find(model.name), init, count, tokens});
        return service.spectrum(spec, {...(await boundsOf(dir, spec.model)), signal});
      }, signal),
    lens: (dir, {model, compute_dtype}, {lens, top}, {signal} = {}) =>
      inTurn(async () => {
        const folder = join(tmpdir(), passingName()); // swept where a kill leaves it
        await mkdir(folder);
        try {
          const out = join(folder, "readout.safetensors");
          const dtype = compute_dtype === "int8" ? "int8" : "f32";
          const spec = lensSpecSchema.parse({dir, model: await models.find(model.name), dtype, lens, top, out});
          await service.lens(spec, {...(await boundsOf(dir, spec.model)), signal});
          return await readFile(out);
        } finally {
          await rm(folder, {recursive: true, force: true});
        }
      }, signal)
  };
}

import type {CaptureService} from "../capture/service/captureService.ts";
import {spectrumSpecSchema, type RunSpectrum} from "../capture/spectrum/runSpectrum.ts";
import type {Trace} from "../capture/trace/schema.ts";
import {HttpError} from "./httpError.ts";
import type {ModelStore} from "./modelStore.ts";

/** Which spectra of a run; tokens default to all. */
export interface SpectrumQuestion {
  readonly init: number;
  readonly count: number;
  readonly tokens?: readonly number[];
}

/** Answers questions about the Jacobian one after the other, in a process of its own: they need the model and its memory. */
export interface SpectrumDesk {
  answer(dir: string, trace: Trace, question: SpectrumQuestion, options?: {readonly signal?: AbortSignal}): Promise<RunSpectrum>;
}

export function createSpectrumDesk({service, models}: {readonly service: CaptureService; readonly models: ModelStore}): SpectrumDesk {
  let before: Promise<unknown> = Promise.resolve();
  return {
    answer(dir, {model}, {init, count, tokens}, {signal} = {}) {
      const answer = before.then(async () => {
        signal?.throwIfAborted();
        const spec = spectrumSpecSchema.parse({dir, model: await models.find(model.name), init, count, tokens});
        return service.spectrum(spec, {signal}).catch((cause: Error) => {
          throw signal?.aborted ? cause : new HttpError(400, cause.message, {cause});
        });
      });
      before = answer.catch(() => {}); // the next one's turn comes, whatever became of this one
      return answer;
    }
  };
}

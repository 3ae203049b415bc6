import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {capture} from "../../capture/job/capture.ts";
import {captureWorkSchema, type CaptureAnswer, type CaptureWork} from "../captures/captureParts.ts";
import {sendFolder} from "../files/places.ts";
import {runPlace} from "../captures/fetchRun.ts";
import type {WorkKind} from "./kind.ts";

const NEWS_MS = 500; // a small model makes a thousand steps a second

/** A run, captured in a folder of its own and sent to the shared place when it is whole. */
export const captureKind: WorkKind<CaptureWork> = {
  schema: captureWorkSchema,
  async work({job, index, spec}, {lane: {dtype, device}, model, keeper, results, signal, does, onDone, tell}): Promise<CaptureAnswer> {
    does(spec.title ?? spec.prompt ?? "a capture");
    const scratch = await mkdtemp(join(tmpdir(), "orrery-capture-"));
    const dir = join(scratch, "run");
    let told = -Infinity;
    try {
      const trace = await capture(
        {...spec, model, dir},
        {
          engine: () => keeper.engineFor({model, engine: spec.engine, dtype, device}),
          signal,
          onProgress(progress) {
            if (progress.step > 0 && progress.step < spec.steps && performance.now() - told < NEWS_MS) return;
            told = performance.now();
            tell(progress);
          }
        }
      );
      if (trace.status !== "complete") throw signal.reason;
      const files = await sendFolder(dir, runPlace(results!, job, index));
      onDone();
      return {step: trace.steps_written, files};
    } finally {
      await rm(scratch, {recursive: true, force: true});
    }
  }
};

import {rm, stat} from "node:fs/promises";
import {join} from "node:path";
import {dtypes} from "./dtype.ts";
import {readTrace} from "./reader.ts";
import {firstStepOf} from "./slice.ts";
import {openSafetensors} from "./safetensors.ts";
import {countOf} from "./safetensorsHeader.ts";
import type {Trace} from "./schema.ts";
import {sealStepFile, type StepTensor} from "./stepFile.ts";
import {READOUT_FILE, removeReserve, STATES_FILE, writeTraceJson} from "./writer.ts";
import {unmarkWriter} from "./writerMark.ts";

/**
 * Ends a run whose writer died: `stopped` says why, and the files are cut to the steps that are whole on disk, so that any
 * reader opens them. A run that is complete, or was ended already, is left as it is. The caller makes sure that nobody writes it.
 */
export async function sealKilledTrace(dir: string, reason: string): Promise<Trace> {
  const trace = await readTrace(dir);
  if (trace.status === "complete") {
    await removeReserve(dir);
    await unmarkWriter(dir);
    return trace;
  }
  await removeReserve(dir);
  const files = await openedFiles(dir, trace);
  const stepsWritten = Math.min(trace.steps_written, ...files.map(({wholeSteps}) => wholeSteps));
  const ended = {
    ...trace,
    stopped: trace.stopped ?? reason,
    steps_written: files.length === 0 ? -1 : stepsWritten,
    step_ms: trace.step_ms.slice(0, Math.max(0, stepsWritten))
  };
  for (const {path, tensors} of files) await sealStepFile(path, tensors, ended.steps_written);
  await writeTraceJson(dir, ended); // last: a kill before leaves a run that is still to be ended
  await unmarkWriter(dir);
  return ended;
}

interface OpenedFile {
  readonly path: string;
  readonly tensors: readonly StepTensor[];
  /** The last step of which every tensor's slab lies inside the file; −1 where there is none. */
  readonly wholeSteps: number;
}

async function openedFiles(dir: string, trace: Trace): Promise<OpenedFile[]> {
  const files: OpenedFile[] = [];
  for (const [name, stepRank] of [
    [STATES_FILE, 4],
    [READOUT_FILE, 3]
  ] as const) {
    const path = join(dir, name);
    await rm(`${path}.sealing`, {force: true});
    const isThere = await stat(path).then(
      ({size}) => size > 0,
      () => false
    );
    if (isThere) files.push(await describe(path, stepRank, trace));
  }
  return files;
}

/** Tensors of at least `stepRank` axes have steps as their first one, as the writer lays them out. */
async function describe(path: string, stepRank: number, trace: Trace): Promise<OpenedFile> {
  const file = await openSafetensors(path, {partial: true});
  await file.close();
  const tensors: StepTensor[] = [];
  let wholeSteps = Infinity;
  for (const [name, {dtype, shape, begin}] of file.tensors) {
    const [steps, ...slab] = shape;
    const tensor = {name, dtype: dtype as StepTensor["dtype"]};
    const firstStep = firstStepOf(trace, name);
    if (shape.length < stepRank) {
      tensors.push({...tensor, shape});
    } else {
      const slabBytes = countOf(slab) * dtypes[dtype].bytes;
      const rows = Math.min(steps, Math.floor((file.fileBytes - file.dataStart - begin) / slabBytes));
      tensors.push({...tensor, shape: slab, steps, firstStep});
      if (rows < steps) wholeSteps = Math.min(wholeSteps, rows - 1 + firstStep);
    }
  }
  return {path, tensors, wholeSteps: Math.max(-1, wholeSteps)};
}

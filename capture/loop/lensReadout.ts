import {writeFile} from "node:fs/promises";
import {z} from "zod";
import {Refusal} from "../trace/refusal.ts";
import {engineOptions} from "../engine/engineOptions.ts";
import {parseEdits, type Edit} from "../edits/editSchema.ts";
import {wholeIn} from "../boundedNumber.ts";
import {captureBounds} from "../bounds.ts";
import {lenses} from "../engine/choices.ts";
import {editTaps} from "../edits/editTaps.ts";
import type {Engine} from "../engine/engine.ts";
import {checkedHash} from "../engine/checkedHash.ts";
import {siteNamed} from "../model/site.ts";
import {carriedAt} from "../engine/carriedAt.ts";
import {readoutOf} from "./readout.ts";
import {openTrace, type TraceReader} from "../trace/reader.ts";
import {curvesOf, READOUT_CURVES, TOP_IDS, TOP_LOGPROBS} from "../trace/readoutNames.ts";
import {encodeSafetensors, type Tensor} from "../trace/safetensors.ts";

/** Which lens to read a run's stored states through: a plain message, as the service takes it. */
export const lensSpecSchema = z.strictObject({
  /** The trace folder. */
  dir: z.string().min(1),
  /** The folder of the checkpoint that made it. */
  model: z.string().min(1),
  ...engineOptions,
  /** One of the model's lenses. */
  lens: z.enum(lenses),
  top: wholeIn(captureBounds.top),
  /** The safetensors file to make: answers are too large for a message. */
  out: z.string().min(1)
});
export type LensSpec = z.infer<typeof lensSpecSchema>;

/**
 * Reads the stored states of a run through the coda and the head, or the head alone, whichever lens it was captured with, and
 * writes the tensors of a readout as one safetensors file. States are read as they were stored; the run's edits of the readout's
 * own sites are made again. Throws an Error for a model other than the run's, and a Refusal for a run without a state.
 */
export async function lensReadout(
  {dir, model, lens, top, out}: LensSpec,
  {engine: engineOf}: {readonly engine: () => Promise<Engine>}
): Promise<void> {
  const reader = await openTrace(dir);
  try {
    await checkedHash(model, reader.trace);
    if (reader.extentOf("state").lastStep < 0) throw new Refusal("invalid run: no state is written yet; expected at least one");
    const tensors = await readStates(reader, await engineOf(), {lens, top});
    await writeFile(out, encodeSafetensors(tensors, {lens, states: reader.trace.storage_dtype}));
  } finally {
    await reader.close();
  }
}

async function readStates(
  reader: TraceReader,
  engine: Engine,
  {lens, top}: Pick<LensSpec, "lens" | "top">
): Promise<Record<string, Tensor>> {
  const {tokens, inits, steps, edits} = reader.trace;
  const states = reader.extentOf("state").lastStep + 1;
  const paths = inits.length * tokens.length;
  const kept = Math.min(top, engine.model.vocab);
  const isOfReadout = (edit: Edit) => "site" in edit && siteNamed(engine.model, edit.site).phase === "read"; // what changes states is in them
  const taps = await editTaps(engine, parseEdits(edits).filter(isOfReadout), {
    tokens: tokens.length,
    steps,
    inits: inits.length,
    encode: () => []
  });
  const readout = readoutOf(engine, {ids: tokens.map(({id}) => id), inits: inits.length, states, top, lens, edits: taps});
  const stateAt = (step: number): Promise<Float32Array> => carriedAt(reader, engine.model, {step});
  const [ids, logprobs] = [new Int32Array(states * paths * kept), new Float32Array(states * paths * kept)];
  const curves = curvesOf(() => new Float32Array(states * paths));
  for (let step = 0; step < states; ++step) {
    const read = await readout.read(step, await stateAt(step));
    ids.set(read.topIds, step * paths * kept);
    logprobs.set(read.topLogprobs, step * paths * kept);
    for (const name of READOUT_CURVES) curves[name].set(read.curves[name], step * paths);
  }
  let step = 0;
  for await (const divergence of readout.klFinal(stateAt)) curves.kl_final.set(divergence, step++ * paths);
  const shape = [states, inits.length, tokens.length];
  return {
    [TOP_IDS]: {shape: [...shape, kept], data: ids},
    [TOP_LOGPROBS]: {shape: [...shape, kept], data: logprobs},
    ...curvesOf((name) => ({shape, data: curves[name]}))
  };
}

import type {Trace} from "../../capture/trace/schema.ts";
import {createTrace, type TraceAnnouncement, type TraceWriter} from "../../capture/trace/writer.ts";
import type {StorageDtype} from "../../capture/trace/dtype.ts";
import {safetensorsDtypeOf} from "../../capture/trace/dtype.ts";

export interface SmallTraceOptions {
  readonly steps?: number;
  readonly inits?: number;
  readonly tokens?: number;
  readonly width?: number;
  readonly storageDtype?: StorageDtype;
  readonly readout?: boolean;
}

/** A site that has a value in each step, from the first or from the initial state on. */
export const siteOf = (name: string, width: number, first_step: 0 | 1 = 0): TraceAnnouncement["sites"][number] => ({
  name,
  phase: "step",
  first_step,
  width,
  per_init: true
});

/** What a run of the given size announces; every field is filled in. */
export function smallAnnouncement({
  steps = 4,
  inits = 2,
  tokens = 3,
  width = 4,
  storageDtype = "f32",
  readout = false
}: SmallTraceOptions = {}): TraceAnnouncement & Pick<Trace, "prefix" | "state_is"> {
  return {
    schema: "orrery-trace/2",
    title: null,
    family: null,
    prefix: 0,
    state_is: null,
    model: {name: "small", hash: null, revision: null, config: {}},
    prompt: "abc",
    tokens: Array.from({length: tokens}, (_, i) => ({id: i, text: String.fromCharCode(97 + i)})),
    steps,
    inits: Array.from({length: inits}, (_, seed) => ({kind: "normal" as const, seed, scale: 1})),
    width,
    trained_steps: null,
    injects_input: true,
    state_parts: [{name: "state", width}],
    sites: [siteOf("state", width)],
    scalars: [],
    norm: {kind: "rms", weight: "ln_f", eps: 0},
    compute_dtype: "f32",
    storage_dtype: storageDtype,
    engine: {name: "none", version: "0", device: "cpu", threads: 1},
    readout: readout ? {lens: "coda", top: 1} : null,
    edits: [],
    exit_rule: null,
    software: {name: "orrery", version: "0"},
    created: "2026-01-01T00:00:00.000Z"
  };
}

/** Starts a trace with `input`, `ln_f`, `state` and, if asked for, `entropy` in its readout. */
export function startSmallTrace(dir: string, options: SmallTraceOptions = {}): Promise<TraceWriter> {
  const {steps = 4, inits = 2, tokens = 3, width = 4, storageDtype = "f32", readout = false} = options;
  return createTrace(dir, smallAnnouncement(options), {
    states: [
      {name: "input", dtype: "F32", shape: [tokens, width]},
      {name: "ln_f", dtype: "F32", shape: [width]},
      {name: "state", dtype: safetensorsDtypeOf[storageDtype], shape: [inits, tokens, width], steps: steps + 1}
    ],
    readout: readout ? [{name: "entropy", dtype: "F32", shape: [inits, tokens], steps: steps + 1}] : []
  });
}

/** Step `step` of a small trace: the number of element i is step·1000 + i, so that every element is told apart. */
export const numberedSlab = (step: number, count: number): Float32Array => Float32Array.from({length: count}, (_, i) => step * 1000 + i);

/** Writes constants and steps 0 to `last`, numbered. */
export async function writeNumbered(writer: TraceWriter, last: number): Promise<void> {
  const {inits, tokens, width, readout} = writer.trace;
  await writer.writeState("input", numberedSlab(0, tokens.length * width));
  await writer.writeState("ln_f", new Float32Array(width).fill(1));
  for (let step = 0; step <= last; ++step) {
    await writer.writeState("state", numberedSlab(step, inits.length * tokens.length * width), step);
    if (readout) await writer.writeReadout("entropy", numberedSlab(step, inits.length * tokens.length), step);
    await writer.finishStep(step, 1);
  }
}

import {join, resolve} from "node:path";
import type {CaptureSpec} from "./captureSpec.ts";
import {editTaps} from "../edits/editTaps.ts";
import type {Engine} from "../engine/engine.ts";
import {errorLine} from "../errorLine.ts";
import {initialStates, readInitialStates} from "../loop/initialState.ts";
import {iterate, type Moment} from "../loop/iterate.ts";
import {modelHash} from "../model/modelHash.ts";
import {prepareCapture, type PreparedCapture} from "./prepareCapture.ts";
import {readoutOf, type Readout} from "../loop/readout.ts";
import {isPreludeSite, siteWidthOf} from "../families/huginn/sites.ts";
import {software} from "../software.ts";
import {safetensorsDtypeOf} from "../trace/dtype.ts";
import {originOf} from "../trace/reader.ts";
import {openSafetensors} from "../trace/safetensors.ts";
import {TRACE_SCHEMA, type Trace, type TraceInit} from "../trace/schema.ts";
import type {StepTensor} from "../trace/stepFile.ts";
import {createTrace, STATES_FILE, type TraceAnnouncement, type TraceWriter} from "../trace/writer.ts";

export interface CaptureProgress {
  /** The last step on disk; −1 when the model is loaded and nothing is written yet. */
  readonly step: number;
  /** Until the last step, by the pace so far; null while there is none. */
  readonly secondsLeft: number | null;
}

export interface CaptureOptions {
  /** The loaded model; called when everything that can be checked without it has been. */
  readonly engine: () => Promise<Engine>;
  /** Stops between two steps; its reason becomes the trace's `stopped`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CaptureProgress) => void;
  readonly now?: () => Date;
}

/**
 * Runs a model over a prompt and writes what it did as a trace folder, step by step. An aborted capture gives a partial
 * trace and resolves; a failed one leaves a partial trace that says why, or none where it failed before the first state, and throws.
 */
export async function capture(
  spec: CaptureSpec,
  {engine: engineOf, signal, onProgress = () => {}, now = () => new Date()}: CaptureOptions
): Promise<Trace> {
  const prepared = await prepareCapture(spec);
  const initial = await initialOf(spec, prepared);
  signal?.throwIfAborted();
  const engine = await engineOf();
  signal?.throwIfAborted();
  const announcement = announce(spec, prepared, {engine, hash: await modelHash(prepared.checkpoint), inits: initial.inits, created: now()});
  const writer = await createTrace(spec.dir, announcement, {
    states: stateTensors(announcement, prepared),
    readout: readoutTensors(announcement)
  });
  onProgress({step: -1, secondsLeft: null});
  try {
    await run(spec, prepared, {engine, initial: initial.states, writer, signal, onProgress});
    return await writer.complete();
  } catch (error) {
    if (signal?.aborted) return writer.stop(errorLine(signal.reason));
    await writer.stop(errorLine(error));
    throw error;
  }
}

interface Initial {
  readonly inits: readonly TraceInit[];
  /** [inits, tokens, width] */
  readonly states: Float32Array;
}

async function initialOf(
  {init_states, inits, init: {kind, scale}, seed}: CaptureSpec,
  {config, tokens}: PreparedCapture
): Promise<Initial> {
  if (init_states !== undefined) {
    const read = await readInitialStates(init_states, config, {tokens: tokens.length});
    return {inits: Array.from({length: read.inits}, () => ({kind: "file", seed: null, scale: null})), states: read.states};
  }
  return {
    inits: Array.from({length: inits}, () => ({kind, seed: kind === "normal" ? seed : null, scale: kind === "zero" ? null : scale})),
    states: initialStates(config, {inits, tokens: tokens.length, seed, kind, scale})
  };
}

interface Provenance {
  readonly engine: Engine;
  readonly hash: string;
  readonly inits: readonly TraceInit[];
  readonly created: Date;
}

function announce(
  spec: CaptureSpec,
  {checkpoint, config, tokens, sites}: PreparedCapture,
  {engine, hash, inits, created}: Provenance
): TraceAnnouncement {
  return {
    schema: TRACE_SCHEMA,
    title: spec.title ?? null,
    model: {name: checkpoint.name, hash, revision: null, config: checkpoint.configJson as Record<string, unknown>},
    prompt: spec.prompt ?? null,
    tokens: [...tokens],
    steps: spec.steps,
    inits: [...inits],
    width: config.width,
    sites: [...sites],
    compute_dtype: spec.dtype,
    storage_dtype: spec.storage_dtype,
    engine: engine.info,
    readout: spec.readout && {lens: spec.readout.lens, top: Math.min(spec.readout.top, config.vocab)},
    edits: spec.edits,
    exit_rule: null,
    software,
    ...(spec.owner !== undefined && {owner: spec.owner}),
    created: created.toISOString()
  };
}

/** Constants first; what the prelude makes has no step axis. */
function stateTensors({tokens, inits, steps, width, sites, storage_dtype}: TraceAnnouncement, {config}: PreparedCapture): StepTensor[] {
  const dtype = safetensorsDtypeOf[storage_dtype];
  const constants = [...new Set(["input", ...sites.filter((site) => isPreludeSite(config, site))])];
  return [
    {name: "ln_f", dtype: "F32", shape: [width]},
    ...constants.map((name) => ({name, dtype, shape: [tokens.length, siteWidthOf(config, name)]})),
    ...sites
      .filter((site) => !isPreludeSite(config, site))
      .map((name) => {
        const firstStep = originOf(name);
        return {name, dtype, shape: [inits.length, tokens.length, siteWidthOf(config, name)], steps: steps + 1 - firstStep, firstStep};
      })
  ];
}

function readoutTensors({tokens, inits, steps, readout}: TraceAnnouncement): StepTensor[] {
  if (!readout) return [];
  const rows = {steps: steps + 1};
  const shape = [inits.length, tokens.length];
  const curves = ["entropy", "kl_prev", "kl_final", "target_logprob"].map((name) => ({name, dtype: "F32" as const, shape, ...rows}));
  return [
    {name: "top_ids", dtype: "I32", shape: [...shape, readout.top], ...rows},
    {name: "top_logprobs", dtype: "F32", shape: [...shape, readout.top], ...rows},
    ...curves
  ];
}

interface RunParts extends Pick<CaptureOptions, "signal"> {
  readonly engine: Engine;
  readonly initial: Float32Array;
  readonly writer: TraceWriter;
  readonly onProgress: (progress: CaptureProgress) => void;
}

async function run(
  {steps, edits}: CaptureSpec,
  {config, tokens, sites, encode}: PreparedCapture,
  {engine, initial, writer, signal, onProgress}: RunParts
): Promise<void> {
  const {trace} = writer;
  const ids = tokens.map(({id}) => id);
  const inits = trace.inits.length;
  const taps = await editTaps(engine, edits, {tokens: ids.length, steps, inits, encode});
  const readout = trace.readout && readoutOf(engine, {ids, inits, states: steps + 1, edits: taps, ...trace.readout});
  const recorded = [...new Set(["input", ...sites.filter((site) => site !== "state")])];
  await writer.writeState("ln_f", engine.finalNorm);
  const begun = performance.now();
  let before = begun;
  for await (const moment of iterate(engine, {ids, initial, inits, steps, sites: recorded, edits: taps, signal})) {
    const {step} = moment;
    await writeMoment(writer, moment, (site) => isPreludeSite(config, site));
    if (readout) await writeReadout(writer, readout, moment);
    const after = performance.now();
    await writer.finishStep(step, after - before);
    onProgress({step, secondsLeft: step === 0 ? null : (((after - begun) / (step + 1)) * (steps - step)) / 1000});
    before = performance.now();
  }
  if (readout) await writeFinalDivergence(writer, readout, {signal, stateCount: inits * ids.length * config.width});
}

async function writeMoment(writer: TraceWriter, {step, state, sites}: Moment, isConstant: (site: string) => boolean): Promise<void> {
  await writer.writeState("state", state, step);
  for (const [site, value] of sites) {
    if (isConstant(site)) await writer.writeState(site, value);
    else await writer.writeState(site, value, step);
  }
}

async function writeReadout(writer: TraceWriter, readout: Readout, {step, state, sites}: Moment): Promise<void> {
  const logits = writer.trace.readout?.lens === "coda" ? sites.get("logits") : undefined; // computed already
  const {topIds, topLogprobs, entropy, klPrev, targetLogprob} = await readout.read(step, state, logits);
  await writer.writeReadout("top_ids", topIds, step);
  await writer.writeReadout("top_logprobs", topLogprobs, step);
  await writer.writeReadout("entropy", entropy, step);
  await writer.writeReadout("kl_prev", klPrev, step);
  await writer.writeReadout("kl_final", new Float32Array(entropy.length).fill(NaN), step); // unknown until the last step
  await writer.writeReadout("target_logprob", targetLogprob, step);
}

/** States that are needed again come from the disk, in the storage dtype. */
async function writeFinalDivergence(
  writer: TraceWriter,
  readout: Readout,
  {signal, stateCount}: {signal?: AbortSignal; stateCount: number}
): Promise<void> {
  const file = await openSafetensors(join(resolve(writer.dir), STATES_FILE));
  try {
    let step = 0;
    for await (const divergence of readout.klFinal((at) => file.readFloats("state", at * stateCount, stateCount))) {
      signal?.throwIfAborted();
      await writer.writeReadout("kl_final", divergence, step++);
    }
  } finally {
    await file.close();
  }
}

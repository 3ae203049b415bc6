import {join, resolve} from "node:path";
import type {CaptureSpec} from "./captureSpec.ts";
import {editTaps} from "../edits/editTaps.ts";
import type {Engine} from "../engine/engine.ts";
import {errorLine} from "../errorLine.ts";
import {initialStates, initKinds, readInitialStates, statesOfParts} from "../loop/initialState.ts";
import {isDrawn} from "../model/notOffered.ts";
import {withPart} from "../model/parts.ts";
import {iterate, type Moment} from "../loop/iterate.ts";
import {modelHash} from "../model/modelHash.ts";
import {prepareCapture, type PreparedCapture} from "./prepareCapture.ts";
import {readoutOf, type Readout} from "../loop/readout.ts";
import {software} from "../software.ts";
import {openSafetensors} from "../trace/safetensors.ts";
import type {Model} from "../model/family.ts";
import {INPUT, LOGITS, siteNamed, STATE} from "../model/site.ts";
import {READOUT_CURVES, TOP_IDS, TOP_LOGPROBS, type ReadoutCurve} from "../trace/readoutNames.ts";
import {TRACE_SCHEMA, type Trace, type TraceInit} from "../trace/schema.ts";
import {modelFields, readoutTensors, stateTensors} from "./traceLayout.ts";
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
  const given = spec.init_states === undefined ? undefined : await givenStates(spec.init_states, prepared);
  signal?.throwIfAborted();
  const engine = await engineOf();
  signal?.throwIfAborted();
  const initial = await initialOf(engine, spec, {prepared, given});
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
    await writer.stop(errorLine(error)).catch(() => {}); // what went wrong first is told; the run is then one of a dead writer
    throw error;
  }
}

interface Initial {
  readonly inits: readonly TraceInit[];
  /** [inits, tokens, carriedWidth] */
  readonly states: Float32Array;
}

type GivenStates = Awaited<ReturnType<typeof readInitialStates>>;

const givenStates = (path: string, {model, tokens}: PreparedCapture): Promise<GivenStates> =>
  readInitialStates(path, model, {tokens: tokens.length});

async function initialOf(
  engine: Engine,
  {inits, init: {kind, scale}, seed}: CaptureSpec,
  {prepared: {model, tokens}, given}: {readonly prepared: PreparedCapture; readonly given: GivenStates | undefined}
): Promise<Initial> {
  const ids = tokens.map(({id}) => id);
  if (given) {
    const start =
      given.parts.size === model.parts.length ? new Float32Array(ids.length * model.carriedWidth) : (await engine.begin(ids)).start;
    return {
      inits: Array.from({length: given.inits}, () => ({kind: "file", seed: null, scale: null})),
      states: statesOfParts(model, {...given, start})
    };
  }
  const options = {inits, seed, kind, scale};
  const start = isDrawn(model) ? undefined : (await engine.begin(ids)).start;
  return {inits: initKinds(model, options), states: initialStates(model, {...options, tokens: ids.length, start})};
}

interface Provenance {
  readonly engine: Engine;
  readonly hash: string;
  readonly inits: readonly TraceInit[];
  readonly created: Date;
}

function announce(
  spec: CaptureSpec,
  {checkpoint, model, tokens, prefix, sites, readout}: PreparedCapture,
  {engine, hash, inits, created}: Provenance
): TraceAnnouncement {
  return {
    schema: TRACE_SCHEMA,
    title: spec.title ?? null,
    model: {name: checkpoint.name, hash, revision: null, config: checkpoint.configJson as Record<string, unknown>},
    prompt: spec.prompt ?? null,
    prefix,
    tokens: [...tokens],
    steps: spec.steps,
    inits: [...inits],
    ...modelFields(model, sites),
    scalars: readout ? [...model.scalars] : [],
    compute_dtype: spec.dtype,
    storage_dtype: spec.storage_dtype,
    engine: engine.info,
    readout,
    edits: spec.edits,
    exit_rule: null,
    software,
    ...(spec.owner !== undefined && {owner: spec.owner}),
    created: created.toISOString()
  };
}

interface RunParts extends Pick<CaptureOptions, "signal"> {
  readonly engine: Engine;
  readonly initial: Float32Array;
  readonly writer: TraceWriter;
  readonly onProgress: (progress: CaptureProgress) => void;
}

async function run(
  {steps, edits}: CaptureSpec,
  {model, tokens, sites, tokenizer}: PreparedCapture,
  {engine, initial, writer, signal, onProgress}: RunParts
): Promise<void> {
  const {trace} = writer;
  const ids = tokens.map(({id}) => id);
  const inits = trace.inits.length;
  const taps = await editTaps(engine, edits, {tokens: ids.length, steps, inits, encode: tokenizer.encode});
  const readout = trace.readout && readoutOf(engine, {ids, inits, states: steps + 1, edits: taps, ...trace.readout});
  const injected = model.inputWidth > 0 ? [INPUT] : [];
  const recorded = [...new Set([...injected, ...sites.map(({name}) => name).filter((name) => name !== STATE), ...trace.scalars])];
  const seen = new Set<number>();
  if (trace.norm?.weight) await writer.writeState(trace.norm.weight, await engine.weight(model.stateNorm!.weight!));
  const begun = performance.now();
  let before = begun;
  try {
    for await (const moment of iterate(engine, {ids, initial, inits, steps, sites: recorded, edits: taps, prefix: trace.prefix, signal})) {
      const {step} = moment;
      await writeMoment(writer, moment, model);
      if (readout) await writeReadout(writer, {readout, seen, logitsLens: model.lenses[0]}, moment);
      const after = performance.now();
      await writer.finishStep(step, after - before);
      onProgress({step, secondsLeft: step === 0 ? null : (((after - begun) / (step + 1)) * (steps - step)) / 1000});
      before = performance.now();
    }
    if (readout) await writeFinalDivergence(writer, readout, {model, signal});
  } finally {
    if (seen.size > 0) await writer.writeTexts(new Map([...seen].sort((a, b) => a - b).map((id) => [id, tokenizer.text(id)])));
  }
}

async function writeMoment(writer: TraceWriter, {step, state, sites}: Moment, model: Model): Promise<void> {
  await writer.writeState(STATE, state, step);
  const asked = new Set([INPUT, ...writer.trace.sites.map(({name}) => name)]);
  for (const [name, value] of sites) {
    if (!asked.has(name)) continue; // a number about the step, which stands in the readout
    if (siteNamed(model, name).phase === "before") await writer.writeState(name, value);
    else await writer.writeState(name, value, step);
  }
}

interface SeenReadout {
  readonly readout: Readout;
  /** Tokens that were among the top ones. */
  readonly seen: Set<number>;
  /** The lens whose logits a moment may have. */
  readonly logitsLens: string;
}

async function writeReadout(writer: TraceWriter, {readout, seen, logitsLens}: SeenReadout, {step, carried, sites}: Moment): Promise<void> {
  const known = logitsLens === writer.trace.readout?.lens ? sites.get(LOGITS) : undefined; // computed already
  const {topIds, topLogprobs, curves} = await readout.read(step, carried, known);
  for (const id of topIds) seen.add(id);
  await writer.writeReadout(TOP_IDS, topIds, step);
  await writer.writeReadout(TOP_LOGPROBS, topLogprobs, step);
  for (const name of READOUT_CURVES) await writer.writeReadout(name, curves[name], step);
  for (const name of writer.trace.scalars)
    await writer.writeReadout(name, sites.get(name) ?? new Float32Array(curves.entropy.length).fill(NaN), step);
}

/** States that are needed again come from the disk, in the storage dtype. */
async function writeFinalDivergence(
  writer: TraceWriter,
  readout: Readout,
  {model, signal}: {readonly model: Model; readonly signal?: AbortSignal}
): Promise<void> {
  const file = await openSafetensors(join(resolve(writer.dir), STATES_FILE));
  const {inits, tokens} = writer.trace;
  const rows = inits.length * tokens.length;
  const stateAt = async (step: number): Promise<Float32Array> => {
    let carried: Float32Array = new Float32Array(rows * model.carriedWidth);
    for (const {name, width} of model.parts)
      carried = withPart(model, carried, {name, value: await file.readFloats(name, step * rows * width, rows * width)});
    return carried;
  };
  try {
    let step = 0;
    for await (const divergence of readout.klFinal(stateAt)) {
      signal?.throwIfAborted();
      await writer.writeReadout("kl_final" satisfies ReadoutCurve, divergence, step++);
    }
  } finally {
    await file.close();
  }
}

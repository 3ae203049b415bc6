import type {Checkpoint} from "../model/checkpoint.ts";
import type {Engine} from "../engine/engine.ts";
import {modelFields, readoutTensors, stateTensors} from "../job/traceLayout.ts";
import {initKinds} from "../loop/initialState.ts";
import {modelHash} from "../model/modelHash.ts";
import {INPUT, siteNamed, STATE} from "../model/site.ts";
import type {Tokenizer} from "../model/tokenizer.ts";
import {software} from "../software.ts";
import {TRACE_SCHEMA, type Trace} from "../trace/schema.ts";
import {createTrace, type TraceAnnouncement, type TraceWriter} from "../trace/writer.ts";
import type {GenerateSpec} from "./generateSpec.ts";
import {stateOf, type PositionReadout, type PositionRecord} from "./positionRecord.ts";

/** Most likely tokens that are kept of each position and step. */
export const KEPT_TOP = 5;

interface KeepOptions {
  readonly engine: Engine;
  readonly checkpoint: Checkpoint;
  readonly tokenizer: Tokenizer;
  /** Tokens of the prompt: those after them were chosen. */
  readonly prompted: number;
  readonly created: Date;
}

/** Writes what a generation's positions went through as a trace folder, which opens like any other. */
export async function keepTrace(
  spec: GenerateSpec & {readonly keep: string},
  records: readonly PositionRecord[],
  options: KeepOptions
): Promise<Trace> {
  const {engine, tokenizer} = options;
  const {model} = engine;
  const sites = model.parts.map(({name}) => siteNamed(model, name));
  const announcement = await announce(spec, records, options);
  const writer = await createTrace(spec.keep, announcement, {
    states: stateTensors(announcement, {model, sites}),
    readout: readoutTensors(announcement)
  });
  try {
    if (announcement.norm?.weight) await writer.writeState(announcement.norm.weight, await engine.weight(model.stateNorm!.weight!));
    if (model.inputWidth > 0) await writer.writeState(INPUT, joined(records.map(({input}) => input)));
    for (let step = 0; step <= announcement.steps; ++step) {
      for (const {name} of model.parts)
        await writer.writeState(name, joined(records.map((record) => stateOf(model, record, step, name))), step);
      await writeReadout(writer, records, step);
      await writer.finishStep(step, 0);
    }
    const seen = new Set(records.flatMap(({readouts}) => readouts.flatMap(({topIds}) => [...topIds])));
    await writer.writeTexts(new Map([...seen].sort((a, b) => a - b).map((id) => [id, tokenizer.text(id)])));
    return await writer.complete();
  } catch (error) {
    await writer.stop("the trace could not be written").catch(() => {}); // what went wrong first is told
    throw error;
  }
}

async function announce(
  spec: GenerateSpec,
  records: readonly PositionRecord[],
  {engine, checkpoint, tokenizer, prompted, created}: KeepOptions
): Promise<TraceAnnouncement> {
  const {model} = engine;
  const steps = records.map(({states}) => states.length - 1);
  return {
    schema: TRACE_SCHEMA,
    title: spec.title ?? null,
    ...modelFields(model, [siteNamed(model, STATE), ...model.parts.slice(1).map(({name}) => siteNamed(model, name))]),
    model: {
      name: checkpoint.name,
      hash: await modelHash(checkpoint),
      revision: null,
      config: checkpoint.configJson as Record<string, unknown>
    },
    prompt: spec.prompt ?? null,
    tokens: tokenizer.tokens(records.map(({id}) => id)),
    steps: Math.max(...steps),
    inits: initKinds(model, {inits: 1, seed: spec.seed, ...spec.init}),
    scalars: [],
    compute_dtype: spec.dtype,
    storage_dtype: "f32",
    engine: engine.info,
    readout: {lens: model.lenses[0], top: Math.min(KEPT_TOP, model.vocab)},
    edits: [],
    exit_rule: spec.exit ?? null,
    generated: {from: Math.min(prompted, records.length), steps, kv: spec.kv},
    software,
    ...(spec.owner !== undefined && {owner: spec.owner}),
    created: created.toISOString()
  };
}

async function writeReadout(writer: TraceWriter, records: readonly PositionRecord[], step: number): Promise<void> {
  const readouts = records.map(({readouts}) => readouts[Math.min(step, readouts.length - 1)]);
  const last = records.map(({readouts}) => step > readouts.length - 1);
  await writer.writeReadout("top_ids", Int32Array.from(readouts.flatMap(({topIds}) => [...topIds])), step);
  await writer.writeReadout("top_logprobs", Float32Array.from(readouts.flatMap(({topLogprobs}) => [...topLogprobs])), step);
  await writer.writeReadout(
    "entropy",
    Float32Array.from(readouts, ({entropy}) => entropy),
    step
  );
  await writer.writeReadout(
    "kl_prev",
    Float32Array.from(readouts, ({klPrev}, i) => (last[i] ? 0 : klPrev)),
    step
  ); // it stays where it left
  await writer.writeReadout(
    "kl_final",
    Float32Array.from(readouts, ({klFinal}) => klFinal),
    step
  );
  await writer.writeReadout(
    "target_logprob",
    Float32Array.from(readouts, (readout, i) => logprobOf(readout, records[i + 1]?.id)),
    step
  );
}

/** Of the token that follows, where it is among the top ones; the others' were not kept. */
function logprobOf({topIds, topLogprobs}: PositionReadout, id: number | undefined): number {
  const place = id === undefined ? -1 : topIds.indexOf(id);
  return place < 0 ? Number.NaN : topLogprobs[place];
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
  let at = 0;
  for (const row of rows) {
    all.set(row, at);
    at += row.length;
  }
  return all;
}

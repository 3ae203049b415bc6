import type {Checkpoint} from "../model/checkpoint.ts";
import type {Engine} from "../engine/engine.ts";
import {modelFields, readoutTensors, stateTensors} from "../job/traceLayout.ts";
import {initKinds} from "../loop/initialState.ts";
import {modelHash} from "../model/modelHash.ts";
import {INPUT, siteNamed, STATE} from "../model/site.ts";
import type {Tokenizer} from "../model/tokenizer.ts";
import {software} from "../software.ts";
import {READOUT_CURVES, TOP_IDS, TOP_LOGPROBS, type ReadoutCurve} from "../trace/readoutNames.ts";
import {TRACE_SCHEMA, type Trace} from "../trace/schema.ts";
import {createTrace, type TraceAnnouncement, type TraceWriter} from "../trace/writer.ts";
import type {GenerateSpec} from "./generateSpec.ts";
import {positionReadout, type PositionReadout} from "./positionReadout.ts";
import {stateOf, type PositionRecord} from "./positionRecord.ts";

const TOP = 5; // most likely tokens that are kept of each position and step

interface KeepOptions {
  readonly engine: Engine;
  readonly checkpoint: Checkpoint;
  readonly tokenizer: Tokenizer;
  /** Tokens of the prompt: those after them were chosen. */
  readonly prompted: number;
  /** Tokens of it that see one another in both directions. */
  readonly prefix: number;
  /** The token after the last position; undefined where none was chosen. */
  readonly next: number | undefined;
  /** How the cache was shared. */
  readonly kv: string;
  /** Steps of a token at most. */
  readonly limit: number;
  readonly created: Date;
}

/** Writes what a generation's positions went through as a trace folder, which opens like any other. */
export async function keepTrace(
  spec: GenerateSpec & {readonly keep: string},
  records: readonly PositionRecord[],
  options: KeepOptions
): Promise<Trace> {
  const {engine, tokenizer, next} = options;
  const {model} = engine;
  const top = Math.min(TOP, model.vocab);
  const readouts: PositionReadout[] = [];
  for (const [i, record] of records.entries())
    readouts.push(await positionReadout(engine, record, {top, target: i + 1 < records.length ? records[i + 1].id : next}));
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
      await writeReadout(writer, readouts, step);
      for (const name of announcement.scalars)
        await writer.writeReadout(
          name,
          Float32Array.from(records, ({gates}) => gates[Math.min(step, gates.length - 1)]),
          step
        );
      await writer.finishStep(step, 0);
    }
    const seen = new Set(readouts.flatMap(({topIds}) => [...topIds]));
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
  {engine, checkpoint, tokenizer, prompted, prefix, kv, limit, created}: KeepOptions
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
    prefix,
    tokens: tokenizer.tokens(records.map(({id}) => id)),
    steps: Math.max(...steps),
    inits: initKinds(model, {inits: 1, seed: spec.seed, ...spec.init}),
    scalars: model.exitGate === undefined ? [] : [model.exitGate],
    compute_dtype: spec.dtype,
    storage_dtype: "f32",
    engine: engine.info,
    readout: {lens: model.lenses[0], top: Math.min(TOP, model.vocab)},
    edits: [],
    exit_rule: spec.exit ?? null,
    generated: {from: Math.min(prompted, records.length), steps, kv, asked: {...askedOf(spec), steps: limit}},
    software,
    ...(spec.owner !== undefined && {owner: spec.owner}),
    created: created.toISOString()
  };
}

/** What was asked for, but for what the trace has by other names. */
function askedOf({
  model: _model,
  keep: _keep,
  owner: _owner,
  title: _title,
  prompt: _prompt,
  token_ids: _ids,
  ...asked
}: GenerateSpec): Record<string, unknown> {
  return asked;
}

/** Past its last step a position stays where it left. */
async function writeReadout(writer: TraceWriter, readouts: readonly PositionReadout[], step: number): Promise<void> {
  const at = ({entropy}: PositionReadout) => Math.min(step, entropy.length - 1);
  const curves: Readonly<Record<ReadoutCurve, (one: PositionReadout) => number>> = {
    entropy: (one) => one.entropy[at(one)],
    kl_prev: (one) => (step > at(one) ? 0 : one.klPrev[step]),
    kl_final: (one) => one.klFinal[at(one)],
    target_logprob: (one) => one.targetLogprob[at(one)]
  };
  const top = (one: PositionReadout) => one.topIds.length / one.entropy.length;
  const topOf = <A extends Int32Array | Float32Array>(one: PositionReadout, all: A) =>
    all.subarray(at(one) * top(one), (at(one) + 1) * top(one));
  await writer.writeReadout(TOP_IDS, Int32Array.from(readouts.flatMap((one) => [...topOf(one, one.topIds)])), step);
  await writer.writeReadout(TOP_LOGPROBS, Float32Array.from(readouts.flatMap((one) => [...topOf(one, one.topLogprobs)])), step);
  for (const name of READOUT_CURVES) await writer.writeReadout(name, Float32Array.from(readouts, curves[name]), step);
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

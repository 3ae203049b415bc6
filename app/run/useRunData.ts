import {numberedToken, READOUT_MEASURES, STATE_MEASURES} from "../../api/contract/choices.ts";
import type {Run} from "../../api/contract/contract.ts";
import {useRemote, type Remote} from "../source/remote.ts";
import {fieldsOf, type RunData} from "./runData.ts";
import {rankField, readoutOf} from "../plot/readout.ts";
import {joinSlices, slicesOf} from "../source/slices.ts";
import type {Tensor, Tensors} from "../source/safetensors.ts";
import type {Source} from "../source/Source.ts";
import {ServerError} from "../source/transport.ts";
import {useSource} from "../source/sourceContext.ts";

/** Everything of one run; asked again while it grows. A large run is there from its first steps on. */
export function useRunData(run: string, site: string, version: string): Remote<RunData> {
  const source = useSource();
  return useRemote((signal, part) => loadRun(source, run, site, {signal, part}), [run, site], version);
}

interface LoadOptions {
  readonly signal?: AbortSignal;
  /** Called with the run as far as it has come. */
  readonly part?: (data: RunData) => void;
}

const METRIC_BYTES = 4 * STATE_MEASURES.length;
const CURVE_BYTES = 4 * READOUT_MEASURES.length;
const TOP_BYTES = 8; // an id and a log-probability

export async function loadRun(source: Source, id: string, site: string, {signal, part}: LoadOptions = {}): Promise<RunData> {
  const run = await source.run(id, signal);
  const {readout, inits, tokens, steps_written} = run.trace;
  // slices of a growing run would be of different moments
  const slices = run.summary.live
    ? [undefined]
    : slicesOf({
        lastStep: steps_written,
        paths: inits.length * tokens.length,
        stateBytes: METRIC_BYTES + (readout ? CURVE_BYTES + readout.top * TOP_BYTES : 0)
      });
  const [metrics, readings]: [Tensors[], Tensors[]] = [[], []];
  for (const slice of slices) {
    const [measured, read] = await Promise.all([
      source.metrics(id, site, slice, signal),
      readout ? source.readout(id, slice, signal) : undefined
    ]);
    metrics.push(measured);
    if (read) readings.push(read);
    if (slice && slice.to < steps_written) part?.(await dataOf(source, run, {metrics, readings, signal}));
  }
  return dataOf(source, run, {metrics, readings, signal});
}

async function dataOf(
  source: Source,
  run: Run,
  {metrics, readings, signal}: {metrics: readonly Tensors[]; readings: readonly Tensors[]; signal?: AbortSignal}
): Promise<RunData> {
  const measured = fieldsOf(joinSlices(metrics));
  const read = readings.length ? joinSlices(readings) : undefined;
  const fields = {...measured, ...(read && fieldsOf(read))};
  const readout = read && readoutOf(read, await wordsOf(source, run, read, signal));
  if (readout) fields.rank = rankField(readout);
  return {...run, fields, readout, names: run.trace.tokens.map(({text}) => text), lastStep: (fields.distance?.steps ?? 1) - 1};
}

const knownWords = new Map<string, Map<number, string>>(); // by model: a growing run asks only for what is new

/** The texts of a readout's ids: the run's own, else the model's. What neither knows is shown as a number. */
export async function wordsOf(
  source: Source,
  {summary, trace}: Pick<Run, "summary" | "trace">,
  {tensors}: Tensors,
  signal?: AbortSignal
): Promise<ReadonlyMap<number, string>> {
  const {name, hash} = trace.model;
  const key = `${name} ${hash}`;
  const known = knownWords.get(key) ?? new Map(trace.tokens.map(({id, text}) => [id, text]));
  knownWords.set(key, known);
  const unknown = () => (tensors.top_ids ? distinctIn(tensors.top_ids) : []).filter((id) => id >= 0 && !known.has(id));
  if (unknown().length === 0) return known;
  for (const [id, text] of Object.entries(await source.texts(summary.id, signal))) known.set(Number(id), text);
  const missing = unknown();
  if (missing.length === 0) return known;
  try {
    for (const {id, text} of await source.words(name, missing, signal)) known.set(id, text);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    for (const id of missing) known.set(id, numberedToken(id)); // the run came from elsewhere; its numbers stand without the words
  }
  return known;
}

/** The ids of a readout once each; where a step says what the one before it said, as most of a long run do, nothing is looked up. */
function distinctIn({data, shape: [steps]}: Tensor): number[] {
  const found = new Set<number>();
  const slab = data.length / steps;
  for (let i = 0; i < data.length; ++i) if (data[i] !== data[i - slab]) found.add(data[i]);
  return [...found];
}

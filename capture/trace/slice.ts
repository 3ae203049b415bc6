import type {Trace} from "./schema.ts";
import {Refusal} from "./refusal.ts";
import type {SafetensorsFile, Span} from "./tensorPlaces.ts";

/** Which part of a site to read; every list defaults to all, in their order. */
export interface SliceOptions {
  /** First and last step, both included. */
  readonly steps?: readonly [number, number];
  readonly inits?: readonly number[];
  readonly tokens?: readonly number[];
}

/** A slab of a site, [steps, inits, tokens, width] row-major; `firstStep` is the step of row 0. */
export interface SiteSlice {
  readonly site: string;
  readonly firstStep: number;
  readonly steps: number;
  readonly inits: number;
  readonly tokens: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** The steps that a site has on disk, both included (the last is below the first where there is none), and its last axis. */
export interface SiteExtent {
  readonly firstStep: number;
  readonly lastStep: number;
  readonly width: number;
}

/** Part of a stored site, read to where `into` says or to fresh memory. Throws a Refusal that names the range allowed. */
export async function readSlice(
  states: SafetensorsFile,
  trace: Trace,
  site: string,
  {steps, inits, tokens}: SliceOptions = {},
  into?: Float32Array
): Promise<SiteSlice> {
  const [, allInits, allTokens, width] = states.tensors.get(site)!.shape;
  const extent = extentOf(states, trace, site);
  const origin = extent.firstStep;
  const {
    steps: [from, to],
    inits: chosenInits,
    tokens: chosenTokens
  } = sliceWithin(site, {...extent, inits: allInits, tokens: allTokens}, {steps, inits, tokens});
  const count = to - from + 1;
  const shape = {site, firstStep: from, steps: count, inits: chosenInits.length, tokens: chosenTokens.length, width};
  const slab = allInits * allTokens * width;
  if (!inits && !tokens && !into) return {...shape, data: await states.readFloats(site, (from - origin) * slab, count * slab)};
  const numbers = count * chosenInits.length * chosenTokens.length * width;
  const data = into?.subarray(0, numbers) ?? new Float32Array(numbers);
  const spans: Span[] = [];
  for (let step = from; step <= to; ++step)
    for (const init of chosenInits)
      for (const [first, length] of runsOf(chosenTokens))
        spans.push({from: (step - origin) * slab + (init * allTokens + first) * width, count: length * width});
  await states.readSpans(site, spans, data);
  return {...shape, data};
}

/** What is asked of a site, every list said. Throws a Refusal that names the range allowed. */
export function sliceWithin(
  site: string,
  all: Pick<SiteExtent, "firstStep" | "lastStep"> & {readonly inits: number; readonly tokens: number},
  {steps: [from, to] = [all.firstStep, all.lastStep], inits, tokens}: SliceOptions
): Required<SliceOptions> {
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= all.firstStep && to <= all.lastStep && from <= to + 1))
    throw new Refusal(`invalid steps of ${site}: ${from} to ${to}; expected ${all.firstStep} to ${all.lastStep}`);
  return {steps: [from, to], inits: chosen("init", inits, all.inits), tokens: chosen("token", tokens, all.tokens)};
}

/** What a stored site has on disk. */
export function extentOf(states: SafetensorsFile, trace: Trace, site: string): SiteExtent {
  const firstStep = firstStepOf(trace, site);
  const [rows, , , width] = states.tensors.get(site)!.shape;
  return {firstStep, lastStep: Math.min(trace.steps_written, firstStep + rows - 1), width};
}

/** The step of a tensor's row 0: what only a step makes starts at 1, everything else at the initial state. */
export const firstStepOf = ({sites}: Pick<Trace, "sites">, name: string): number =>
  sites.find((site) => site.name === name)?.first_step ?? 0;

function chosen(what: string, list: readonly number[] | undefined, count: number): readonly number[] {
  if (!list) return Array.from({length: count}, (_, i) => i);
  for (const i of list)
    if (!(Number.isInteger(i) && i >= 0 && i < count)) throw new Refusal(`invalid ${what}: ${i}; expected 0 to ${count - 1}`);
  return list;
}

/** Consecutive indices as [first, length], so that neighbours are read at once. */
function runsOf(indices: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const index of indices) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] === index) last[1] += 1;
    else runs.push([index, 1]);
  }
  return runs;
}

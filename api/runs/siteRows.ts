import type {RowSource} from "../../analysis/projections/rowSource.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {firstStepOf, type SliceOptions} from "../../capture/trace/slice.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** Which part of a run to export; lists default to all. */
export type Part = Pick<SliceOptions, "inits" | "tokens">;

/** A site of a run, step by step: `firstStep` to `lastStep`, each a slab [inits, tokens, width] of the chosen part. */
export interface SteppedSite {
  readonly site: string;
  readonly firstStep: number;
  readonly lastStep: number;
  readonly inits: readonly number[];
  readonly tokens: readonly number[];
  readonly width: number;
  slab(step: number): Promise<Float32Array>;
  /** Fills `into` with the rows from `first` on, in the order `[step][init][token]`, where the part is the whole site. */
  readonly fill?: (first: number, into: Float32Array) => Promise<void>;
}

/** Throws a Refusal for a run that has written nothing, and for sites, inits and tokens that it does not have. */
export async function steppedSite(reader: TraceReader, site: string, {inits, tokens}: Part = {}): Promise<SteppedSite> {
  const {trace} = reader;
  const firstStep = firstStepOf(trace, site);
  if (trace.steps_written < firstStep) throw new Refusal(`invalid run: ${site} is not written yet; expected at least one step`);
  const probe = await reader.readSite(site, {steps: [firstStep, firstStep], inits, tokens});
  return {
    site,
    firstStep,
    lastStep: trace.steps_written,
    inits: inits ?? trace.inits.map((_, i) => i),
    tokens: tokens ?? trace.tokens.map((_, i) => i),
    width: probe.width,
    slab: async (step) => (step === firstStep ? probe : await reader.readSite(site, {steps: [step, step], inits, tokens})).data,
    ...(inits === undefined && tokens === undefined && {fill: (first: number, into: Float32Array) => reader.readRows(site, first, into)})
  };
}

/** The states as rows in the order `[step][init][token]`, for a basis fitted on more than fits in memory. */
export function rowsOfSite({firstStep, lastStep, inits, tokens, width, slab, fill}: SteppedSite): RowSource {
  const perStep = inits.length * tokens.length;
  let kept: {step: number; data: Float32Array} | undefined; // blocks need not end where steps do
  return {
    rows: (lastStep - firstStep + 1) * perStep,
    cols: width,
    async read(start, count, into) {
      const room = into.subarray(0, count * width);
      if (fill) {
        await fill(start, room);
        return room;
      }
      for (let row = start; row < start + count; ) {
        const step = firstStep + Math.floor(row / perStep);
        if (kept?.step !== step) kept = {step, data: await slab(step)};
        const within = row % perStep;
        const part = kept.data.subarray(within * width, (within + start + count - row) * width);
        into.set(part, (row - start) * width);
        row += part.length / width;
      }
      return room;
    }
  };
}

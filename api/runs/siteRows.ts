import type {RowSource} from "../../analysis/projections/rowSource.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {firstStepOf, type SliceOptions} from "../../capture/trace/slice.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** Which part of a run to export; lists default to all. */
export type Part = Pick<SliceOptions, "inits" | "tokens">;

/** What of a run's states, as float32 numbers, is held in memory at once: with what is made of them, well within 2 GiB. */
export const CHUNK_BYTES = 256 * 2 ** 20;

/** The chosen part of a site of a run, `firstStep` to `lastStep`. */
export interface SteppedSite {
  readonly site: string;
  readonly firstStep: number;
  readonly lastStep: number;
  readonly inits: readonly number[];
  readonly tokens: readonly number[];
  readonly width: number;
  /** Some of its states, [steps, inits, tokens, width], by their indices in the run; at the beginning of `into`, where that is given. */
  read(part: Required<SliceOptions>, into?: Float32Array): Promise<Float32Array>;
  /** Fills `into` with the rows from `first` on, in the order `[step][init][token]`, where the part is the whole site. */
  readonly fill?: (first: number, into: Float32Array) => Promise<void>;
}

/** Throws a Refusal for a run that has written nothing, and for sites, inits and tokens that it does not have. */
export async function steppedSite(reader: TraceReader, site: string, {inits, tokens}: Part = {}): Promise<SteppedSite> {
  const {trace} = reader;
  const firstStep = firstStepOf(trace, site);
  if (trace.steps_written < firstStep) throw new Refusal(`invalid run: no step of ${site} is written yet; expected at least one`);
  const {width} = await reader.readSite(site, {steps: [firstStep, firstStep - 1], inits, tokens}); // nothing but the check of what is asked for
  return {
    site,
    firstStep,
    lastStep: trace.steps_written,
    inits: inits ?? trace.inits.map((_, i) => i),
    tokens: tokens ?? trace.tokens.map((_, i) => i),
    width,
    read: async (part, into) => (await reader.readSite(site, part, into)).data,
    ...(inits === undefined && tokens === undefined && {fill: (first: number, into: Float32Array) => reader.readRows(site, first, into)})
  };
}

/** The states as rows in the order `[step][init][token]`, for a basis fitted on more than fits in memory. */
export function rowsOfSite({firstStep, lastStep, inits, tokens, width, read, fill}: SteppedSite): RowSource {
  const paths = inits.length * tokens.length;
  return {
    rows: (lastStep - firstStep + 1) * paths,
    cols: width,
    async read(start, count, into) {
      const room = into.subarray(0, count * width);
      if (fill) {
        await fill(start, room);
        return room;
      }
      for (let row = start; row < start + count; ) {
        const step = firstStep + Math.floor(row / paths);
        const token = row % tokens.length;
        const some = tokens.slice(token, token + start + count - row); // of one step and init
        const init = inits[Math.floor((row % paths) / tokens.length)];
        await read({steps: [step, step], inits: [init], tokens: some}, room.subarray((row - start) * width));
        row += some.length;
      }
      return room;
    }
  };
}

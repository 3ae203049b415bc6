import {statesOf, type States} from "../../analysis/states.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import type {SiteSlice} from "../../capture/trace/slice.ts";
import {CHUNK_BYTES} from "../runs/siteRows.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** A slab of a trace as the analysis takes it; throws a Refusal where no step is there. */
export function sliceStates({site, steps, inits, tokens, width, data}: SiteSlice): States {
  if (steps === 0) throw new Refusal(`invalid run: no step of ${site} is written yet; expected at least one`);
  return statesOf({steps, inits, tokens, width}, data);
}

interface ChunkOptions {
  /** Only these tokens; defaults to all. */
  readonly only?: readonly number[];
  /** Only these initial states; defaults to all. */
  readonly inits?: readonly number[];
  /** Bytes of float32 numbers in memory at once; defaults to 256 MiB. */
  readonly most?: number;
}

/** How many tokens of a site are a chunk. */
export function tokensAtOnce(reader: TraceReader, site: string, {most = CHUNK_BYTES}: Pick<ChunkOptions, "most"> = {}): number {
  const {firstStep, lastStep, width} = reader.extentOf(site);
  const bytes = Math.max(1, (lastStep - firstStep + 1) * reader.trace.inits.length * width * Float32Array.BYTES_PER_ELEMENT);
  return Math.max(1, Math.floor(most / bytes));
}

/** Evenly spaced members of a list, at most so many. */
export const evenly = (list: readonly number[], most: number): number[] =>
  list.length <= most ? [...list] : Array.from({length: most}, (_, i) => list[Math.floor((i * list.length) / most)]);

/**
 * The states of a site, some tokens at a time (of `only` these), so that memory stays flat: every chunk lies where the one before it lay.
 * `firstToken` is the place of the chunk's token 0 among them.
 */
export async function* tokenChunks(
  reader: TraceReader,
  site: string,
  {only, inits, most}: ChunkOptions = {}
): AsyncGenerator<{readonly firstToken: number; readonly tokens: readonly number[]; readonly states: States}> {
  const chosen = only ?? Array.from(reader.trace.tokens.keys());
  const size = tokensAtOnce(reader, site, {most});
  let room: Float32Array | undefined;
  for (let first = 0; first < chosen.length; first += size) {
    const tokens = chosen.slice(first, first + size);
    const isAll = tokens.length === reader.trace.tokens.length;
    const slice = await reader.readSite(
      site,
      {...(isAll ? {} : {tokens}), ...(inits && inits.length < reader.trace.inits.length ? {inits} : {})},
      room
    );
    room ??= slice.data;
    yield {firstToken: first, tokens, states: sliceStates(slice)};
  }
}

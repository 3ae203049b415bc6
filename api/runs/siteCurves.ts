import {STATE_MEASURES, type StateMeasure} from "../../analysis/measures/measures.ts";
import {stateCurves} from "../../analysis/measures/stateCurves.ts";
import {blockRowsOf, type Block} from "../../analysis/projections/rowSource.ts";
import {statesOf} from "../../analysis/states.ts";
import {CHUNK_BYTES, type SteppedSite} from "./siteRows.ts";

/** Each [steps, inits, tokens]. */
type SiteCurves = Readonly<Record<StateMeasure, Float32Array>>;

/** The measures of a site's states. */
export async function siteCurves(site: SteppedSite, progress?: (share: number) => void): Promise<SiteCurves> {
  const {curves, blocks} = measuredSite(site, {progress});
  for await (const _ of blocks);
  return curves;
}

interface MeasuredSite {
  /** Whole once all blocks were read. */
  readonly curves: SiteCurves;
  /** Every row of `rowsOfSite` once, some tokens at a time, so that memory holds those and the curves. */
  readonly blocks: AsyncIterable<Block>;
}

interface MeasuringOptions {
  /** Bytes of states in memory at once; defaults to 256 MiB. */
  readonly most?: number;
  /** Told the share of the tokens that are measured. */
  readonly progress?: (share: number) => void;
}

/** A site's states to be read once, which are measured meanwhile. */
export function measuredSite(site: SteppedSite, options: MeasuringOptions = {}): MeasuredSite {
  const rows = site.inits.length * (site.lastStep - site.firstStep + 1);
  const curves = Object.fromEntries(
    STATE_MEASURES.map((name) => [name, new Float32Array(rows * site.tokens.length)])
  ) as unknown as SiteCurves;
  return {curves, blocks: measuring(site, curves, options)};
}

async function* measuring(
  {firstStep, lastStep, inits, tokens, width, read}: SteppedSite,
  curves: SiteCurves,
  {most = CHUNK_BYTES, progress}: MeasuringOptions
): AsyncGenerator<Block> {
  const steps = lastStep - firstStep + 1;
  const rows = steps * inits.length;
  const atOnce = Math.max(1, Math.floor(most / (Float32Array.BYTES_PER_ELEMENT * rows * width)));
  let room: Float32Array | undefined;
  for (let first = 0; first < tokens.length; first += atOnce) {
    const some = tokens.slice(first, first + atOnce);
    const data = await read({steps: [firstStep, lastStep], inits, tokens: some}, room);
    room ??= data;
    const found = stateCurves(statesOf({steps, inits: inits.length, tokens: some.length, width}, data));
    for (const name of STATE_MEASURES) placeColumns(curves[name], found[name], {rows, tokens: tokens.length, first});
    progress?.((first + some.length) / tokens.length);
    yield* blocksIn(data, {rows, width, first, count: some.length, tokens: tokens.length});
  }
}

interface Columns {
  readonly rows: number;
  /** Of `tokens` those from this one on. */
  readonly first: number;
  readonly tokens: number;
}

/** Some tokens' states, [rows, count, width], as rows that follow one another among those of all tokens. */
function* blocksIn(data: Float32Array, {rows, first, count, tokens, width}: Columns & {count: number; width: number}): Generator<Block> {
  const [slabs, each] = count === tokens ? [1, rows * count] : [rows, count];
  const atOnce = blockRowsOf(width);
  for (let slab = 0; slab < slabs; ++slab)
    for (let from = 0; from < each; from += atOnce) {
      const [at, some] = [slab * each + from, Math.min(atOnce, each - from)];
      yield {start: slab * tokens + first + from, count: some, data: data.subarray(at * width, (at + some) * width)};
    }
}

/** Copies columns, [rows, some tokens], into the whole, [rows, tokens]. */
function placeColumns(whole: Float32Array, some: Float32Array, {rows, tokens, first}: Columns): void {
  const count = some.length / rows;
  for (let row = 0; row < rows; ++row) whole.set(some.subarray(row * count, (row + 1) * count), row * tokens + first);
}

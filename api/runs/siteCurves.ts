import {STATE_MEASURES, type StateMeasure} from "../../analysis/measures/measures.ts";
import {stateCurves} from "../../analysis/measures/stateCurves.ts";
import {statesOf} from "../../analysis/states.ts";
import {CHUNK_BYTES, type SteppedSite} from "./siteRows.ts";

/** The measures of a site's states, each [steps, inits, tokens]. Some tokens are read at a time, so that memory holds those and the curves. */
export async function siteCurves(
  site: SteppedSite,
  progress?: (share: number) => void
): Promise<Readonly<Record<StateMeasure, Float32Array>>> {
  const {firstStep, lastStep, inits, tokens, width, read} = site;
  const steps = lastStep - firstStep + 1;
  const rows = steps * inits.length;
  const curves = Object.fromEntries(STATE_MEASURES.map((name) => [name, new Float32Array(rows * tokens.length)]));
  const atOnce = Math.max(1, Math.floor(CHUNK_BYTES / (Float32Array.BYTES_PER_ELEMENT * rows * width)));
  let room: Float32Array | undefined;
  for (let first = 0; first < tokens.length; first += atOnce) {
    const some = tokens.slice(first, first + atOnce);
    const data = await read({steps: [firstStep, lastStep], inits, tokens: some}, room);
    room ??= data;
    const found = stateCurves(statesOf({steps, inits: inits.length, tokens: some.length, width}, data));
    for (const name of STATE_MEASURES) placeColumns(curves[name], found[name], {rows, tokens: tokens.length, first});
    progress?.(Math.min(1, (first + atOnce) / tokens.length));
  }
  return curves as Record<StateMeasure, Float32Array>;
}

/** Copies columns, [rows, some tokens], into the whole, [rows, tokens]. */
function placeColumns(
  whole: Float32Array,
  some: Float32Array,
  {rows, tokens, first}: {readonly rows: number; readonly tokens: number; readonly first: number}
): void {
  const count = some.length / rows;
  for (let row = 0; row < rows; ++row) whole.set(some.subarray(row * count, (row + 1) * count), row * tokens + first);
}

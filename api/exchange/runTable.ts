import {distanceToLast} from "../../analysis/measures/distanceToLast.ts";
import {stepCosine} from "../../analysis/measures/stepCosine.ts";
import {stepNorm} from "../../analysis/measures/stepNorm.ts";
import {fitPcaSource, type SourcePca} from "../../analysis/projections/sourcePca.ts";
import {seededRandom} from "../../analysis/random.ts";
import {statesOf} from "../../analysis/states.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {rowsOfSite, steppedSite, type Part, type SteppedSite} from "../runs/siteRows.ts";

/** What to put into a table of a run. */
export interface RunTableOptions extends Part {
  /** Which site's states to measure and to project; defaults to `state`. */
  readonly site?: string;
  /** How many principal components, 0 for none; defaults to 3, and is at most the width. */
  readonly components?: number;
}

/** A column of numbers, one a row; NaN where it is not defined. */
export interface NumberColumn {
  readonly name: string;
  readonly whole: boolean;
  readonly values: Float32Array;
}

/** A run as a table with one row for each step, init and token, in this order. */
export interface RunTable {
  readonly site: string;
  readonly firstStep: number;
  readonly steps: number;
  readonly inits: readonly number[];
  readonly tokens: readonly number[];
  readonly rows: number;
  /**
   * step_norm, step_cosine, distance (to the last step written, relative), then of the readout entropy, kl_prev, kl_final, target_logprob,
   * top1_id and top1_logprob where the run has them, then pc1, pc2, …
   */
  readonly columns: readonly NumberColumn[];
  /** How the components were made; undefined where none were asked for. */
  readonly pca: Pick<SourcePca, "explained" | "fittedOn"> | undefined;
}

/** Measures a run step by step, so that memory holds three steps and the table, never the run. */
export async function runTable(
  reader: TraceReader,
  {site: name = "state", components = 3, ...part}: RunTableOptions = {}
): Promise<RunTable> {
  const site = await steppedSite(reader, name, part);
  const {firstStep, lastStep, inits, tokens} = site;
  const steps = lastStep - firstStep + 1;
  const measures = await measuresOf(site);
  const readout = await readoutOf(reader, site);
  const pca =
    components > 0
      ? await fitPcaSource(rowsOfSite(site), {components: Math.min(components, site.width), random: seededRandom(0), scores: true})
      : undefined;
  return {
    site: name,
    firstStep,
    steps,
    inits,
    tokens,
    rows: steps * inits.length * tokens.length,
    columns: [...measures, ...readout, ...(pca ? scoreColumns(pca) : [])],
    pca: pca && {explained: pca.explained, fittedOn: pca.fittedOn}
  };
}

/** Where a row of a table lies: the step, and the indices of init and token in the run. */
export function placeOf({firstStep, inits, tokens}: RunTable, row: number): {step: number; init: number; token: number} {
  const path = row % (inits.length * tokens.length);
  return {
    step: firstStep + Math.floor(row / (inits.length * tokens.length)),
    init: inits[Math.floor(path / tokens.length)],
    token: tokens[path % tokens.length]
  };
}

async function measuresOf(site: SteppedSite): Promise<NumberColumn[]> {
  const {firstStep, lastStep, inits, tokens, width} = site;
  const perStep = inits.length * tokens.length;
  const columns = ["step_norm", "step_cosine", "distance"].map((name) => ({
    name,
    whole: false,
    values: new Float32Array((lastStep - firstStep + 1) * perStep)
  }));
  const [norms, cosines, distances] = columns;
  const last = await site.slab(lastStep);
  const slabs: Float32Array[] = [];
  for (let step = firstStep; step <= lastStep; ++step) {
    slabs.push(step === lastStep ? last : await site.slab(step));
    if (slabs.length > 3) slabs.shift(); // the longest memory is the cosine's: three states
    const put = (column: NumberColumn, measure: typeof stepNorm, window: readonly Float32Array[], row: number): void => {
      const data = new Float32Array(window.length * perStep * width);
      window.forEach((slab, i) => data.set(slab, i * perStep * width));
      const curve = measure(statesOf({steps: window.length, inits: inits.length, tokens: tokens.length, width}, data));
      column.values.set(curve.subarray(row * perStep, (row + 1) * perStep), (step - firstStep) * perStep);
    };
    put(norms, stepNorm, slabs.slice(-2), Math.min(1, slabs.length - 1));
    put(cosines, stepCosine, slabs, slabs.length - 1);
    put(distances, distanceToLast, [slabs.at(-1)!, last], 0);
  }
  return columns;
}

async function readoutOf(reader: TraceReader, {firstStep, inits, tokens}: SteppedSite): Promise<NumberColumn[]> {
  const readout = await reader.readReadout();
  if (!readout) return [];
  const columns: NumberColumn[] = [];
  const add = (name: string, tensor: string, whole = false): void => {
    const {
      shape: [rows, allInits, allTokens, depth = 1],
      data
    } = readout[tensor] ?? {shape: [0]};
    if (rows === 0) return;
    const values: number[] = [];
    for (let step = firstStep; step < rows; ++step)
      for (const init of inits) for (const token of tokens) values.push(data[((step * allInits + init) * allTokens + token) * depth]);
    columns.push({name, whole, values: Float32Array.from(values)});
  };
  for (const name of ["entropy", "kl_prev", "kl_final", "target_logprob"]) add(name, name);
  add("top1_id", "top_ids", true);
  add("top1_logprob", "top_logprobs");
  return columns;
}

function scoreColumns({scores}: SourcePca): NumberColumn[] {
  const {rows, cols, data} = scores!; // they were asked for
  return Array.from({length: cols}, (_, k) => ({
    name: `pc${k + 1}`,
    whole: false,
    values: Float32Array.from({length: rows}, (_, row) => data[row * cols + k])
  }));
}

import {STATE} from "../../capture/model/site.ts";
import {TOP_IDS, TOP_LOGPROBS} from "../../capture/trace/readoutNames.ts";
import {READOUT_MEASURES} from "../../analysis/measures/measures.ts";
import {atTheirRows, onFiniteRows} from "../../analysis/projections/finiteRows.ts";
import {fitPcaSource, mostPasses, type SourcePca} from "../../analysis/projections/sourcePca.ts";
import {seededRandom} from "../../analysis/random.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {measuredSite, siteCurves} from "../runs/siteCurves.ts";
import {rowsOfSite, steppedSite, type Part, type SteppedSite} from "../runs/siteRows.ts";
import type {Telling} from "./telling.ts";

/** What to put into a table of a run. */
export interface RunTableOptions extends Part {
  /** Which site's states to measure and to project; defaults to `state`. */
  readonly site?: string;
  /** How many principal components, 0 for none; defaults to 3, and is at most the width. */
  readonly components?: number;
}

/** A column of numbers, one a row; NaN where it is not defined. */
interface NumberColumn {
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
   * The measures of states (the distance is to the last step written), then those of the readout, top1_id and top1_logprob where the run
   * has them, then pc1, pc2, …
   */
  readonly columns: readonly NumberColumn[];
  /** How the components were made; undefined where none were asked for. */
  readonly pca: Pick<SourcePca, "explained" | "fittedOn" | "axisErrors"> | undefined;
}

/** One for each step, init and token. */
export const tableRows = ({firstStep, lastStep, inits, tokens}: SteppedSite): number =>
  (lastStep - firstStep + 1) * inits.length * tokens.length;

/** Reads a run some tokens at a time, so that memory holds those and the table, never the run; one of more than 2 GiB of states, whose rows are all finite and at most five million, once. */
export async function runTable(
  reader: TraceReader,
  {site: name = STATE, components = 3, progress, ...part}: RunTableOptions & Telling = {}
): Promise<RunTable> {
  const site = await steppedSite(reader, name, part);
  const {firstStep, lastStep, inits, tokens} = site;
  const steps = lastStep - firstStep + 1;
  const {curves, pca} = components > 0 ? await withComponents(site, components, progress) : {curves: await siteCurves(site, progress)};
  const measures = Object.entries(curves).map(([measure, values]) => ({name: measure, whole: false, values}));
  const readout = await readoutOf(reader, site);
  return {
    site: name,
    firstStep,
    steps,
    inits,
    tokens,
    rows: tableRows(site),
    columns: [...measures, ...readout, ...(pca ? scoreColumns(pca) : [])],
    pca: pca && {explained: pca.explained, fittedOn: pca.fittedOn, axisErrors: pca.axisErrors}
  };
}

/** The measures, and a basis of the rows that are finite with the scores of all, NaN for the others: the first pass is the one that measures. */
async function withComponents(site: SteppedSite, components: number, progress: Telling["progress"]) {
  const source = rowsOfSite(site);
  const {curves, blocks} = measuredSite(site);
  const {found, rows} = await onFiniteRows(source, (finite) =>
    fitPcaSource(finite, {
      ...{components: Math.min(components, site.width), random: seededRandom(0), scores: true},
      firstRead: finite === source ? blocks : undefined,
      progress: progress && ((pass, share) => progress((pass - 1 + share) / (mostPasses(finite) + 1)))
    })
  );
  progress?.(1); // passes are as many as it takes
  return {
    curves: rows ? await siteCurves(site) : curves, // the reading ended at the first row that is not finite
    pca: {...found, scores: found.scores && atTheirRows(found.scores, rows, source.rows)}
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
  for (const name of READOUT_MEASURES) add(name, name);
  add("top1_id", TOP_IDS, true);
  add("top1_logprob", TOP_LOGPROBS);
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

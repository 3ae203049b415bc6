import {readFile, writeFile} from "node:fs/promises";
import {matrixOf, rowOf, type Matrix} from "../../analysis/matrix.ts";
import {blocksOf} from "../../analysis/projections/rowSource.ts";
import {fitPcaSource} from "../../analysis/projections/sourcePca.ts";
import {trustworthiness} from "../../analysis/projections/trustworthiness.ts";
import {reducedRows, umapProjection} from "../../analysis/projections/umap.ts";
import {umapEngines, type UmapEngine} from "../../analysis/projections/umapLayout.ts";
import {seededRandom} from "../../analysis/random.ts";
import {openRows, type RowFile} from "./rowFile.ts";

/** What UMAP lays out of a file of rows. */
export const reducedPath = ({path}: RowFile): string => `${path}.reduced`;
/** A peer's picture of it. */
export const pointsPath = ({path}: RowFile): string => `${path}.points`;

interface MeasureOptions {
  readonly components: number;
  readonly maxPasses: number;
  /** Where to write what was found: variance and axis, float64, for each component. */
  readonly axes?: string;
}

type Measurement = (file: RowFile, options: MeasureOptions) => Promise<object>;

const umapMeasurement =
  (engine: UmapEngine): Measurement =>
  (file) =>
    clocked(async () => {
      const source = await openRows(file);
      const picture = await umapProjection(source, {seed: 0, engine});
      await source.close();
      const {trustworthiness, standardError} = picture.trust;
      return {trustworthiness, standardError, recall: picture.neighbourRecall};
    });

/** What is measured of a file of rows, by name; each in a process of its own, so that its memory is its own. */
export const measurements: Readonly<Record<string, Measurement>> = {
  read: (file) =>
    clocked(async () => {
      const source = await openRows(file);
      let read = 0;
      for (let time = 0; time < 2; ++time) for await (const block of blocksOf(source)) read += block.count;
      await source.close();
      return {read};
    }),
  pca: async (file, {components, maxPasses, axes}) => {
    const {pca, ...figures} = await clocked(async () => {
      const source = await openRows(file);
      const pca = await fitPcaSource(source, {components, maxPasses, random: seededRandom(0), scores: true});
      await source.close();
      return {pca};
    });
    if (axes) await writeFile(axes, Float64Array.from(pca.variances.flatMap((variance, k) => [variance, ...rowOf(pca.axes, k)])));
    return {...figures, passes: pca.passes, axisError: Math.max(...pca.axisErrors), varianceError: Math.max(...pca.varianceErrors)};
  },
  /** Writes what UMAP lays out. */
  reduce: (file) =>
    clocked(async () => {
      const source = await openRows(file);
      const {rows} = await reducedRows(source, {seed: 0});
      await source.close();
      await writeFile(reducedPath(file), bytesOf(rows.data));
      return {cols: rows.cols};
    }),
  /** Of the points that a peer wrote, as our own picture's is measured. */
  trust: (file) =>
    clocked(async () => {
      const [space, picture] = await Promise.all([reducedPath(file), pointsPath(file)].map((path) => matrixIn(path, file.rows)));
      const {trustworthiness: mean, standardError} = trustworthiness(space, picture, {random: seededRandom(0)});
      return {trustworthiness: mean, standardError};
    }),
  ...Object.fromEntries(umapEngines.map((engine) => [`umap-${engine}`, umapMeasurement(engine)]))
};

const bytesOf = ({buffer, byteOffset, byteLength}: Float32Array): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);

async function matrixIn(path: string, rows: number): Promise<Matrix> {
  const {buffer, byteOffset, byteLength} = await readFile(path);
  const data = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
  return matrixOf(rows, data.length / rows, data);
}

async function clocked<T extends object>(work: () => Promise<T>): Promise<T & {seconds: number; cpu: number; megabytes: number}> {
  const start = performance.now();
  const before = process.cpuUsage();
  const found = await work();
  const {user, system} = process.cpuUsage(before);
  return {
    ...found,
    seconds: (performance.now() - start) / 1e3,
    cpu: (user + system) / 1e6,
    megabytes: process.resourceUsage().maxRSS / 1024
  };
}
